# SPDX-License-Identifier: Apache-2.0
"""The tables on which designs are chosen. Every number is one of the files', except where a caption says otherwise."""
from dataclasses import replace

from reports import phrases, points, units, verified
from reports.points import main_limits, reference
from reports.rows import BASELINE
from reports.table import NONE, Entry, Table, number, part, ratio, text, times

_COUNTS = ("payload_bytes_copied_per_op", "allocs_per_op", "retained_over_live")


def _audited(results):
    return {r.cell: r for r in results.audit.rows} if results.audit else {}


def _counts(audited, row):
    seen = audited.get(row.cell)
    if seen is None:
        return [Entry("not audited")] + [Entry(NONE)] * (len(_COUNTS) - 1)
    copied, *rest = (number(seen.counts[key], units.plain) for key in _COUNTS)
    return [copied if seen.counted or not copied.is_number else replace(copied, text=f"≥ {copied.text}"), *rest]


def _held(held):
    if held is None:
        return Entry(NONE)
    return Entry(units.plain(held.ratio), held.ratio, note=phrases.place(held.row))


def systems(chooser):
    return list(dict.fromkeys(p.system for p in chooser.points))


def _workloads(chooser, system):
    """The points of a system by workload, in class order."""
    found = {}
    for point in sorted((p for p in chooser.points if p.system == system), key=lambda p: points.class_order(p.cls)):
        found.setdefault((point.cls, point.workload), []).append(point)
    return found


def _system_reference(chooser, system):
    """Where one row has to stand for a design: the widest workload of sharing, or of whatever the run contains."""
    workloads = _workloads(chooser, system)
    shared = [w for w in workloads if w[0] == "share"] or list(workloads)
    return reference(workloads[max(shared, key=lambda w: len(workloads[w]))])


def decision(chooser, system):
    """One row a design: what it costs, what it asks, when to pick it."""
    results, point, audited = chooser.results, _system_reference(chooser, system), _audited(chooser.results)
    table = Table(f"decision-{system}", f"{system}: every design, at {points.name(point.workload, point.params)}; "
                  "retention is the worst of all audited cells",
                  ["design", "time", f"ratio to {BASELINE}", "bytes copied / op", "allocs / op",
                   "retained ÷ live, worst", "promises kept", "laws held", "the caller must keep", "pick when",
                   "avoid when"])
    for design in dict.fromkeys(d for p in chooser.points if p.system == system for d in p.rows):
        row, card, held = point.rows.get(design), chooser.card(system, design), chooser.retained(system, design)
        if (system, design) in chooser.broken:
            table.struck.add(len(table.rows))
        measured = [text("not run"), *[Entry(NONE)] * 3]
        if row is not None:
            measured = [times(row), ratio(row), *_counts(audited, row)[:2]]
        table.rows.append([
            Entry(design, note="peer" if card and card.peer else ""), *measured,
            _held(held),
            part(verified.promises(results, system, design)), part(verified.laws(results, system, design)),
            *[text(getattr(card, key, "")) for key in ("obligations", "pick_when", "avoid_when")]])
    return table


def beside_times(row, beside):
    """A multiple of a lower bound or of a reference, for a row that shows a time."""
    return number(beside.times if beside and row.timed else None, units.digits)


def by_workload(chooser, system):
    """The same numbers at the reference point of every workload."""
    audited = _audited(chooser.results)
    table = Table(f"workloads-{system}", f"{system}: every workload at one point",
                  ["design", "time", f"ratio to {BASELINE}", "× lower bound", "× reference", "bytes copied / op",
                   "allocs / op", "retained ÷ live", "verdict"])
    for (cls, workload), group in _workloads(chooser, system).items():
        point = reference(group)
        limit = next((r.limit for r in point.rows.values() if r.limit), None)
        beside = f"; lower bound {limit.expression}: {units.time(limit.ns)}" if limit else ""
        table.rows.append([text(f"{cls} · {points.name(workload, point.params)}{beside}")])
        for row in point.rows.values():
            if (system, row.design) in chooser.broken:
                table.struck.add(len(table.rows))
            table.rows.append([text(row.design), times(row), ratio(row),
                               beside_times(row, row.limit), beside_times(row, row.reference),
                               *_counts(audited, row), text(row.verdict)])
    return table


