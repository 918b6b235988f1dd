# SPDX-License-Identifier: Apache-2.0
"""What starts threads is found by ci/races: a test by its tag, a law by its mark."""
import re

from tree import Finding

NAME = "threads"
ABOUT = "a test in which threads start is tagged [threads], a law is marked kThreads: ci/races looks there for races"

_STARTS = re.compile(r"\bstd::j?thread\b(?!::)")
_TEST = re.compile(r"^TEST_CASE\(", re.M)
_TESTS = re.compile(r"property_tests/(scenarios|impls|harness/core)/.*_test\.cc")
_LAWS = re.compile(r"scenarios/\w+/laws/\w+\.cc")


def _line(text, place):
    return text.count("\n", 0, place) + 1


def _tests(path, text):
    """A test ends where the next one, or a function at the margin, begins."""
    for start in (m.start() for m in _TEST.finditer(text)):
        end = text.find("\n}\n", start)
        body = text[start:end if end >= 0 else len(text)]
        if _STARTS.search(body) and "[threads]" not in body.split("{", 1)[0]:
            yield Finding(path, _line(text, start), NAME, "starts threads; tag it [threads], so that ci/races runs it")


def check(tree):
    for path in tree.paths:
        if _TESTS.fullmatch(path):
            yield from _tests(path, tree.text(path))
        if _LAWS.fullmatch(path):
            text = tree.text(path)
            found = _STARTS.search(text)
            if found and "kThreads" not in text:
                yield Finding(path, _line(text, found.start()), NAME,
                              "starts threads; mark the law kThreads in its list, so that ci/races asks it")
