# SPDX-License-Identifier: Apache-2.0
"""The tables behind the choice: promises, laws, tails, allocators, limits, and every cell."""
from reports import points, units, verified
from reports.rows import BASELINE, PERCENTILES
from reports.table import NONE, Entry, Table, number, part, ratio, text, times


def promises(chooser):
    """What each design promised, and whether it was kept."""
    audit = chooser.results.audit
    table = Table("promises", "promises about allocations and copied bytes, checked cell by cell",
                  ["design", "exact, kept", "at most, kept", "why only at most", "broken"])
    for system, design in dict.fromkeys((r.system, r.design) for r in audit.rows):
        own = [r for r in audit.rows if (r.system, r.design) == (system, design) and verified.was_checked(r)]
        kept = [[r.promise["kept"] for r in own if r.promise["kind"] == kind] for kind in ("exact", "at_most")]
        why = sorted({r.promise["why"] for r in own if r.promise["kind"] == "at_most" and r.promise["why"]})
        lost = [r.cell + (f": {r.reasons[0]}" if r.reasons else "") for r in own if not r.promise["kept"]]
        parts = [part((sum(k), len(k))) if k else Entry(NONE) for k in kept]
        table.rows.append([text(f"{system} {design}"), *parts, text("; ".join(why)),
                           text("; ".join(lost), "bad" if lost else "")])
    return table


def laws(chooser):
    """What each design was proved to obey."""
    rows = chooser.results.verify.rows
    table = Table("laws", "laws, each over generated cases", ["design", "laws held", "cases", "not held", "replay"])
    for system, design in dict.fromkeys((r.system, r.design) for r in rows):
        own = [r for r in rows if (r.system, r.design) == (system, design)]
        bad = [r for r in own if r.verdict not in ("holds", "not offered", "not asked")]
        table.rows.append([text(f"{system} {design}"), part(verified.laws(chooser.results, system, design)),
                           number(sum(r.cases for r in own), units.plain),
                           text("; ".join(f"{r.law}: {r.verdict}" for r in bad), "bad" if bad else ""),
                           text("; ".join(r.replay for r in bad if r.replay))])
    return table


def latency(chooser):
    """Tails, open loop, from the intended start of each operation."""
    table = Table("latency", "latency from the intended start of each operation (open loop)",
                  ["cell", "design", *[p.replace("_", ".") for p in PERCENTILES]])
    for row in chooser.results.rows:
        if row.latency and chooser.may_win(row):
            table.rows.append([text(f"{row.system} {points.name(row.workload, row.params)}"), text(row.design),
                               *[number(row.latency[p], units.time) for p in PERCENTILES]])
    return table


def allocators(chooser):
    """Rows timed on a second allocator, beside the same cell on the main one."""
    main = {r.key: r for r in points.main_rows(chooser.results.rows)}
    table = Table("allocators", "where allocation matters: the same cell on another allocator",
                  ["cell", "allocator", "time", f"ratio to {BASELINE}", "time on the main one"])
    for row in chooser.results.rows:
        if row is not main.get(row.key):
            table.rows.append([text(row.key), text(row.allocator), times(row), ratio(row),
                               times(main[row.key]) if row.key in main else Entry(NONE)])
    return table


def limits(chooser):
    """What the smallest pieces of work took in the same run."""
    table = Table("limits", "the machine in the same run: what lower bounds, floors and references are sums of",
                  ["piece of work", "time"])
    for row in chooser.results.limits:
        interval = f"{units.time(row.low)} to {units.time(row.high)}" if row.low and row.high else ""
        answer = f": {units.estimated_size(row.bytes)}" if row.bytes else ""
        table.rows.append([text(points.name(row.limit, row.params) + answer),
                           Entry(units.time(row.ns), row.ns, note=interval)])
    return table


def all_cells(chooser):
    """Every row of the run, as it stands in verdicts.json."""
    table = Table("cells", "every cell of the run",
                  ["cell", "allocator", "time", f"ratio to {BASELINE}", "× lower bound", "lower bound", "× reference",
                   "reference", "verdict", "why"])
    for row in chooser.results.rows:
        shown = [(b if row.timed else None) for b in (row.limit, row.reference)]
        besides = [entry for b in shown
                   for entry in (number(b and b.times, units.digits), text(b.expression if b else ""))]
        table.rows.append([text(row.cell), text(row.allocator), times(row), ratio(row),
                           *besides, text(row.verdict, "bad" if row.verdict == "broken" else ""),
                           Entry("; ".join(filter(None, (row.why, row.remark))))])
    return table
