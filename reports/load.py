# SPDX-License-Identifier: Apache-2.0
"""Reads a result directory. Every refusal is one line that names file, place and what was expected."""
from pathlib import Path

from reports import rows
from reports.failure import NOTHING, Failure
from reports.schema import Object, is_number, parse, parse_result, refuse

METRICS = ("ops", "allocs_per_op", "alloc_bytes_per_op", "payload_bytes_copied_per_op", "kernel_bytes_copied_per_op",
           "syscalls_per_op", "refcount_ops_per_op", "page_faults_per_op", "peak_live_bytes", "live_bytes",
           "retained_bytes", "retained_over_live")


def load(directory):
    """All of a result directory; `audit.json` and `verify.json` may be absent."""
    directory = Path(directory)
    if not directory.is_dir():
        raise Failure(f"{directory}: a result directory expected, none found")
    top = parse_result(_read(directory / "verdicts.json"), directory / "verdicts.json")
    run = [_run_row(o) for o in top.objects("rows")]
    if not run:
        raise Failure(f"{directory / 'verdicts.json'}: rows expected, none found: nothing ran", NOTHING)
    _require_unique(run, top)
    samples = _samples(directory / "samples.jsonl")
    if not any((r.key, r.allocator) in samples for r in run):
        raise Failure(f"{directory / 'samples.jsonl'}: samples of the cells in verdicts.json expected, none found")
    return rows.Results(
        directory=directory.resolve().name, version=top.text("version"), seed=top.number("seed"),
        profile=top.text("profile"), launches=top.number("launches", least=1), complete=top.flag("complete"),
        noise_floor=top.number("noise_floor", optional=True), input=top.text("input", optional=True),
        machine=_machine(directory / "machine.json"), rows=run, limits=[_limit_row(o) for o in top.objects("limits")],
        samples=samples, audit=_optional(directory / "audit.json", _audit),
        verify=_optional(directory / "verify.json", _verify))


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


def _params(o):
    """Numbers as numbers, whether the writer quoted them or not."""
    found = {}
    for key, value in (o.child("params", optional=False)).fields.items():
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value)
        if not is_number(value) and not isinstance(value, str):
            refuse(o.at(f"params.{key}"), "a number or a text", value)
        found[key] = value
    return found


def _cell(o):
    return {"cell": o.text("cell"), "system": o.text("system"), "workload": o.text("workload"), "cls": o.text("class"),
            "design": o.text("design"), "params": _params(o)}


def _beside(o):
    return None if o is None else rows.Beside(o.text("expression"), o.above_zero("ns"), o.above_zero("times"))


def _interval(o, *keys):
    """A value with its interval: all three or none, in order."""
    middle, low, high = (o.above_zero(key, optional=True) for key in keys)
    if middle is None:
        return None, None, None
    if low is None or high is None or not low <= middle <= high:
        refuse(o.place, f"{keys[1]} <= {keys[0]} <= {keys[2]}", [low, middle, high])
    return middle, low, high


def _latency(o):
    return None if o is None else {key: o.number(key, optional=True) for key in rows.PERCENTILES}


def _run_row(o):
    cell = _cell(o)
    cell["params"].pop("allocator", None)  # part of the row, not of what was done
    ns, low, high = _interval(o, "ns", "low", "high")
    ratio, ratio_low, ratio_high = _interval(o, "ratio", "ratio_low", "ratio_high")
    row = rows.RunRow(
        **cell, ns=ns, low=low, high=high, ratio=ratio, ratio_low=ratio_low, ratio_high=ratio_high,
        limit=_beside(o.child("limit")), floor=_beside(o.child("floor")), verdict=o.word("verdict", rows.VERDICTS),
        why=o.text("why", optional=True), allocator=o.text("allocator", optional=True),
        bytes_per_second=o.number("bytes_per_second", optional=True),
        items_per_second=o.number("items_per_second", optional=True), overlap=o.number("overlap", optional=True),
        latency=_latency(o.child("latency")), detectable=o.number("detectable", optional=True))
    if row.verdict in ("holds", "not separated") and row.ns is None:
        refuse(o.at("ns"), f'a time for a row that reads "{row.verdict}"', None)
    return row


def _limit_row(o):
    return rows.LimitRow(o.text("limit"), _params(o), o.above_zero("ns"), o.number("low", optional=True),
                         o.number("high", optional=True))


def _require_unique(run, top):
    seen = set()
    for i, row in enumerate(run):
        if (row.cell, row.allocator) in seen:
            raise Failure(f"{top.place}.rows[{i}].cell: each cell once expected, {row.cell} found again")
        seen.add((row.cell, row.allocator))


def _samples(path):
    """(cell, allocator) -> {launch: ns}; rows of limits are the console's business."""
    found = {}
    for number, line in enumerate(_read(path).splitlines(), 1):
        if not line.strip():
            continue
        o = Object(parse(line, path, number), f"{path}:{number}")
        if "limit" in o.fields:
            continue
        if o.flag("twin", False):
            continue  # the same cell once more, for the noise floor only
        key = (o.text("cell"), o.text("allocator", optional=True))
        ns = o.above_zero("ns", optional=True)
        launches = found.setdefault(key, {})
        launch = o.number("launch")
        if launch in launches:
            raise Failure(f"{path}:{number}: each launch once expected, launch {launch} of {key[0]} found again")
        if ns is not None:
            launches[launch] = ns
    return found


def _machine(path):
    top = Object(parse(_read(path), path), path)
    for key, value in top.fields.items():
        if not isinstance(value, (str, int, float)):
            refuse(top.at(key), "a text", value)
    return {key: str(value) for key, value in top.fields.items()}


def _commit(top):
    machine = top.child("machine")
    return "" if machine is None else machine.text("commit", optional=True)


def _promise(o):
    if o is None:
        return None
    return {"kind": o.word("kind", ("exact", "at_most")), "allocs": o.number("allocs", optional=True),
            "copied": o.number("copied", optional=True), "kept": o.flag("kept"), "why": o.text("why", optional=True)}


def _witnesses(o):
    if o is None:
        return {}
    seen = {}
    for name in rows.WITNESSES:
        one = o.child(name)
        if one is not None:
            kind = one.word("kind", ("exact", "lower_bound", "blind", "n/a"))
            seen[name] = (kind, one.number("bytes_per_op", optional=True))
    return seen


def _audit_row(o):
    return rows.AuditRow(**_cell(o), counts={key: o.number(key, optional=True) for key in METRICS},
                         witnesses=_witnesses(o.child("witnesses")), promise=_promise(o.child("promise")),
                         verdict=o.word("verdict", rows.VERDICTS), reasons=o.texts("reasons"))


def _card(o):
    return rows.DesignCard(o.text("system"), o.text("name"), o.text("about", optional=True), o.flag("peer", False),
                           o.text("obligations", optional=True), o.text("pick_when", optional=True),
                           o.text("avoid_when", optional=True))


def _audit(top):
    coverage = top.fields.get("coverage") or []
    if not isinstance(coverage, list):
        refuse(top.at("coverage"), "a list", coverage)
    return rows.Audit([_audit_row(o) for o in top.objects("rows")], [_card(o) for o in top.objects("designs", True)],
                      coverage, _commit(top))


def _verify(top):
    return rows.Verify([rows.LawRow(o.text("system"), o.text("design"), o.text("law"), o.number("cases"),
                                    o.text("verdict"), o.text("replay", optional=True)) for o in top.objects("rows")],
                       _commit(top))
