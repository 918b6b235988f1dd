# SPDX-License-Identifier: Apache-2.0
"""Folders and CMake lines name the same systems and designs; a workload is the struct that its file is named after."""
import re

from cpp import without_comments
from tree import Finding, line_of

NAME = "registration"
ABOUT = "every system and design has its CMake line and every line its folder; a workload's struct has its file's name"

SYSTEMS, DESIGNS = "scenarios/CMakeLists.txt", "impls/CMakeLists.txt"
_SYSTEM = re.compile(r"^[ \t]*copycost_add_system\(\s*(\w+)\s*\)", re.M)
_DESIGN = re.compile(r"^[ \t]*copycost_add_design\(\s*(\w+)\s+(\w+)([^)]*)\)", re.M)
_TRAITS_NAME = re.compile(r"\bworkload_traits\s+traits\s*(?:=\s*)?\{\s*\.name\s*=\s*\"([^\"]*)\"")


def check(tree):
    yield from _systems(tree)
    yield from _designs(tree)
    for path in tree.under("scenarios", suffixes=".h"):
        parts = path.split("/")
        if len(parts) == 4 and parts[2] == "workloads" and parts[3] != "common.h":
            yield from _workload(path, tree.text(path))


def _systems(tree):
    text = tree.text(SYSTEMS) if tree.has_file(SYSTEMS) else ""
    lines = {m[1]: line_of(text, m.start(1)) for m in _SYSTEM.finditer(text)}
    folders = {p.split("/")[1] for p in tree.under("scenarios", suffixes="/contract.h") if p.count("/") == 2}
    for name in sorted(folders - lines.keys()):
        yield Finding(f"scenarios/{name}/contract.h", 1, NAME,
                      f"the system is not registered; add copycost_add_system({name}) to {SYSTEMS}")
    for name in sorted(lines.keys() - folders):
        yield Finding(SYSTEMS, lines[name], NAME, f"there is no scenarios/{name}/contract.h; write it or drop the line")


def _designs(tree):
    text = tree.text(DESIGNS) if tree.has_file(DESIGNS) else ""
    lines = {(m[1], m[2]): (line_of(text, m.start(1)), m[3]) for m in _DESIGN.finditer(text)}
    folders = {(s, d) for s, d in tree.designs() if tree.has_file(f"impls/{s}/{d}/design.h")}
    for system, name in sorted(folders - lines.keys()):
        yield Finding(f"impls/{system}/{name}/design.h", 1, NAME,
                      f"the design is not registered; add copycost_add_design({system} {name}) to {DESIGNS}")
    for (system, name), (line, rest) in sorted(lines.items()):
        if "FOLDER" not in rest and (system, name) not in folders:
            yield Finding(DESIGNS, line, NAME, f"there is no impls/{system}/{name}/design.h; write it or drop the line")


def _workload(path, text):
    name = path.split("/")[-1].removesuffix(".h")
    if not re.search(rf"^(?:struct|class)\s+{name}\b", without_comments(text), re.M):
        yield Finding(path, 1, NAME, f"holds no struct {name}; name the workload's struct after its file")
    for m in _TRAITS_NAME.finditer(text):
        if m[1] != name:
            yield Finding(path, line_of(text, m.start(1)), NAME, f'the traits are named "{m[1]}"; name them "{name}"')
