# SPDX-License-Identifier: Apache-2.0
"""Lines that two systems have in the same order: what is the same for both belongs into a folder `common`.

Comments, includes, empty lines and lines of brackets alone do not count; the spaces of a line do not matter.
"""
import re

from cpp import without_comments
from tree import CPP, Finding

NAME = "twins"
ABOUT = "no run of 10 lines is the same in two systems, or in a system and in what is common"

RUN = 10
_PASSED_OVER = re.compile(r"[\s{}()\[\];,]*|#\s*(?:include|pragma)\b.*")


def check(tree):
    files = {path: _lines(tree.text(path)) for path in tree.under("scenarios", "impls", suffixes=CPP)}
    places = {}  # a run's text --> where it begins
    for path, lines in files.items():
        for at in range(len(lines) - RUN + 1):
            places.setdefault(tuple(line for _, line in lines[at:at + RUN]), []).append((path, at))
    for found in places.values():
        for i, later in enumerate(found):
            for earlier in found[:i]:
                if _owner(earlier[0]) != _owner(later[0]) and _begins(files, earlier, later):
                    yield _finding(files, earlier, later)


def _owner(path):
    """`scenarios/raft/wire/x.h` and `impls/raft/shm/x.h` are both of raft."""
    return path.split("/")[1]


def _lines(text):
    """(number, line) of all that counts."""
    numbered = enumerate(without_comments(text, literals=True).splitlines(), 1)
    return [(number, " ".join(line.split())) for number, line in numbered if not _PASSED_OVER.fullmatch(line)]


def _begins(files, earlier, later):
    """Whether the lines in front of both differ: a longer run is told once."""
    (a, i), (b, k) = earlier, later
    return i == 0 or k == 0 or files[a][i - 1][1] != files[b][k - 1][1]


def _finding(files, earlier, later):
    (a, i), (b, k) = earlier, later
    size = 0
    while i + size < len(files[a]) and k + size < len(files[b]) and files[a][i + size][1] == files[b][k + size][1]:
        size += 1
    return Finding(b, files[b][k][0], NAME,
                   f"the same {size} lines stand in {a}:{files[a][i][0]}; put them into a folder `common`")
