# SPDX-License-Identifier: Apache-2.0
"""Who may know whom: harness <- scenarios <- impls <- property_tests, designs not each other, reports only results."""
import ast
import re
import sys

from cpp import includes
from tree import CPP, LAYERS, Finding

NAME = "dependencies"
ABOUT = "includes point to the same or a lower layer; designs do not know each other; reports import only reports"

_LIBRARIES = ("reports", "matplotlib", "numpy", "jinja2", "markupsafe", "pytest")  # of reports/
_SOURCE_PATH = re.compile(rf"(?<![\w/.-])(?:{'|'.join(LAYERS)})/[\w.]")


def check(tree):
    for path in tree.under(*LAYERS, suffixes=CPP):
        for line, opening, target in includes(tree.text(path)):
            text = _include(tree, path, opening, target)
            if text:
                yield Finding(path, line, NAME, text)
    for path in tree.under("reports", suffixes=".py"):
        yield from _python(path, tree.text(path))


def _include(tree, path, opening, target):
    """What is wrong with this include, or None."""
    layer, _, rest = target.partition("/")
    if layer not in LAYERS:
        if opening == '"' and not any(p.endswith(f"/{target}.in") for p in tree.paths):  # else: generated
            return f'"{target}" does not begin at the root; write "harness/..." (or <...> for a library)'
        return None
    own = path.split("/")[0]
    if LAYERS.index(layer) > LAYERS.index(own):
        return f"{own}/ may not include {layer}/; move what both need into {own}/ or a lower layer"
    if layer == own == "scenarios":
        return _other_system(path, rest)
    if layer == own == "impls":
        return _other_design(path, rest)
    return None


def _other_system(path, rest):
    own, other = path.split("/")[1], rest.split("/")[0]
    if other in ("common", own):
        return None
    if own == "common":
        return f"scenarios/common/ may not know a system; move what it needs out of scenarios/{other}/"
    return f"a system may not include another (scenarios/{other}/); move what both need to scenarios/common/"


def _other_design(path, rest):
    own, other = [*path.split("/")[1:], ""], [*rest.split("/"), ""]
    if other[0] == "common" or (own[0] == other[0] and other[1] in ("common", own[1])):
        return None
    if own[0] == "common" or own[1] == "common":
        return f"impls/{own[0]}/ is shared and may not know impls/{'/'.join(other[:2])}/; pass in what it needs"
    shared = f"impls/{own[0]}/common/" if own[0] == other[0] else "impls/common/"
    return f"a design may not include another (impls/{'/'.join(other[:2])}/); move what both need to {shared}"


def _python(path, text):
    try:
        module = ast.parse(text)
    except SyntaxError as e:
        yield Finding(path, e.lineno or 1, NAME, f"is not Python: {e.msg}; correct it")
        return
    documentation = _documentation(module)
    for node in ast.walk(module):
        for name in _imported(node, path):
            if name not in _LIBRARIES and name not in sys.stdlib_module_names:
                yield Finding(path, node.lineno, NAME, f"reports/ may not import {name}; read result files instead")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            if m := _SOURCE_PATH.search(node.value):
                yield Finding(path, node.lineno, NAME, f"reports/ may not read sources ({m[0]}...); read result files")


def _imported(node, path):
    """The first parts of the names of the modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        if node.level > path.count("/"):
            return ["." * node.level + (node.module or "")]
        return [] if node.level else [node.module.split(".")[0]]
    return []


def _documentation(module):
    """The ids of the nodes that are docstrings."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    firsts = [n.body[0] for n in ast.walk(module) if isinstance(n, owners) and n.body]
    return {id(f.value) for f in firsts if isinstance(f, ast.Expr) and isinstance(f.value, ast.Constant)}
