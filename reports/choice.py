# SPDX-License-Identifier: Apache-2.0
"""Who wins: at a point, along a question, in a class. Pure functions over what was measured.

The lowest time wins a point only against designs that it is separated from: the interval of their ratio, paired by
launch, excludes 1, and their ratio is outside the run's noise floor.
"""
import math
from dataclasses import dataclass

from reports import stats
from reports.points import class_order, points_of, questions_of, same, unmet
from reports.rows import BASELINE
from reports.verified import broken, may_be_compared_with


@dataclass(frozen=True)
class Contest:
    """One point, decided. `best` are the designs with the lowest time or not separated from it, fastest first."""

    point: object
    order: list  # RunRows that may win, fastest first
    best: list


@dataclass(frozen=True)
class Decision:
    """One class of one system."""

    system: str
    cls: str
    questions: list
    contests: list  # those with at least two designs
    picks: list  # designs; several when they are in the best set of the same points; all when none is separated
    wins: int  # points at which the pick is best or not separated from it
    out: dict  # design -> reasons for which it may not be recommended

    @property
    def level(self):
        """No design is separated from the fastest at any point: there is nothing to choose by."""
        return all(len(c.best) == len(c.order) for c in self.contests)

    @property
    def chosen(self):
        """The picks, where they are a choice of something else than copy; else empty."""
        return [] if self.level or BASELINE in self.picks else self.picks


@dataclass(frozen=True)
class Held:
    """The row of an audit in which a design keeps most beyond what is live."""

    row: object
    ratio: float
    baseline_ratio: float  # copy's in the same workload and parameters; 1 where unknown


class Chooser:
    """Answers for one result directory. Cost: a few passes over the rows; nothing is kept but the rows."""

    def __init__(self, results):
        self.results = results
        self.points = points_of(results.rows)
        self.questions = questions_of(self.points)
        self.broken = broken(results)
        self._unmet = unmet(results.rows)

    def may_win(self, row):
        return row.timed and not row.dishonest and not row.apart and (row.system, row.design) not in self.broken

    def may_compare(self, row):
        """May the ratio of this row to copy be shown?"""
        able = row.compared and self.may_win(row) and may_be_compared_with(self.broken, row.system)
        return able and same(row) not in self._unmet

    def launches(self, row):
        """{launch: ns} of a row; empty when the run kept none."""
        return self.results.samples.get((row.key, row.allocator), {})

    def ratio(self, row, other):
        return stats.paired_ratio(self.launches(row), self.launches(other))

    def separated(self, row, other):
        estimate = self.ratio(row, other)
        if estimate is None or not estimate.separated:
            return False
        floor = self.results.noise_floor  # not known: the intervals alone decide, and the page warns of it
        return floor is None or abs(math.log(estimate.ratio)) > math.log1p(floor)

    def contest(self, point, among=None):
        """Decides a point, among the named designs only if given."""
        able = (r for r in point.rows.values() if self.may_win(r) and (among is None or r.design in among))
        order = sorted(able, key=lambda r: (r.ns, r.design))
        best = [r.design for r in order if r is order[0] or not self.separated(r, order[0])]
        return Contest(point, order, best)

    def flips(self, question, design):
        """Where the answer flips between `design` and the baseline; only points that have an honest baseline count."""
        if question.axis is None:
            return []
        curve = []
        for point in question.points:
            row, base = point.rows.get(design), point.baseline
            if row and base and self.may_compare(row):
                curve.append((point.params[question.axis], self.launches(row), self.launches(base)))
        return stats.flips(curve)

    def decide(self, system, cls, among=None):
        """Decides a class of a system, among the named designs only if given."""
        mine = [q for q in self.questions if (q.system, q.cls) == (system, cls)]
        contests = [self.contest(p, among) for q in mine for p in q.points]
        contests = [c for c in contests if len(c.order) > 1]
        designs = sorted({d for c in contests for d in c.best})
        wins = {d: sum(d in c.best for c in contests) for d in designs}
        rank = sorted(designs, key=lambda d: (-wins[d], _distance(contests, d), d != BASELINE, d))
        level = all(len(c.best) == len(c.order) for c in contests)
        picks = [d for d in rank if level or all((d in c.best) == (rank[0] in c.best) for c in contests)]
        picks.sort(key=lambda d: self.obligations(system, d) != "")  # stable: what asks nothing comes first
        measured = {r.design for q in mine for p in q.points for r in p.rows.values()}
        out = {d: self.broken[system, d] for d in sorted(measured) if (system, d) in self.broken}
        return Decision(system, cls, mine, contests, picks, wins[picks[0]] if picks else 0, out)

    def card(self, system, design):
        """What the audit says about a design; None without it."""
        cards = self.results.audit.designs if self.results.audit else ()
        return next((c for c in cards if (c.system, c.name) == (system, design)), None)

    def obligations(self, system, design):
        """What the caller must keep; empty for nothing, None where nobody says."""
        card = self.card(system, design)
        if card is None or not card.obligations:
            return None
        return "" if card.obligations.lower().startswith("none") else card.obligations

    def retained(self, system, design, cls=None):
        """The worst retention of a design, in one class or in all; None where no audit says."""
        audited = [r for r in (self.results.audit.rows if self.results.audit else ())
                   if r.system == system and cls in (None, r.cls) and r.counts["retained_over_live"] is not None]
        mine = [r for r in audited if r.design == design]
        if not mine:
            return None
        worst = max(mine, key=lambda r: r.counts["retained_over_live"])
        same = [r.counts["retained_over_live"] for r in audited
                if (r.design, r.workload, r.params) == (BASELINE, worst.workload, worst.params)]
        return Held(worst, worst.counts["retained_over_live"], same[0] if same else 1)

    def free(self, system):
        """The designs of a system that ask nothing of the caller."""
        return {d for p in self.points if p.system == system for d in p.rows if self.obligations(system, d) == ""}

    def decisions(self):
        pairs = {(q.cls, q.system): None for q in self.questions}
        return [self.decide(system, cls) for cls, system in sorted(pairs, key=lambda p: class_order(p[0]))]


def _distance(contests, design):
    """The mean log distance of a design from the lowest time, over the points where it was measured."""
    logs = [math.log(r.ns / c.order[0].ns) for c in contests for r in c.order if r.design == design]
    return round(sum(logs) / len(logs), 9)
