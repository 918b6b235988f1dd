# SPDX-License-Identifier: Apache-2.0
"""The rows of verdicts.json: cells with their times, and the machine's limits."""
from reports import rows
from reports.failure import Failure
from reports.schema import is_number, refuse


def run_rows(top):
    """All rows of a run, each cell once."""
    found, seen = [], set()
    for o in top.objects("rows"):
        row = _run_row(o)
        if row.cell in seen:
            raise Failure(f"{o.at('cell')}: each cell once expected, {row.cell} found again")
        seen.add(row.cell)
        found.append(row)
    return found


def limit_rows(top):
    return [rows.LimitRow(o.text("limit"), params(o), o.above_zero("ns"), o.number("low", optional=True),
                          o.number("high", optional=True),
                          *(o.number(k, optional=True) for k in ("bytes", "bytes_low", "bytes_high")))
            for o in top.objects("limits")]


def params(o):
    """Numbers as numbers, whether the writer quoted them or not."""
    found = {}
    for key, value in o.child("params", optional=False).fields.items():
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value)
        if not is_number(value) and not isinstance(value, str):
            refuse(o.at(f"params.{key}"), "a number or a text", value)
        found[key] = value
    return found


def cell(o):
    """The name of what was run, for rows of every kind."""
    return {"cell": o.text("cell"), "system": o.text("system"), "workload": o.text("workload"), "cls": o.text("class"),
            "design": o.text("design"), "params": params(o)}


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
    names = cell(o)
    names["params"].pop("allocator", None)  # part of the row, not of what was done
    ns, low, high = _interval(o, "ns", "low", "high")
    ratio, ratio_low, ratio_high = _interval(o, "ratio", "ratio_low", "ratio_high")
    row = rows.RunRow(
        **names, ns=ns, low=low, high=high, ratio=ratio, ratio_low=ratio_low, ratio_high=ratio_high,
        limit=_beside(o.child("limit")),
        reference=_beside(o.child("reference")),
        floor=_beside(o.child("floor")),
        verdict=o.word("verdict", rows.VERDICTS),
        why=o.text("why", optional=True),
        allocator=o.text("allocator", optional=True),
        overlap=o.number("overlap", optional=True),
        latency=_latency(o.child("latency")),
        missed=o.number("missed", optional=True),
        missed_why=o.text("missed_why", optional=True),
        remark=o.text("remark", optional=True),
    )
    if row.verdict in ("holds", "not separated", "no honest copy") and row.ns is None:
        refuse(o.at("ns"), f'a time for a row that reads "{row.verdict}"', None)
    return row
