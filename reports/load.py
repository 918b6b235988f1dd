# SPDX-License-Identifier: Apache-2.0
"""Reads a result directory. Every refusal is one line that names file, place and what was expected."""
import json
from pathlib import Path, PurePath
from typing import NamedTuple

from reports import load_audit, load_run, rows
from reports.failure import NOTHING, Failure
from reports.names import printable
from reports.schema import Object, parse, parse_result, refuse


def load(directory):
    """All of a result directory; `audit.json` and `verify.json` may be absent."""
    directory = Path(directory)
    if not directory.is_dir():
        raise Failure(f"{directory}: a result directory expected, none found")
    path = directory / "verdicts.json"
    top = parse_result(_read(path), path)
    run = load_run.run_rows(top)
    if not run:
        raise Failure(f"{path}: rows expected, none found: nothing ran", NOTHING)
    run_id = top.text("run_id", optional=True)
    samples = _samples(directory / "samples.jsonl", run_id)
    if not samples and not any(r.ns for r in run):
        why = next((r.why for r in run if r.why), "no reason given")
        raise Failure(f"{path}: a time of some cell expected, none was measured: {why}", NOTHING)
    if not any((r.key, r.allocator) in samples for r in run):
        raise Failure(f"{directory / 'samples.jsonl'}: samples of the cells in verdicts.json expected, none found")
    audit, verify = (_optional(directory / name, read) for name, read in
                     (("audit.json", load_audit.audit), ("verify.json", load_audit.verify)))
    machine = _machine(directory / "machine.json")
    _same_run(directory / "machine.json", run_id, machine.pop("run_id", ""))
    return rows.Results(
        directory=printable(directory.resolve().name),
        version=top.text("version"),
        seed=top.number("seed"),
        profile=top.text("profile"),
        launches=top.number("launches", least=1),
        complete=top.flag("complete"),
        noise_floor=top.number("noise_floor", optional=True),
        inputs=_inputs(top),
        machine=machine,
        rows=run,
        limits=load_run.limit_rows(top),
        samples=samples,
        audit=audit,
        verify=verify,
        why=top.text("why", optional=True),
        run_id=run_id,
        selection=load_audit.selection(top),
        foreign=tuple(name for name, part in (("audit.json", audit), ("verify.json", verify),
                                              ("results.json", _benchmarks(directory / "results.json")))
                      if part is not None and run_id and part.run_id != run_id),
    )


def _inputs(top):
    """The names of the real inputs, each as --input had it but without its folder: where it lay is nobody's
    business."""
    names = []
    for one in top.objects("inputs", optional=True):
        system = one.text("system", optional=True)
        names.append((system + "=" if system else "") + PurePath(one.text("name")).name)
    return names


def _same_run(place, expected, found):
    """Files that are written together are of one run; one that says otherwise was put there."""
    if expected and found and expected != found:
        raise Failure(f'{place}: a file of run {expected} expected, as verdicts.json is, run {found} found')


class _Benchmarks(NamedTuple):
    run_id: str


def _benchmarks(path):
    """Google Benchmark's file, which the report does not read but for the run that it is of."""
    if not path.exists():
        return None
    try:
        context = json.loads(_read(path)).get("context", {})
        return _Benchmarks(context.get("machine", {}).get("run_id", ""))
    except (AttributeError, ValueError):
        return _Benchmarks("")


def _read(path):
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Failure(f"{path}: expected in a result directory, not found") from None
    except UnicodeDecodeError as e:
        raise Failure(f"{path}: UTF-8 text expected, broken at byte {e.start}") from None
    except OSError as e:
        raise Failure(f"{path}: cannot be read: {e.strerror}") from None


def _optional(path, read):
    return read(parse_result(_read(path), path)) if path.exists() else None


def _samples(path, run_id):
    """(cell, allocator) -> {launch: ns}."""
    found = {}
    for number, line in enumerate(_read(path).splitlines(), 1):
        if not line.strip():
            continue
        o = Object(parse(line, path, number), f"{path}:{number}")
        _same_run(o.place, run_id, o.text("run_id", optional=True))
        # A twin is a cell measured once more for the noise floor; limits are summed up in verdicts.json.
        # The first line of a launch says what its circumstances were.
        if "circumstances" in o.fields or "limit" in o.fields or o.flag("twin", False):
            continue
        key = (o.text("cell"), o.text("allocator", optional=True))
        launches, launch = found.setdefault(key, {}), o.number("launch")
        if launch in launches:
            raise Failure(f"{o.place}: each launch once expected, launch {launch} of {key[0]} found again")
        ns = o.above_zero("ns", optional=True)
        if ns is not None:
            launches[launch] = ns
    return found


def _machine(path):
    top = Object(parse(_read(path), path), path)
    for key, value in top.fields.items():
        if not isinstance(value, (str, int, float)):
            refuse(top.at(key), "a text", value)
    return {key: str(value) for key, value in top.fields.items()}
