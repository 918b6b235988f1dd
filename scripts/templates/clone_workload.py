# SPDX-License-Identifier: Apache-2.0
"""A new workload as a clone of a live one of its system: the file, the promises of every design, the rows of the README
and of the tests' tables."""
import re

from cpp_text import blanked, closing
from scaffold import ROOT, Refusal

SIMPLE = {"chunk": "share", "event_store": "read", "raft": "encode"}  # what is cloned; elsewhere the shortest of all
HAND = ("property_tests/scenarios/declared_work.h", "property_tests/scenarios/bounds_test.cc")


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
    for path, change in ([(path, promises_of) for path in promised] + [(f"scenarios/{system}/README.md", rows_of)] +
                         [(path, lambda t, o, n: by_hand(t, system, o, n)) for path in HAND]):
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
    text = re.sub(rf'(\.name = ){_quoted(old)}', rf'\1"{name}"', text)
    text = re.sub(rf'"{old}: ', f'"{name}: ', text)
    return re.sub(rf"(?<![\w:.>]){old}::(?=\w)", f"{name}::", text)


def promises_of(text, old, name):
    """Beside each promise for the old workload the same one for the new, and its header; in lists of workloads, its
    name."""
    header = rf'^#include "(scenarios/\w+/workloads/){old}\.h"\n'
    text = re.sub(header, lambda m: f'{m[0]}#include "{m[1]}{name}.h"\n', text, flags=re.M)
    code = blanked(text)
    for at in sorted(_mentions(text, code, old), reverse=True):
        end = at + len(old) + 2
        after = code[end:].lstrip()
        before = code[:at].rstrip()
        if text.startswith("promised<", at):  # an expression, up to the end of its place in a list or a statement
            end = _end_of_item(code, at)
            text = text[:end] + ",\n" + text[at:end].replace(old, name, 1) + text[end:]
        elif before.endswith("{") and re.match(r",\s*bound::", after):
            begin = len(before) - 1
            end = closing(code, begin) + 1
            text = text[:end] + ",\n" + text[begin:end].replace(f'"{old}"', f'"{name}"', 1) + text[end:]
        elif before[-1:] in "{," and after[:1] in ",}":
            text = text[:end] + f', "{name}"' + text[end:]
    return text


def _mentions(text, code, old):
    words = [m.start() for m in re.finditer(_quoted(old), text) if code[m.start()] == " "]
    typed = [m.start() for m in re.finditer(rf"promised<(?:workloads::)?{old}>\(", text) if code[m.start()] != " "]
    return words + typed


def _end_of_item(code, at):
    i = at
    while i < len(code) and code[i] not in ",;})":
        i = closing(code, i) + 1 if code[i] in "({[" else i + 1
    return i


def rows_of(text, old, name):
    """Below each row of a table that begins with the old workload, one that says the same of the new."""
    rows = re.compile(rf"^\|(?: `\w+`,)* `{old}`(?:, `\w+`)* (\|[^\n]*)\n", re.M)
    return rows.sub(lambda m: f"{m[0]}| `{name}` {m[1]}\n", text)


def by_hand(text, system, old, name):
    """What the tests say once more by hand of a workload, in rows that begin with its name."""
    rows = re.compile(rf'^( *\{{"{system}/){old}([/"][^\n]*\n(?: {{8,}}[^\n{{]*\n)*)', re.M)
    return rows.sub(lambda m: f"{m[0]}{m[1]}{name}{m[2]}", text)


def _quoted(word):
    return f'"{word}"'
