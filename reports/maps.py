# SPDX-License-Identifier: Apache-2.0
"""The map of a workload: which design wins for each size and number of branches, one sheet for each of the rest.

A map is drawn where a workload's points vary along `size` and along a count of branches. A cell is a contest
(choice.py): it names the design that is separated from all others, or those that are not separated from the fastest.
"""
from dataclasses import dataclass

from reports.choice import Contest
from reports.points import class_order, describe
from reports.table import Entry, Table

ROWS = "size"
COUNTS = ("branches", "consumers")  # what a map's columns count, the first that varies
LEVEL, ABSENT, NOBODY = "not separated", "not measured", "no design verified"


@dataclass(frozen=True)
class Sheet:
    """One combination of the remaining parameters; `cells` holds a Contest for each (size, count) that was run."""

    fixed: dict
    sizes: list
    counts: list
    cells: dict

    def cell(self, size, count):
        return self.cells.get((size, count))


@dataclass(frozen=True)
class Map:
    system: str
    workload: str
    cls: str
    key: str  # the parameter of the columns
    sheets: list

    @property
    def name(self):
        return f"map_{self.system}_{self.workload}"

    @property
    def contests(self):
        return [c for s in self.sheets for c in s.cells.values()]


def _number(point, key):
    value = point.params.get(key)
    return None if isinstance(value, str) else value


def _key_of(group):
    """The parameter of the columns; None where the points are no map."""
    for key in COUNTS:
        both = [(_number(p, ROWS), _number(p, key)) for p in group]
        both = [b for b in both if None not in b]
        if all(len(set(values)) > 1 for values in zip(*both)) and both:
            return key
    return None


def _sheets(chooser, group, key):
    split = {}
    for point in group:
        if _number(point, ROWS) is not None and _number(point, key) is not None:
            fixed = {k: v for k, v in point.params.items() if k not in (ROWS, key)}
            _, cells = split.setdefault(tuple(sorted(fixed.items(), key=str)), (fixed, {}))
            cells[point.params[ROWS], point.params[key]] = chooser.contest(point)
    return [Sheet(fixed, *(sorted(set(values)) for values in zip(*cells)), cells) for fixed, cells in split.values()]


def maps_of(chooser):
    """The maps in class order, then in the order of the file. Cost: one contest a point."""
    groups = {}
    for point in chooser.points:
        groups.setdefault((point.system, point.workload, point.cls), []).append(point)
    keys = {names: _key_of(group) for names, group in groups.items()}
    found = [Map(*names, keys[names], _sheets(chooser, group, keys[names]))
             for names, group in groups.items() if keys[names]]
    return sorted(found, key=lambda m: class_order(m.cls))


def winners(contest: Contest | None):
    """The fastest and those not separated from it, by name; empty where that is all of them, so that nobody wins."""
    if contest is None or len(contest.best) == len(contest.order):
        return []
    return sorted(contest.best)


def words(contest: Contest | None):
    """What stands in a cell."""
    if contest is None or not contest.order:
        tried = contest is not None and not any(r.apart for r in contest.point.rows.values())
        return NOBODY if tried else ABSENT
    if len(contest.order) == 1:
        return f"only {contest.best[0]}"
    return ", ".join(winners(contest)) or LEVEL


def title(found, sheet):
    """ "reads 8 bytes, threads 2"; the workload where nothing else is fixed."""
    return describe(sheet.fixed, found.workload) or found.workload


def tables(found):
    """A table for each sheet: sizes down, counts across."""
    return [_table(found, sheet, i) for i, sheet in enumerate(found.sheets)]


def _table(found, sheet, place):
    of = f", {describe(sheet.fixed, found.workload)}" if sheet.fixed else ""
    table = Table(f"{found.name}-{place}", f"{found.system}: {found.workload}{of}: who wins by {ROWS} and {found.key}",
                  [ROWS, *[describe({found.key: n}) for n in sheet.counts]])
    for size in sheet.sizes:
        cells = [words(sheet.cell(size, n)) for n in sheet.counts]
        table.rows.append([Entry(describe({ROWS: size})), *[Entry(w, tone=_tone(w)) for w in cells]])
    return table


def _tone(text):
    return "level" if text in (LEVEL, ABSENT, NOBODY) else ""
