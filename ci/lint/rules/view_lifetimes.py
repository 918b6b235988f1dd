# SPDX-License-Identifier: Apache-2.0
"""Who is handed a view must be able to read how long it lives."""
import re

from cpp import functions
from tree import Finding

NAME = "view_lifetimes"
ABOUT = "in headers of impls/ and scenarios/ a function that returns a view says `VALID UNTIL:` above it or on its line"

MARK = "VALID UNTIL:"
_VIEW = r"(?:std::span\s*<|\b(?:\w+::)?(?:basic_|u8)?string_view\b|\bbytes_view\b"
_ALIAS = re.compile(r"^\s*using\s+(\w+)\s*=\s*(?:std::span\s*<|std::(?:basic_)?string_view\b)", re.M)
_BYTES = re.compile(r"(?:const )?(?:std::byte|char|(?:un)?signed char|(?:std::)?uint8_t|void|std::string"
                    r"|std::(?:vector|array)<(?:std::byte|char|unsigned char|std::uint8_t)\b.*>)"
                    r"(?: const)? ?[*&](?:[*&]| const)?$")


def check(tree):
    headers = tree.under("impls", "scenarios", suffixes=".h")
    aliases = sorted({m[1] for p in headers for m in _ALIAS.finditer(tree.text(p))})
    view = re.compile(_VIEW + "".join(rf"|\b{a}\b" for a in aliases) + ")")
    for path in headers:
        lines = tree.lines(path)
        found = functions(tree.text(path))
        for index, f in enumerate(found):
            what = _what(f, view)
            if what and not _says(lines, found, index):
                yield Finding(path, f.line, NAME, f"{f.name}() returns {what}; say `{MARK} ...` in the comment above")


def _what(f, view):
    """What kind of view a function returns, or None."""
    if re.search(r"\b(?:override|final)\b", f.tail) or f.name.startswith("operator new"):
        return None
    if view.search(f.returns):
        return "a view"
    if re.match(r"const\b[^*]*\*$", f.returns):
        return "a pointer into something that it does not own"
    if _BYTES.match(f.returns):
        return "a pointer to bytes" if "*" in f.returns else "a reference to bytes"
    return None


def _says(lines, found, index):
    """Whether the mark stands on the function's own lines or in the comment above; overloads in a row share one."""
    f = found[index]
    if any(MARK in line.partition("//")[2] for line in lines[f.line - 1:f.head_end]):
        return True
    above = f.line - 2
    if index > 0 and found[index - 1].name == f.name and found[index - 1].end == f.line - 1:
        return _says(lines, found, index - 1)
    while above >= 0 and lines[above].lstrip().startswith("//"):
        if MARK in lines[above]:
            return True
        above -= 1
    return False
