# SPDX-License-Identifier: Apache-2.0
"""The published table on zero-copy slicing, held against what was measured here.

The claim: slicing the first half of a buffer takes so many times less time without a copy than with one. The published
program kept all copies alive until the end (retained 1); whoever drops them at once (retained 0) asks the fairer
question, so both are shown. Confirmed: the whole interval meets the claim. Refuted: none of it does.
"""
from dataclasses import dataclass

from reports.rows import BASELINE

SYSTEM, WORKLOAD = "chunk", "published"
CLAIMED = {1000: 10.8, 10000: 80.8, 100000: 1015.1}  # buffer bytes: times faster, as published


@dataclass(frozen=True)
class Claim:
    size: int
    claimed: float
    retained: bool
    design: str
    row: object | None  # the design's RunRow; None where it was not run
    verdict: str
    why: str

    @property
    def measured(self):
        """(times faster, low, high), or None."""
        if self.row is None or not self.row.compared:
            return None
        return 1 / self.row.ratio, 1 / self.row.ratio_high, 1 / self.row.ratio_low


def judge(claimed, low, high):
    """By interval only: a claim that lies inside is neither met nor missed."""
    if low >= claimed:
        return "confirmed"
    return "refuted" if high < claimed else "inconclusive"


def _claim(chooser, size, retained, design):
    claimed = CLAIMED[size]
    point = next((p for p in chooser.points if (p.system, p.workload) == (SYSTEM, WORKLOAD)
                  and p.params == {"size": size, "retained": int(retained)}), None)
    row = point.rows.get(design) if point else None
    if row is None:
        return Claim(size, claimed, retained, design, None, "inconclusive", "not run")
    if not chooser.may_win(row):
        return Claim(size, claimed, retained, design, None, "inconclusive", row.why or "not verified")
    if not chooser.may_compare(row):
        return Claim(size, claimed, retained, design, None, "inconclusive", row.why or "no copy to compare with")
    found = Claim(size, claimed, retained, design, row, "", "")
    _, low, high = found.measured
    return Claim(size, claimed, retained, design, row, judge(claimed, low, high), "")


def claims(chooser):
    """All claims for every design but copy; empty when the run does not contain the workload."""
    points = [p for p in chooser.points if (p.system, p.workload) == (SYSTEM, WORKLOAD)]
    designs = list(dict.fromkeys(d for p in points for d in p.rows if d != BASELINE))
    return [_claim(chooser, size, retained, d) for d in designs for retained in (False, True) for size in CLAIMED]
