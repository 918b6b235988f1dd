# SPDX-License-Identifier: Apache-2.0
"""A new workload as a clone of a live one of its system: the file, the promises of families and designs, the rows of
the README."""
import re

from cpp_text import blanked, closing
from scaffold import ROOT, Refusal

SIMPLE = {"chunk": "share", "event_store": "read", "raft": "encode"}  # what is cloned; elsewhere the shortest of all


def source_of(system):
    """The workload that a new one is cloned from."""
    folder = ROOT / "scenarios" / system / "workloads"
    there = {p.stem: p for p in sorted(folder.glob("*.h"))}
    if not there:
        raise Refusal(f"{system} has no workload to clone")
    simple = SIMPLE.get(system)
    return simple if simple in there else min(there, key=lambda stem: len(there[stem].read_text(encoding="utf-8")))


def files_of(system, old, name):
    """Every file that a clone of the workload `old` touches (path: text), those that change among them."""
    header = f"scenarios/{system}/workloads/{old}.h"
    made = {f"scenarios/{system}/workloads/{name}.h": header_of(_read(header), old, name)}
    promised = [p.relative_to(ROOT).as_posix() for p in sorted((ROOT / "impls" / system).rglob("*.h"))]
    for path, change in [(path, promises_of) for path in promised] + [(f"scenarios/{system}/README.md", rows_of)]:
        text = _read(path)
        changed = change(text, old, name)
        if changed != text:
            made[path] = changed
    return made


def _read(path):
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def header_of(text, old, name):
    """The workload's own file. Only what names the workload changes: its struct, its traits, what it says of itself."""
    text = re.sub(rf"^(// ){old}: ", rf"\g<1>{name}: as {old} so far: ", text, count=1, flags=re.M)
    text = re.sub(rf"^(struct|class) {old}\b", rf"\1 {name}", text, flags=re.M)
    text = re.sub(rf'(\.name = )"{old}"', rf'\1"{name}"', text)
    text = re.sub(rf'"{old}: ', f'"{name}: ', text)
    return re.sub(rf"(?<![\w:.>]){old}::(?=\w)", f"{name}::", text)


def promises_of(text, old, name):
    """Beside each promise for the old workload the same one for the new, and its header beside the old one's."""
    code = blanked(text)
    for at in sorted((m.start() for m in re.finditer(rf"\bpromised<workloads::{old}>", code)), reverse=True):
        end = _end_of_item(code, at)
        text = f"{text[:end]},\n{text[at:end].replace(f'::{old}>', f'::{name}>', 1)}{text[end:]}"
    included = rf'^(#include "scenarios/\w+/workloads/){old}(\.h")$'
    return re.sub(included, rf"\g<0>\n\g<1>{name}\g<2>", text, flags=re.M)


def _end_of_item(code, at):
    """Where an expression ends: at the next comma, semicolon or closing bracket of what it stands in."""
    while code[at] not in ",;})":
        at = closing(code, at) + 1 if code[at] in "({[" else at + 1
    return at


def rows_of(text, old, name):
    """Below each row of a table that begins with the old workload, one that says the same of the new."""
    rows = re.compile(rf"^\|(?: `\w+`,)* `{old}`(?:, `\w+`)* (\|[^\n]*)\n", re.M)
    return rows.sub(lambda m: f"{m[0]}| `{name}` {m[1]}\n", text)
