# SPDX-License-Identifier: Apache-2.0
"""A size is cut to 32 bits only where somebody says why it fits."""
import re

from cpp import matching, without_comments
from tree import CPP, Finding, line_of

NAME = "narrow_sizes"
ABOUT = "what a container or a number of 64 bits says is cast to 32 bits or fewer only with `// fits: REASON`"

_CAST = re.compile(r"\bstatic_cast<(?:std::)?(?:u?int(?:8|16|32)_t|unsigned(?: int| short)?|int|short|uInt)>\s*\(")
_SIZE = re.compile(r"(?:\.|->)(?:size|length|integer)\(\)|\bload_big\(|\bst_size\b")
_EXCUSE = re.compile(r"//\s*fits:\s*\S")


def check(tree):
    for path in tree.under("harness", "scenarios", "impls", suffixes=CPP):
        plain, lines = without_comments(tree.text(path)), tree.lines(path)
        for m in _CAST.finditer(plain):
            inside = plain[m.end():matching(plain, m.end() - 1)]
            line = line_of(plain, m.start())
            if _SIZE.search(inside) and not _excused(lines, line):
                yield Finding(path, line, NAME,
                              f"{m[0][:-1].strip()} of a size; keep 64 bits, or say `// fits: REASON`")


def _excused(lines, number):
    before = lines[number - 2].strip() if number > 1 else ""
    return bool(_EXCUSE.search(lines[number - 1]) or _EXCUSE.match(before))