def recommended(chooser):
    """(system, design) that some headline names, in order; copy aside."""
    named = {}
    for decided in chooser.decisions():
        free = chooser.decide(decided.system, decided.cls, chooser.free(decided.system))
        for design in decided.chosen[:1] + free.chosen[:1]:
            named[decided.system, design] = None
    return list(named)


def losses(chooser):
    """Where each recommended design does worst: in time against copy, against the fastest, and in memory held."""
    table = Table("losses", "the worst cell of each recommended design over all classes of its system",
                  ["design", "worst against copy", f"ratio to {BASELINE}", "fastest there", "retained ÷ live, worst"])
    for system, design in recommended(chooser):
        own = [r for p in chooser.points if p.system == system for r in p.rows.values() if r.design == design]
        own = list(filter(chooser.may_compare, own))
        held = chooser.retained(system, design)
        cells = [text("no ratio"), Entry(NONE), Entry(NONE)]
        if own:
            worst = max(own, key=lambda r: (r.ratio, r.cell))
            best = chooser.contest(next(p for p in chooser.points if worst in p.rows.values())).order[0]
            cells = [text(phrases.place(worst)), ratio(worst), Entry(best.design, note=units.time(best.ns))]
        table.rows.append([text(f"{system} {design}"), *cells, _held(held)])
    return table


def together(chooser):
    """Points at which several threads or processes ran at once; they mean something only where the roles overlapped."""
    trip = next((r for r in main_limits(chooser.results.limits) if r.limit == "cache_line_round_trip"), None)
    beside = f"a cache line takes {units.time(trip.ns)} there and back in the same run" if trip else \
        "the cache line round trip was not measured"
    chosen = [p for p in chooser.points if any(r.overlap is not None for r in p.rows.values())]
    designs = list(dict.fromkeys(d for p in chosen for d in p.rows))
    table = Table("together", f"several roles at once; {beside}", ["point", "overlap", *designs])
    for point in chosen:
        overlaps = sorted(r.overlap for r in point.rows.values() if r.overlap is not None)
        shown = " to ".join(dict.fromkeys((units.digits(overlaps[0]), units.digits(overlaps[-1]))))
        apart, count = sum(r.apart for r in point.rows.values()), \
            sum(r.overlap is not None for r in point.rows.values())
        note = "too little" if apart == count else f"too little for {apart} of {count}"
        table.rows.append([Entry(points.name(point.workload, point.params), note=f"{point.cls}, {point.system}"),
                           Entry(shown, tone="bad" if apart else "", note=note if apart else ""),
                           *[_role(chooser, point.rows.get(d), trip) for d in designs]])
    return table


def _role(chooser, row, trip):
    """A time with its ratio and the cache line round trips that would take as long, below each other."""
    if row is None or not row.timed:
        return Entry(NONE if row is None else row.verdict)
    notes = []
    if row.apart:
        notes.append("roles did not meet")
    elif chooser.may_compare(row):
        notes.append(f"{units.ratio(row.ratio)} ({units.ratio(row.ratio_low)} to {units.ratio(row.ratio_high)})")
        notes += [] if row.separated else ["not separated"]
    notes += [f"{units.digits(row.ns / trip.ns)} round trips"] if trip else []
    tone = ratio(row).tone if chooser.may_compare(row) else "level" if row.apart else ""
    return Entry(units.time(row.ns), row.ns, tone, "\n".join(notes))


def claims(found):
    """The published table beside what was measured; × faster is 1 over the ratio of the file."""
    sizes = list(dict.fromkeys((c.size, c.claimed) for c in found))
    table = Table("claims", "Claimed: slicing half of a buffer without copying it takes so many times less time",
                  ["design", "copies", *[f"{size:,} B: {claimed:,}× claimed" for size, claimed in sizes]])
    for design, retained in dict.fromkeys((c.design, c.retained) for c in found):
        own = [c for c in found if (c.design, c.retained) == (design, retained)]
        table.rows.append([text(design), text("kept to the end" if retained else "dropped at once"), *map(_claim, own)])
    return table


def _claim(claim):
    if claim.measured is None:
        return Entry(claim.verdict, note=claim.why)
    ratio_, low, high = map(units.digits, claim.measured)
    tone = {"confirmed": "better", "refuted": "worse"}.get(claim.verdict, "level")
    return Entry(f"{claim.verdict}: {ratio_}×", tone=tone, note=f"{low} to {high}")
