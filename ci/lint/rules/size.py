# SPDX-License-Identifier: Apache-2.0
"""Files, functions and lines that are too long to be read."""
import ast

from cpp import functions
from tree import CPP, Finding

NAME = "size"
ABOUT = "files up to 500 lines, functions up to 70, lines up to 120 columns"

FILE_LINES_MAX, FUNCTION_LINES_MAX, COLUMNS_MAX = 500, 70, 120
_DATA = (".json", ".jsonl", ".csv", ".txt", ".svg", ".patch")  # not written by hand, except for CMakeLists.txt


def check(tree):
    for path in _written(tree):
        lines = tree.lines(path)
        if len(lines) > FILE_LINES_MAX:
            yield Finding(path, FILE_LINES_MAX + 1, NAME, f"{len(lines)} lines; cut it up (at most {FILE_LINES_MAX})")
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS_MAX and not _may_be_long(path, line):
                yield Finding(path, number, NAME, f"{len(line)} columns; break the line (at {COLUMNS_MAX})")
        for name, begin, end in _functions(path, tree.text(path)):
            if (count := end - begin + 1) > FUNCTION_LINES_MAX:
                yield Finding(path, begin, NAME, f"{name}() has {count} lines; cut it up (to {FUNCTION_LINES_MAX})")


def _written(tree):
    return [p for p in tree.paths if p.endswith("CMakeLists.txt") or not p.endswith((*_DATA, "LICENSE"))]


def _may_be_long(path, line):
    """Rows of Markdown tables cannot be broken."""
    return path.endswith(".md") and line.lstrip().startswith("|")


def _functions(path, text):
    """(name, first line, last line) of every function."""
    if path.endswith(CPP):
        return [(f.name, f.line, f.end) for f in functions(text)]
    if path.endswith(".py") or text.startswith(("#!/usr/bin/python3", "#!/usr/bin/env python3")):
        try:
            nodes = ast.walk(ast.parse(text))
        except SyntaxError:
            return []
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return [(n.name, n.lineno, n.end_lineno) for n in nodes if isinstance(n, kinds)]
    return []
