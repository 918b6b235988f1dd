# SPDX-License-Identifier: Apache-2.0
"""Results are structs; JSON is read where a process ends or a file begins."""
import re

from cpp import without_comments
from tree import CPP, Finding, line_of

NAME = "typed_results"
ABOUT = ("in harness/ a value of JSON is read by its key in a file *_json.cc alone, and verdicts are not compared as "
         "text: everything else works on structs")

_BOUNDARY = re.compile(r"(?:_|/)json\.(?:cc|h)$")
# In text without comments and contents of strings.
_READ = re.compile(r'\[\s*"[^"]*"\s*\]')
_VERDICT = r"\bto_string\((?:law_)?verdict::\w+\)"
_AS_TEXT = re.compile(rf"[!=]=\s*{_VERDICT}|{_VERDICT}\s*[!=]=")


def check(tree):
    for path in tree.under("harness", suffixes=CPP):
        if _BOUNDARY.search(path):
            continue
        text = without_comments(tree.text(path))
        for m in _READ.finditer(text):
            yield Finding(path, line_of(text, m.start()), NAME,
                          "a read by key; parse it into a struct in a file *_json.cc")
        for m in _AS_TEXT.finditer(text):
            yield Finding(path, line_of(text, m.start()), NAME, "a comparison of words; compare the values")
