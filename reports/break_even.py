# SPDX-License-Identifier: Apache-2.0
"""Where one way of doing the same work begins to cost less than another, inside one design.

A parameter that names ways (`how`: copy or gather; `streamed`: whole or streamed) splits a design's curve into one for
each way. Two of them are compared as two designs are: paired by launch, with an interval. The wording is fixed by
tests/test_break_even.py.
"""
from dataclasses import dataclass

from reports import points, stats, units
from reports.phrases import at, count_of_points, flip

# parameter -> the two ways that are compared, and the way (or None) that is to choose the better of them at each size
WAYS = {"how": ("copy", "gather", "adaptive"), "streamed": (0, 1, None)}
_WORDS = {("streamed", 0): "whole", ("streamed", 1): "streamed"}
_LIMIT = "gather_break_even"  # of the machine; its answer is a size


@dataclass(frozen=True)
class Versus:
    """Two ways of one design along a question's axis; `key` is the parameter that names them."""

    key: str
    design: str
    question: points.Question  # of the first way
    pairs: list  # [(value, RunRow of the first way, RunRow of the second, RunRow of the choosing one or None)]

    def word(self, place):
        way = WAYS[self.key][place]
        return _WORDS.get((self.key, way), way)

    @property
    def fixed(self):
        return {k: v for k, v in self.question.fixed.items() if k != self.key}


def _row(question, value, design, chooser):
    """The row of a design at one value of the axis, where it has an honest time."""
    if question is None:
        return None
    found = [p.rows.get(design) for p in question.points if p.params[question.axis] == value]
    return found[0] if found and found[0] is not None and chooser.may_win(found[0]) else None


def _other(chooser, question, key, way):
    """The same question with another way."""
    fixed = {**question.fixed, key: way}
    same = (q for q in chooser.questions if (q.system, q.workload, q.axis, q.fixed) ==
            (question.system, question.workload, question.axis, fixed))
    return next(same, None)


def comparisons(chooser):
    """Every design and question in which both ways were timed at two sizes at least."""
    found = []
    for key, (first, second, choosing) in WAYS.items():
        for question in chooser.questions:
            if question.axis is None or question.fixed.get(key) != first:
                continue
            partner = _other(chooser, question, key, second)
            third = _other(chooser, question, key, choosing) if choosing is not None else None
            for design in dict.fromkeys(d for p in question.points for d in p.rows):
                pairs = [(v, *(_row(q, v, design, chooser) for q in (question, partner, third)))
                         for v in (p.params[question.axis] for p in question.points)]
                pairs = [p for p in pairs if None not in p[1:3]]
                if len(pairs) > 1:
                    found.append(Versus(key, design, question, pairs))
    return found


def _segments(chooser, versus):
    """Who takes less time where, if the two do not cross."""
    less = [0, 0]
    for _, a, b, _ in versus.pairs:
        if chooser.separated(a, b):
            less[a.ns > b.ns] += 1
    total = len(versus.pairs)
    parts = [f"{versus.word(i)} takes less time at {count_of_points(n, total)}" for i, n in enumerate(less) if n]
    level = total - sum(less)
    parts += [f"not separated at {count_of_points(level, total)}"] if level else []
    key, low, high = versus.question.axis, versus.pairs[0][0], versus.pairs[-1][0]
    return f"no crossing {at(key, low).replace('at', 'from', 1)} to {units.amount(key, high)}: {', '.join(parts)}"


def _chosen(chooser, versus):
    """How far the choosing way is from the better of both, at worst."""
    word = WAYS[versus.key][2]
    found = []
    for value, a, b, c in versus.pairs:
        estimate = chooser.ratio(c, min(a, b, key=lambda r: r.ns)) if c else None
        if estimate is not None:
            found.append((estimate.ratio, value, estimate))
    if not found:
        return ""
    ratio, value, estimate = max(found, key=lambda f: f[:2])
    return (f" {word} takes at most {units.digits(ratio)}× (95 % interval {units.digits(estimate.low)} to "
            f"{units.digits(estimate.high)}) the time of the better of both, {at(versus.question.axis, value)}.")


def sentence(chooser, versus):
    """One comparison in words."""
    first, second = versus.word(0), versus.word(1)
    curve = [(value, chooser.launches(a), chooser.launches(b)) for value, a, b, _ in versus.pairs]
    crossings = [flip(versus.question, f, first, second) for f in stats.flips(curve)]
    said = f"{first} and {second} cross {'; '.join(crossings)}" if crossings else _segments(chooser, versus)
    scope = f"**{points.name(versus.question.workload, versus.fixed)}**, {versus.design}: "
    return f"{scope}{said}.{_chosen(chooser, versus)}"


def of_machine(chooser):
    """What the launches themselves measured before the cells, and what a choosing way goes by."""
    row = next((r for r in points.main_limits(chooser.results.limits) if r.limit == _LIMIT and r.bytes), None)
    if row is None:
        return []
    interval = f" ({units.estimated_size(row.bytes_low)} to {units.estimated_size(row.bytes_high)})" \
        if row.bytes_low and row.bytes_high else ""
    return [f"**This machine**: below {units.estimated_size(row.bytes)}{interval} a payload costs less copied beside "
            "its head and written in one piece than gathered, on a socket pair in one thread; every launch measures it "
            "anew, and adaptive goes by it."]


def break_evens(chooser):
    """All sentences; none where no parameter of the run names ways."""
    found = [sentence(chooser, v) for v in comparisons(chooser)]
    return [*of_machine(chooser), *found] if found else []
