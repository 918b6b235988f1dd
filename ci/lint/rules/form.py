# SPDX-License-Identifier: Apache-2.0
"""C++ is in the form that clang-format gives it.

The form is that of version 14; other versions break lines in other places, and are not asked.
"""
import functools
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tree import CPP, LAYERS, Finding

NAME = "form"
ABOUT = "sources are as clang-format 14 leaves them (scripts/format does it)"

_STYLE = "BasedOnStyle: Google\nColumnLimit: 120\n"
_FOUND = re.compile(r"^(.+?):(\d+):\d+: (?:warning|error): code should be clang-formatted", re.M)


@functools.cache
def _formatter():
    for name in ("clang-format-14", "clang-format"):
        path = shutil.which(name)
        if path and " version 14." in subprocess.run([path, "--version"], capture_output=True, text=True,
                                                     check=False).stdout:
            return path
    return None


def could_not():
    """Why nothing can be said, or nothing."""
    return "" if _formatter() else "clang-format 14 is not here"


def check(tree):
    paths = tree.under(*LAYERS, suffixes=CPP)
    if could_not() or not paths:
        return
    with tempfile.TemporaryDirectory() as folder:
        texts = {".clang-format": tree.text(".clang-format") if tree.has_file(".clang-format") else _STYLE}
        for path, text in {**texts, **{p: tree.text(p) for p in paths}}.items():
            to = Path(folder, path)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(text, encoding="utf-8")
        said = subprocess.run([_formatter(), "--dry-run", "--ferror-limit=1", *paths], cwd=folder, capture_output=True,
                              text=True, check=False).stderr
    firsts = {}
    for m in _FOUND.finditer(said):
        firsts.setdefault(m[1], int(m[2]))
    for path, line in firsts.items():
        yield Finding(path, line, NAME, "is not in form from here on; run scripts/format")
