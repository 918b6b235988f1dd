# SPDX-License-Identifier: Apache-2.0
"""Folders stay small, and no two of them need each other."""
import re

from cpp import includes
from tree import CPP, Finding

NAME = "rooms"
ABOUT = "a system's folder has at most 12 rooms, any folder at most 40 files, and no includes go round in a circle"

_ROOMS, _FILES = 12, 40
_DATA = ("property_tests/plants", "property_tests/fuzz/corpus")  # as many as there are


def check(tree):
    yield from _sizes(tree)
    sources = tree.under("harness", "scenarios", "impls", suffixes=CPP)
    known = set(sources)
    arrows = {path: [(line, t) for line, _, t in _at_the_top(tree.text(path)) if t in known] for path in sources}
    yield from _circles({_unit(p) for p in sources},
                        [(_unit(a), _unit(b), a, line) for a, targets in arrows.items() for line, b in targets])
    # A folder and what lies in it are one house: only neighbours may not need each other.
    yield from _circles({_folder(p) for p in sources},
                        [(_folder(a), _folder(b), a, line) for a, targets in arrows.items() for line, b in targets
                         if not _within(_folder(a), _folder(b))])


def _sizes(tree):
    for folder in sorted(tree.folders):
        inside = [p[len(folder) + 1:] for p in tree.paths if p.startswith(folder + "/")]
        files = [name for name in inside if "/" not in name]
        if len(files) > _FILES and not folder.startswith(_DATA):
            yield Finding(f"{folder}/{files[0]}", 1, NAME,
                          f"{folder}/ has {len(files)} files (at most {_FILES}); part it by what they are about")
        if folder.count("/") == 1 and folder.startswith("scenarios/") and "contract.h" in files:
            rooms = {_unit(name) for name in files if name.endswith(CPP)}
            rooms |= {name.split("/")[0] for name in inside if "/" in name}
            if len(rooms) > _ROOMS:
                yield Finding(f"{folder}/contract.h", 1, NAME,
                              f"{folder}/ has {len(rooms)} rooms (at most {_ROOMS}); move some below one by subject")


def _at_the_top(text):
    """Not those below the first namespace: these are parts of the header itself, and include it."""
    end = re.search(r"^namespace ", text, re.M)
    return includes(text[:end.start()] if end else text)


def _unit(path):
    return re.sub(r"\.\w+$", "", path)


def _folder(path):
    return path.rsplit("/", 1)[0]


def _within(a, b):
    return (a + "/").startswith(b + "/") or (b + "/").startswith(a + "/")


def _circles(nodes, arrows):
    """One finding a circle, at an include that closes it."""
    after = {n: {} for n in nodes}
    for a, b, path, line in arrows:
        if a != b:
            after[a].setdefault(b, (path, line))
    state, way = {}, []

    def visit(node):
        state[node] = "open"
        way.append(node)
        for other in sorted(after[node]):
            if state.get(other) == "open":
                path, line = after[node][other]
                circle = " -> ".join([*way[way.index(other):], other])
                yield Finding(path, line, NAME, f"closes the circle {circle}; move what both need below them")
            elif other not in state:
                yield from visit(other)
        way.pop()
        state[node] = "done"

    for node in sorted(nodes):
        if node not in state:
            yield from visit(node)
