# SPDX-License-Identifier: Apache-2.0
"""Ratios paired by launch, their intervals, and where two cost curves cross. Pure functions.

The same methods as harness/stats, so that page, console and `recommend` agree. Interval of a median: two order
statistics, after Thompson, "On confidence ranges for the median" (1936).
"""
import math
from dataclasses import dataclass
from statistics import median

LEVEL = 0.95
PAIRS_MIN = 5  # with fewer launches nothing is ever called separated


@dataclass(frozen=True)
class Estimate:
    """A ratio of two costs with its interval over launches."""

    ratio: float
    low: float
    high: float
    pairs: int

    @property
    def separated(self):
        return self.pairs >= PAIRS_MIN and not self.low <= 1 <= self.high


@dataclass(frozen=True)
class Flip:
    """Where the answer flips, its interval over launches, and the measured sizes around it that are separated."""

    size: float
    low: float
    high: float
    below: float
    above: float
    first_wins_below: bool


def median_interval(values, level=LEVEL):
    """The narrowest pair of order statistics that covers the median at `level`; else the full range.

    REQUIRES: not empty.
    """
    ordered, n = sorted(values), len(values)
    outside, rank = 2 * 0.5**n, 1
    term = outside
    while rank < (n + 1) // 2:
        term *= (n - rank + 1) / rank
        if outside + term > 1 - level:
            break
        outside, rank = outside + term, rank + 1
    return ordered[rank - 1], ordered[n - rank]


def paired_ratio(numerator, denominator):
    """The ratio of two {launch: ns}, launch by launch. None without a common launch."""
    logs = [math.log(numerator[k]) - math.log(denominator[k]) for k in sorted(numerator.keys() & denominator.keys())]
    if not logs:
        return None
    low, high = median_interval(logs)
    return Estimate(math.exp(median(logs)), math.exp(low), math.exp(high), len(logs))


def _crossing(path, first_wins_below):
    """Where one launch's log ratio passes 0 over log size; the middle one if scatter makes it pass several times.

    Read as if it came from the side of the winner below and went on to the side of the winner above: a wrong sign at an
    end is a crossing there, so that the number of crossings is odd.
    """
    lead = [(x, y if first_wins_below else -y) for x, y in path]
    found = [lead[0][0]] if lead[0][1] >= 0 else []
    for (x0, y0), (x1, y1) in zip(lead, lead[1:]):
        if (y0 < 0) != (y1 < 0):
            found.append(x0 + (x1 - x0) * y0 / (y0 - y1))
    if lead[-1][1] < 0:
        found.append(lead[-1][0])
    return found[len(found) // 2]


def _flip_within(bracket, first_wins_below):
    """REQUIRES: the first and the last size of the bracket are separated, with different winners."""
    below, above = bracket[0][0], bracket[-1][0]
    ends = bracket[0][1].keys() & bracket[0][2].keys() & bracket[-1][1].keys() & bracket[-1][2].keys()
    crossings = []
    for launch in sorted(ends):
        path = [(math.log(size), math.log(a[launch] / b[launch])) for size, a, b in bracket if launch in a.keys() & b]
        crossings.append(_crossing(path, first_wins_below))
    if not crossings:
        return Flip(math.sqrt(below * above), below, above, below, above, first_wins_below)
    low, high = median_interval(crossings)
    return Flip(math.exp(median(crossings)), math.exp(low), math.exp(high), below, above, first_wins_below)


def flips(curve):
    """All sizes at which the lower of two costs changes, from small to large.

    `curve` is [(size, {launch: ns} of the first, {launch: ns} of the second)], ascending. A flip lies between two
    neighbouring separated sizes with different winners; sizes that do not separate lie inside a bracket and never end
    one, so curves that only touch, or cross where the scatter hides it, give no flip.
    """
    found, last, last_at = [], None, 0
    for i, (_, a, b) in enumerate(curve):
        estimate = paired_ratio(a, b)
        if estimate is None or not estimate.separated:
            continue
        first_wins = estimate.high < 1
        if last is not None and first_wins != last:
            found.append(_flip_within(curve[last_at : i + 1], last))
        last, last_at = first_wins, i
    return found
