# SPDX-License-Identifier: Apache-2.0
"""Known answers, worked out by hand from the binomial distribution with p = 1/2."""
import math

import pytest

from reports import stats
from reports.tests.small import SCATTER


@pytest.mark.parametrize("n, rank", [
    (1, 1), (5, 1), (6, 1), (8, 1),  # 1 - 2 * 9/256 = 93 % for the second of eight: too low, so smallest to largest
    (9, 2),  # 1 - 2 * 10/512 = 96.1 %
    (12, 3),  # 1 - 2 * (1 + 12 + 66)/4096 = 96.1 %
    (20, 6)])  # the usual table: the 6th and the 15th of 20
def test_ranks_of_the_interval_of_a_median(n, rank):
    assert stats.median_interval(list(range(1, n + 1))) == (rank, n + 1 - rank)


def test_order_does_not_matter():
    assert stats.median_interval([5, 1, 9, 3, 2, 8, 7, 4, 6]) == (2, 8)


def test_ratio_is_paired_by_launch():
    # Each launch doubles both sides: unpaired the intervals overlap widely, paired the ratio is 2 exactly.
    slow = {i: 2.0**i * 20 for i in range(6)}
    fast = {i: 2.0**i * 10 for i in range(6)}
    estimate = stats.paired_ratio(slow, fast)
    assert (estimate.ratio, estimate.low, estimate.high) == pytest.approx((2, 2, 2))
    assert estimate.separated


def test_only_common_launches_count():
    estimate = stats.paired_ratio({0: 2, 1: 4, 7: 100}, {0: 1, 1: 1, 3: 1})
    assert estimate.pairs == 2
    assert estimate.ratio == pytest.approx(math.sqrt(8))
    assert stats.paired_ratio({0: 1}, {1: 1}) is None


def test_four_launches_separate_nothing():
    four, five = ({i: 2.0 for i in range(n)} for n in (4, 5))
    one = {i: 1.0 for i in range(5)}
    assert not stats.paired_ratio(four, one).separated
    assert stats.paired_ratio(five, one).separated


def _launches(ns, factors=SCATTER):
    return {i: ns * f for i, f in enumerate(factors)}


def _flat(ns):
    return {i: ns for i in range(len(SCATTER))}


def test_a_flip_between_two_sizes():
    # The first costs 4x at 100, a quarter at 10,000: they cross at 1,000, in the middle of the logarithms.
    (flip,) = stats.flips([(100, _flat(4), _flat(1)), (10000, _flat(1), _flat(4))])
    assert (flip.size, flip.below, flip.above) == (pytest.approx(1000), 100, 10000)
    assert (flip.low, flip.high) == pytest.approx((1000, 1000))
    assert not flip.first_wins_below


def test_the_interval_of_a_flip_follows_from_the_scatter():
    # Cost of the first: constant; of the second: as the size. A launch that costs 2 % more crosses 2 % later.
    (flip,) = stats.flips([(64, _launches(100), _flat(64)), (128, _launches(100), _flat(128))])
    assert (flip.size, flip.low, flip.high) == pytest.approx((100, 98, 102))


def test_sizes_that_do_not_separate_end_no_bracket():
    level = (200, _launches(1), _flat(1))
    (flip,) = stats.flips([(100, _flat(1), _flat(2)), level, (400, _flat(2), _flat(1))])
    assert (flip.below, flip.above) == (100, 400)
    assert flip.first_wins_below


def test_touching_is_not_crossing():
    assert stats.flips([(100, _flat(1), _flat(2)), (200, _launches(1), _flat(1)), (400, _flat(1), _flat(2))]) == []
    assert stats.flips([(100, _launches(1), _flat(1)), (200, _launches(1), _flat(1))]) == []
    assert stats.flips([]) == []


def test_many_flips():
    curve = [(10, _flat(1), _flat(2)), (100, _flat(2), _flat(1)), (1000, _flat(1), _flat(2))]
    assert [(f.below, f.above, f.first_wins_below) for f in stats.flips(curve)] == [(10, 100, True), (100, 1000, False)]


def test_a_launch_that_disagrees_at_an_end_is_placed_there():
    # Nine launches: the interval is second to eighth, so one stray launch must not move it.
    stray, rest = {8: 0.5}, {i: 2.0 for i in range(8)}
    (flip,) = stats.flips([(100, {**rest, **stray}, {i: 1.0 for i in range(9)}),
                           (10000, {i: 0.5 for i in range(9)}, {i: 1.0 for i in range(9)})])
    assert (flip.low, flip.high) == pytest.approx((1000, 1000))
