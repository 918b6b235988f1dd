# SPDX-License-Identifier: Apache-2.0
"""The files that a lint looks at: those of the repository on disk, or those that a test makes up."""
import fnmatch
import os
import re
from dataclasses import dataclass
from pathlib import Path

LAYERS = ("harness", "scenarios", "impls", "property_tests")  # each may include itself and what stands before it
CPP = (".h", ".hpp", ".cc", ".cpp", ".c")
_DOT_FOLDERS = (".ci", ".github")  # the only folders with a leading dot that hold sources


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong, and what to do instead."""
    path: str
    line: int
    rule: str
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


class Tree:
    """Files by path from the root. Text of a binary file is empty. Nothing changes after construction."""

    def __init__(self, texts, executable=()):
        self._texts = dict(texts)
        self._executable = frozenset(executable)
        self.paths = sorted(self._texts)
        self.folders = {path[:m.start()] for path in self.paths for m in re.finditer("/", path)}

    @staticmethod
    def from_disk(root):
        """Everything below `root` that .gitignore does not name."""
        root, texts, executable = Path(root), {}, set()
        ignored = _ignored(root / ".gitignore")
        for folder, names, files in os.walk(root):
            here = Path(folder).relative_to(root).as_posix()
            here = "" if here == "." else here + "/"
            names[:] = [n for n in names if n in _DOT_FOLDERS or not (n.startswith(".") or ignored(here + n, True))]
            for name in files:
                if ignored(here + name, False) or not (root / here / name).is_file():
                    continue
                content = (root / here / name).read_bytes()
                texts[here + name] = "" if b"\0" in content[:4096] else content.decode("utf-8", "replace")
                if os.access(root / here / name, os.X_OK):
                    executable.add(here + name)
        return Tree(texts, executable)

    def text(self, path):
        return self._texts[path]

    def lines(self, path):
        return self._texts[path].splitlines()

    def under(self, *folders, suffixes=()):
        """Paths of files in these folders, at any depth, with one of the suffixes if there are any."""
        starts = tuple(f + "/" for f in folders)
        return [p for p in self.paths if p.startswith(starts) and (not suffixes or p.endswith(suffixes))]

    def has_file(self, path):
        return path in self._texts

    def exists(self, path):
        return path in self._texts or path.rstrip("/") in self.folders

    def matches(self, pattern):
        """Whether a file or folder matches; `*` stays within one part of a path."""
        parts = pattern.rstrip("/").split("/")
        return any(len(candidate) == len(parts) and all(map(fnmatch.fnmatchcase, candidate, parts))
                   for candidate in (p.split("/") for p in (*self.paths, *self.folders)))

    def is_executable(self, path):
        return path in self._executable

    def designs(self):
        """(system, name) of every folder impls/<system>/<design>."""
        parts = (p.split("/") for p in self.under("impls"))
        return sorted({(p[1], p[2]) for p in parts if len(p) > 3 and p[1] != "common" and p[2] != "common"})


def _ignored(gitignore):
    """A function of path and whether it is a folder, for the simple patterns: /top/ anywhere/ *.suffix."""
    lines = gitignore.read_text(encoding="utf-8").split() if gitignore.is_file() else []
    patterns = [line for line in lines if not line.startswith("#")]

    def ignored(path, is_folder):
        for pattern in patterns:
            if pattern.endswith("/") and not is_folder:
                continue
            subject = path if pattern.startswith("/") else path.rsplit("/", 1)[-1]
            if fnmatch.fnmatchcase(subject, pattern.strip("/")):
                return True
        return False

    return ignored


def line_of(text, position):
    """The line number, from 1, of a position in a text."""
    return text.count("\n", 0, position) + 1


_EXCUSE = re.compile(r"//\s*not payload:\s*\S")


def is_excused(lines, number):
    """Whether line `number` (from 1), or a comment on the line before it, says `// not payload: REASON`."""
    before = lines[number - 2].strip() if number > 1 else ""
    return bool(_EXCUSE.search(lines[number - 1]) or _EXCUSE.match(before))
