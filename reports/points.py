# SPDX-License-Identifier: Apache-2.0
"""Puts rows together that may be compared: a point holds the same work at the same parameters, done by every design.

A question is a row of points along one parameter (mostly the size) with all other parameters fixed: along it the answer
may flip. Pure functions.
"""
import math
from dataclasses import dataclass

from reports import units
from reports.rows import BASELINE, CLASSES

MAIN_ALLOCATOR = "mimalloc"  # what every ranking uses; others are shown as second rows
REFERENCE_BYTES = 4096
_WORDS = {("cold", 1): "cold", ("input", 0): "bundled trace", ("input", 1): "real input"}
_READS = ("reads 8 bytes", "reads a line per KiB", "reads everything")  # `read` of workloads that fan out


@dataclass(frozen=True)
class Point:
    system: str
    workload: str
    cls: str
    params: dict
    rows: dict  # design -> RunRow, in the order of the file

    @property
    def baseline(self):
        return self.rows.get(BASELINE)


@dataclass(frozen=True)
class Question:
    system: str
    workload: str
    cls: str
    fixed: dict
    axis: str | None  # the parameter along which the points lie
    points: list[Point]


def class_order(cls):
    return (CLASSES.index(cls), "") if cls in CLASSES else (len(CLASSES), cls)


def describe(params, workload=""):
    """ "4 KiB, consumers 16": a size speaks for itself, other values have their key before them."""
    return ", ".join(_word(workload, key, value) or _one(key, value) for key, value in params.items())


def _word(workload, key, value):
    """A word for a value that would not speak for itself; `read` means something else where nothing fans out."""
    if key == "read" and workload.startswith("fan_out") and value in range(len(_READS)):
        return _READS[value]
    return _WORDS.get((key, value))


def _one(key, value):
    alone = key == "size" and not isinstance(value, str)
    return units.amount(key, value) if alone else f"{key} {units.amount(key, value)}"


def name(workload, params):
    """ "fan_out (4 KiB, consumers 16)"; the workload alone without parameters."""
    return f"{workload} ({describe(params, workload)})" if params else workload


def main_rows(rows):
    """The rows that rankings use: those of the main allocator, or of the only one."""
    allocators = sorted({r.allocator for r in rows})
    chosen = MAIN_ALLOCATOR if MAIN_ALLOCATOR in allocators else allocators[0]
    return [r for r in rows if r.allocator == chosen]


def main_limits(limits):
    """The limits that were probed under the main allocator."""
    return [r for r in limits if r.params.get("allocator", MAIN_ALLOCATOR) == MAIN_ALLOCATOR]


def unmet(rows):
    """The keys (`same`) of points at which copy's roles did not meet: there is nothing to compare with."""
    return {same(r) for r in main_rows(rows) if r.design == BASELINE and r.apart}


def same(row):
    """What rows of one point have in common."""
    return row.system, row.workload, row.cls, tuple(sorted(row.params.items(), key=str))


def points_of(rows):
    """All points, in the order of the file."""
    found = {}
    for row in main_rows(rows):
        found.setdefault(same(row), Point(row.system, row.workload, row.cls, row.params, {})).rows[row.design] = row
    return list(found.values())


def _axis_of(points):
    """`size` where it varies, else the numeric parameter with most values, switches (0 and 1) aside; else None."""
    values = {}
    for point in points:
        for key, value in point.params.items():
            if not isinstance(value, str):
                values.setdefault(key, set()).add(value)
    varying = {key: len(v) for key, v in values.items() if len(v) > 1 and not v <= {0, 1}}
    return max(sorted(varying), key=lambda key: (key == "size", varying[key])) if varying else None


def questions_of(points):
    """The questions in class order, then in the order of the file."""
    by_workload = {}
    for point in points:
        by_workload.setdefault((point.system, point.workload, point.cls), []).append(point)
    found = []
    for (system, workload, cls), group in by_workload.items():
        axis, split = _axis_of(group), {}
        for point in group:
            fixed = {k: v for k, v in point.params.items() if k != axis}
            own_axis = axis if axis in point.params else None
            key = (own_axis, tuple(sorted(fixed.items(), key=str)))
            split.setdefault(key, Question(system, workload, cls, fixed, own_axis, [])).points.append(point)
        found += split.values()
    for question in found:
        if question.axis:
            question.points.sort(key=lambda p: p.params[question.axis])
    return sorted(found, key=lambda q: class_order(q.cls))


def reference(points):
    """The point that stands for a workload: measured and compared for most designs, nearest to 4 KiB, the middle one.

    Cold and real input aside where there is anything else. REQUIRES: points of one workload, not empty.
    """
    usual = [p for p in points if not p.params.keys() & {"cold", "input"}] or points
    ranked = sorted(usual, key=lambda p: [(k, str(type(v)), v) for k, v in sorted(p.params.items())])

    def rank(item):
        place, point = item
        size = point.params.get("size")
        far = abs(math.log(size / REFERENCE_BYTES)) if size and not isinstance(size, str) else 0
        return -sum(r.timed + r.compared for r in point.rows.values()), round(far, 9), abs(place - len(ranked) // 2)

    return min(enumerate(ranked), key=rank)[1]
