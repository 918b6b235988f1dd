# SPDX-License-Identifier: Apache-2.0
"""A planted bug names what is there: the source that it changes, the test or law that must turn red, and its run."""
import re

from tree import Finding, line_of

NAME = "plants"
ABOUT = "a planted bug changes a source that is there, and expects and runs a test or a law that is there"

_FOLDER = "property_tests/plants"
_SOURCE = re.compile(r"^--- a/(\S+)$", re.M)
_EXPECT = re.compile(r"^# expect: (\w+):? .*?(\S+)$", re.M)
_FILTERED = re.compile(r'^# run: test_\w+ "([^"]*)"', re.M)
_RUN = re.compile(r"^# run: (\S+)", re.M)
_LAW = re.compile(r"^# run: .*--law (\w+)", re.M)


def check(tree):
    plants = tree.under(_FOLDER, suffixes=".patch")
    if not plants:
        return
    tests = "\n".join(tree.text(p) for p in tree.under("property_tests", suffixes=".cc"))
    laws = set(re.findall(r"\blaw_of<(?:\w+::)*(\w+)", "\n".join(tree.text(p) for p in tree.under("scenarios"))))
    for path in plants:
        yield from _plant(tree, path, tree.text(path), tests, laws)


def _plant(tree, path, text, tests, laws):
    def finding(at, what):
        return Finding(path, line_of(text, at), NAME, what)

    for m in _SOURCE.finditer(text):
        if not tree.has_file(m[1]):
            yield finding(m.start(), f"there is no {m[1]}; name the file where that code is now")
    for m in _EXPECT.finditer(text):
        kind, word = m[1], m[2]
        if kind == "test" and word.endswith("_test") and not word.startswith("test_"):
            if not any(p.endswith(f"/{word}.cc") for p in tree.under("property_tests", suffixes="_test.cc")):
                yield finding(m.start(), f"there is no test {word}.cc; name the test that turns red")
        if kind == "law" and word not in laws:
            yield finding(m.start(), f"there is no law '{word}'; name the law that turns red")
    for m in _RUN.finditer(text):
        # A program with a path is taken for a script, and not built again: what was planted is not in it.
        if "/" in m[1] and not m[1].startswith(("../../", "/usr/bin/")):
            yield finding(m.start(), f"name the program without a folder: {m[1].rsplit('/', 1)[1]}")
    for m in _LAW.finditer(text):
        if m[1] not in laws:
            yield finding(m.start(), f"there is no law '{m[1]}'; run one that is there")
    for m in _FILTERED.finditer(text):
        for name in _names(m[1]):
            if name not in tests:
                yield finding(m.start(), f"no test's name has '{name}'; run one that is there")


def _names(pattern):
    """The literal parts of a Catch2 filter; tags are left out."""
    for one in re.sub(r"\[[^\]]*\]", "", pattern).split(","):
        yield from (part for part in one.replace("~", "").split("*") if part.strip())
