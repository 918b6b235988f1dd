# SPDX-License-Identifier: Apache-2.0
"""How scripts begin and where they stand: the one way to the checkout, the caller's place, the tool's own reason."""
import posixpath
import re

from tree import Finding

NAME = "scripts"
ABOUT = ("a script begins with scripts/here.sh or scripts/here.py, stays where its caller stands, throws no tool's "
         "reason away")

_FOLDERS = ("scripts", "ci", ".ci")
_SHELLS = re.compile(r"#!.*\b(?:ba|da|k|z)?sh\b")
_BASH, _PYTHON = "#!/bin/bash -p", "#!/usr/bin/python3 -IB"
_LEAVES = re.compile(r"^\s*(?:[^#'\"(]*(?:&&|\|\||;|\bthen|\bdo)\s*)?(?:cd|pushd)\s")
_OWN_PLACE = re.compile(r"BASH_SOURCE|\bdirname\b[^|;&]*\$\{?0\b|\$\{0%|\bpwd\b(?! -)|__file__")
_THROWN_AWAY = re.compile(r"2>\s*/dev/null|&>\s*/dev/null|>\s*/dev/null 2>&1|stderr=(?:subprocess\.)?DEVNULL")
_HOST_PYTHON = re.compile(r"(?<![\w/.-])python3?(?![\w/.-])(?=\s+(?:-|\S+\.py|\"?\$))")
_EXCUSE = re.compile(r"#\s*(no argument is a path|no reason:)\s*\S*")


def check(tree):
    for path in tree.under(*_FOLDERS):
        lines = tree.lines(path)
        first = lines[0] if lines else ""
        if first.startswith("#!"):
            yield from (_bash if _SHELLS.match(first) else _python)(path, lines)
        elif path.endswith(".sh") and path.startswith("scripts/") and path != "scripts/here.sh":
            yield from _places(path, lines, 1)


def _way(path):
    return posixpath.relpath("scripts", posixpath.dirname(path))


def _bash(path, lines):
    way = _way(path)
    expected = f'. "$(dirname -- "$(readlink -f -- "$0")")/{"" if way == "." else way + "/"}here.sh"'
    yield from _beginning(path, lines, _BASH, expected, lambda line: not line.startswith("#") and line.strip())
    yield from _places(path, lines, next((n for n, line in enumerate(lines, 1) if line == expected), 0))


def _places(path, lines, after):
    for number, line in enumerate(lines, 1):
        if number == after or line.lstrip().startswith("#") or _EXCUSE.search(line):
            continue
        if _LEAVES.match(line):
            yield Finding(path, number, NAME, "leaves the caller's place, and a path among the arguments means another "
                          "file; use in_root or ( cd ... ), or say `# no argument is a path`")
        if _OWN_PLACE.search(line):
            yield Finding(path, number, NAME, "looks for its own place; use $root of scripts/here.sh")
        if _HOST_PYTHON.search(line):
            yield Finding(path, number, NAME, "takes whatever python3 is first in the path; call /usr/bin/python3 -IB")
        yield from _reason(path, number, line)


def _python(path, lines):
    way = posixpath.relpath("scripts", path)  # from the script itself
    expected = f'sys.path.insert(0, os.path.realpath(__file__ + "/{way}"))'
    code = _after_documentation(lines)
    yield from _beginning(path, lines, _PYTHON, expected,
                          lambda line: line.strip() and line not in ("import os", "import sys"), code)
    number = next((n for n, line in enumerate(lines, 1) if line == expected), 0)
    if number and not (len(lines) > number and re.match(r"(?:from here import|import here\b)", lines[number])):
        yield Finding(path, number + 1, NAME, "does not import here next; it starts the script in a known environment")
    for n, line in enumerate(lines, 1):
        if n != number and "__file__" in line:
            yield Finding(path, n, NAME, "looks for its own place; use ROOT of scripts/here.py")
        if not _EXCUSE.search(line):
            yield from _reason(path, n, line)


def _after_documentation(lines):
    """The number of the line from which code stands: behind the comments and the string at the top."""
    quotes = [n for n, line in enumerate(lines, 1) if '"""' in line]
    if quotes and all(line.startswith("#") for line in lines[:quotes[0] - 1]):
        return quotes[0] + 1 if lines[quotes[0] - 1].count('"""') == 2 else (quotes[1] if len(quotes) > 1 else 1) + 1
    return 2


def _beginning(path, lines, shebang, expected, counts, begin=2):
    if lines[0] != shebang:
        yield Finding(path, 1, NAME,
                      f"begins with '{lines[0]}'; write '{shebang}', which reads nobody's start-up files")
    first = next((n for n in range(begin, len(lines) + 1) if counts(lines[n - 1])), len(lines))
    if lines[first - 1] != expected:
        yield Finding(path, first, NAME, f"its first command is not '{expected}'; begin with that")


def _reason(path, number, line):
    if _THROWN_AWAY.search(line):
        yield Finding(path, number, NAME, "throws the tool's own reason away; keep it and show it when the tool fails, "
                      "or say `# no reason: WHY`")
