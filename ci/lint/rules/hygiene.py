# SPDX-License-Identifier: Apache-2.0
"""What must stand in every file (the licence), and what must stand in none."""
import re

from tree import Finding

NAME = "hygiene"
ABOUT = "the licence line comes first; no machine's paths, registry hosts, issue numbers or marks of unfinished work"

_LICENCE = "SPDX-License-Identifier: Apache-2.0"
_LICENSED = (".h", ".hpp", ".cc", ".cpp", ".c", ".py", ".sh", ".cmake", ".map", ".yml", ".yaml", ".css", ".html",
             ".js", "CMakeLists.txt")

# Written in pieces, so that this file is as clean as the others.
_HOSTS = [".".join(parts) for parts in (
    ("crates", "io"), ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("quay", "io"),
    ("proxy.golang", "org"), ("docker", "io"), ("ghcr", "io"), ("rubygems", "org"), ("deb.debian", "org"),
    ("security.debian", "org"), ("archive.ubuntu", "com"), ("maven", "org"), ("conan", "io"), ("anaconda", "org"))]
_MACHINE = "a path of one machine; derive it from the file's own place"
_UNFINISHED = "a mark of unfinished work; finish it, or say what is so and why"
_BANNED = (
    (re.compile(r"(?<![\w.\-/>})~])/(?:work|home|root)\b(?!-)"), _MACHINE),
    (re.compile(r"\$\{?HOME\b"), _MACHINE),
    (re.compile(r"(?<![\w-])(?:[\w-]+\.)*(?:" + "|".join(map(re.escape, _HOSTS)) + r")\b"),
     "a registry's host; leave it to the machine's set-up"),
    (re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b"), _UNFINISHED),
    (re.compile(r"\bplace[-]?holder(?!=[\"'])|\bfor[ ]now\b", re.I), _UNFINISHED),
    (re.compile(r"\b(?:issue|pull request|PR)s?(?: #?|#)\d+\b", re.I), "the number of an issue; say it in words"),
)


def check(tree):
    for path in tree.paths:
        text = tree.text(path)
        if text and path.rpartition("/")[2] != "LICENSE":
            yield from _licence(path, text)
            for number, line in enumerate(text.splitlines(), 1):
                for pattern, what in _BANNED:
                    if m := pattern.search(line):
                        yield Finding(path, number, NAME, f"'{m[0]}' is {what}")


def _licence(path, text):
    lines = text.splitlines()
    is_script = lines[0].startswith("#!")
    if not is_script and not path.removesuffix(".in").endswith(_LICENSED):
        return
    first = lines[1] if is_script and len(lines) > 1 else lines[0]
    if _LICENCE not in first:
        yield Finding(path, 2 if is_script else 1, NAME, f"does not begin with '{_LICENCE}'; write that comment first")
