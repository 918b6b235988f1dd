# SPDX-License-Identifier: Apache-2.0
"""Launches as launches are: skewed, tied, wide and partly missing. What is expected was worked out with other software
(SciPy), and differs from what a mean, an unpaired ratio, a neighbouring quantile or another column would say."""
import math
from dataclasses import replace

import pytest

from reports import points, rows, stats, verified
from reports.choice import Chooser
from reports.tests.small import audited, card, chooser, point, results, row

COPY = {0: 100, 1: 101, 2: 100, 3: 240, 4: 103, 5: 100, 6: 107, 8: 102, 9: 100, 10: 530, 11: 101}
SLICE = {0: 50, 1: 33, 2: 61, 3: 90, 5: 50, 6: 52, 7: 49, 8: 50, 9: 75, 10: 310, 11: 50}


def of(*runs, noise_floor=0.0, **changes):
    """A chooser of rows with launches of their own: (row, {launch: ns})."""
    found = results([r for r, _ in runs], noise_floor=noise_floor, **changes)
    return Chooser(replace(found, samples={(r.key, r.allocator): ns for r, ns in runs}))


def flat(ns, count=12):
    return {i: ns for i in range(count)}


def test_the_interval_of_skewed_tied_values():
    assert stats.median_interval(list(COPY.values())) == (100, 240)  # second and tenth of eleven
    assert stats.median_interval([7]) == (7, 7)


def test_a_ratio_is_the_median_of_what_the_pairs_say():
    found = stats.paired_ratio(SLICE, COPY)
    assert found.ratio == pytest.approx(0.4975185951049946)  # of medians: 0.495; the mean of ratios: 0.506
    assert (found.low, found.high) == pytest.approx((0.375, 0.61))
    assert found.pairs == 10
    turned = stats.paired_ratio(COPY, SLICE)
    assert (turned.ratio, turned.low, turned.high) == pytest.approx((1 / found.ratio, 1 / found.high, 1 / found.low))


@pytest.mark.parametrize("low, high, separated", [(0.5, 0.999, True), (0.5, 1, False), (1, 2, False), (1.001, 2, True),
                                                  (0.9, 1.1, False)])
def test_an_interval_that_ends_at_1_contains_it(low, high, separated):
    assert stats.Estimate(0.7, low, high, 12).separated == separated
    wide = row("share", "slice", {}, 10, 10, ratio=0.7, ratio_low=low, ratio_high=high)
    assert wide.separated == separated


def test_a_flip_is_the_median_of_skewed_crossings():
    # The first costs 10 everywhere. The second grows from 1 to 100 over sizes 10 to 1,000, and crosses where it is 10:
    # at size 100, times what its launch is cheaper by. Three of twelve launches are far off.
    off = [1, 1, 1.1, 1.1, 1.2, 1.2, 1.3, 1.3, 1.4, 3, 5, 9]
    low, high = ({i: ns / f for i, f in enumerate(off)} for ns in (1, 100))
    (flip,) = stats.flips([(10, flat(10), low), (1000, flat(10), high)])
    assert flip.size == pytest.approx(100 * math.sqrt(1.2 * 1.3))  # of the mean: 171
    assert (flip.low, flip.high) == pytest.approx((110, 300))
    assert not flip.first_wins_below


def test_a_flip_where_no_launch_has_both_ends_is_the_whole_bracket():
    early, late = flat(1, 6), {i: 1 for i in range(6, 12)}
    (flip,) = stats.flips([(100, early, {k: 2 for k in early}), (400, late, {k: 0.5 for k in late})])
    assert (flip.size, flip.low, flip.high) == pytest.approx((200, 100, 400))


def test_a_launch_that_crosses_three_times_counts_its_middle_crossing():
    # Between separated ends lie two sizes at which nothing separates and single launches go back and forth.
    level = {i: 1.0 if i < 6 else 4.0 for i in range(12)}
    other = {i: 4.0 if i < 6 else 1.0 for i in range(12)}
    two = flat(2)
    (flip,) = stats.flips([(1, flat(1), two), (4, other, two), (16, level, two), (64, flat(4), two)])
    # Half of the launches go 1 4 1 4 (crossing at 2, 8, 32: 8), the others 1 1 4 4 (at 8).
    assert (flip.size, flip.low, flip.high) == pytest.approx((8, 8, 8))


def test_a_launch_without_the_middle_size_still_crosses():
    missing = {i: 2.0 for i in range(4)}
    (flip,) = stats.flips([(1, flat(1), flat(2)), (4, missing, {**flat(2)}), (16, flat(4), flat(2))])
    assert (flip.size, flip.low, flip.high) == pytest.approx((4, 4, 4))


def test_a_difference_within_the_noise_floor_is_none():
    """Separated by its interval, and still no nearer to a winner than the same cell is to itself."""
    def best(ratio, floor):
        c = of((row("share", "copy", {}, 100, None), flat(100)), (row("share", "slice", {}, 100 * ratio, 100),
                                                                  flat(100 * ratio)), noise_floor=floor)
        return sorted(c.contest(c.points[0]).best)
    assert best(0.97, 0.02) == ["slice"]
    assert best(0.99, 0.02) == ["copy", "slice"]
    assert best(1.01, 0.02) == ["copy", "slice"]
    assert best(1.03, 0.02) == ["copy"]
    assert best(0.99, 0.0) == ["slice"]
    assert best(0.99, None) == ["slice"]


def test_the_least_time_is_by_median_and_the_rest_by_pairs():
    # slice's median is the lowest; shm is not separated from it, copy is, although its interval overlaps shm's.
    c = of((row("share", "copy", {}, 101, None), COPY), (row("share", "slice", {}, 50, 101), SLICE),
           (row("share", "shm", {}, 51, 101), {k: v * (1.3 if k % 2 else 0.9) for k, v in SLICE.items()}))
    (decision,) = c.decisions()
    (contest,) = decision.contests
    assert [r.design for r in contest.order] == ["slice", "shm", "copy"]
    assert contest.best == ["slice", "shm"]
    assert decision.wins == 1


def test_four_launches_win_nothing():
    c = of((row("share", "copy", {}, 100, None), flat(100, 4)), (row("share", "slice", {}, 10, 100), flat(10, 4)))
    assert c.contest(c.points[0]).best == ["slice", "copy"]


def test_equal_times_are_ranked_by_name_and_copy_first():
    times = {"shm": 10, "slice": 10, "arena": 10}
    c = chooser(point("share", {"size": 64}, times))
    assert [r.design for r in c.contest(c.points[0]).order] == ["arena", "shm", "slice"]
    c = chooser(point("share", {"size": 64}, {"slice": 10, "arena": 10, "copy": 10}),
                point("share", {"size": 128}, {"slice": 10, "arena": 10, "copy": 10}))
    (decision,) = c.decisions()
    assert decision.picks == ["copy", "arena", "slice"] and decision.level and decision.chosen == []


def test_of_designs_that_win_as_often_the_one_nearer_to_the_least_time_ranks_first():
    """By the mean of logarithms: arena loses by a little everywhere, slice by a lot at one point."""
    at = [{"size": s} for s in (1, 2, 3, 4)]
    c = chooser(point("share", at[0], {"slice": 10, "arena": 11, "shm": 90}),
                point("share", at[1], {"slice": 90, "arena": 11, "shm": 10}),
                point("share", at[2], {"slice": 12, "arena": 10, "shm": 90}),
                point("share", at[3], {"slice": 12, "arena": 11, "shm": 10}))
    (decision,) = c.decisions()
    wins = {d: sum(d in x.best for x in decision.contests) for d in ("slice", "arena", "shm")}
    assert wins == {"slice": 1, "arena": 1, "shm": 2}
    assert decision.picks == ["shm"] and decision.wins == 2
    c = chooser(*[point("share", p, t) for p, t in zip(at, ({"slice": 10, "arena": 11}, {"slice": 90, "arena": 11}))])
    assert c.decisions()[0].picks == ["arena"]


def test_a_design_that_was_measured_at_fewer_points_is_held_to_those():
    c = chooser(point("share", {"size": 1}, {"copy": 10, "slice": 20}),
                point("share", {"size": 2}, {"copy": 10, "slice": 20}),
                point("share", {"size": 4}, {"copy": 10, "slice": 20, "shm": 5}))
    (decision,) = c.decisions()
    assert decision.picks == ["copy"] and decision.wins == 2


def test_the_worst_retention_is_a_maximum_beside_copy_at_the_same_point():
    made = [row("retain", d, {"compact": k}, 10, 10, cls="retain") for d in ("copy", "slice") for k in (0, 1)]
    other = row("share", "slice", {"size": 1}, 10, 10)
    held = dict(zip((r.cell for r in made), (1.5, 3.0, 40.0, 2.0)))
    kept = [audited(r, retained_over_live=held[r.cell]) for r in made] + [audited(other, retained_over_live=900.0)]
    c = chooser(made, [other], audit=rows.Audit(kept, [card("slice")], [], ""))
    found = c.retained("chunk", "slice", "retain")
    assert (found.row.params, found.ratio, found.baseline_ratio) == ({"compact": 0}, 40.0, 1.5)
    assert c.retained("chunk", "slice").ratio == 900.0
    assert c.retained("chunk", "slice").baseline_ratio == 1  # copy was not audited there
    unknown = rows.Audit([audited(made[2])], [], [], "")
    assert chooser(made, audit=unknown).retained("chunk", "slice") is None


@pytest.mark.parametrize("overlap, apart", [(0.0, True), (0.49, True), (0.5, False), (1.0, False), (None, False)])
def test_roles_met_for_half_of_the_time_at_least(overlap, apart):
    assert row("contended", "slice", {}, 10, 10, overlap=overlap).apart == apart


def test_the_overlap_of_each_row_counts_for_itself():
    """copy's roles met, slice's did not, shm's are alone: only slice wins nothing."""
    run = [row("contended", "copy", {}, 30, None, overlap=0.8), row("contended", "slice", {}, 10, 30, overlap=0.2),
           row("contended", "shm", {}, 20, 30, overlap=None)]
    c = chooser(run)
    assert [r.design for r in c.contest(c.points[0]).order] == ["shm", "copy"]
    assert not c.may_compare(run[1]) and c.may_compare(run[2])
    unmet = chooser([replace(run[0], overlap=0.3), replace(run[1], overlap=0.9)])
    assert not unmet.may_compare(unmet.points[0].rows["slice"]) and points.unmet(unmet.results.rows)


@pytest.mark.parametrize("ns, timed", [(0.19, False), (0.2, True), (None, False), (5, True)])
def test_plausible_is_at_least_a_fifth_of_a_nanosecond(ns, timed):
    assert row("share", "slice", {}, ns, 100).timed == timed


@pytest.mark.parametrize("count, level, ranks", [(4, 0.375, (2, 3)), (4, 0.376, (1, 4)), (5, 0.01, (2, 4)),
                                                 (4, 0.01, (2, 3)), (1, 0.01, (1, 1)), (2, 0.01, (1, 2)),
                                                 (7, 0.99, (1, 7))])
def test_a_pair_of_ranks_that_covers_as_much_as_is_asked_for_is_enough(count, level, ranks):
    assert stats.median_interval(list(range(count, 0, -1)), level) == ranks


@pytest.mark.parametrize("crossed", [2.0, 1.0])
def test_launches_that_disagree_at_an_end_are_placed_at_that_end(crossed):
    """Nine launches, second to eighth: one stray at each end moves neither; two at one end would."""
    below, above = {**flat(0.5, 9), 0: crossed}, {**flat(2.0, 9), 7: 0.5}
    (flip,) = stats.flips([(100, below, flat(1, 9)), (10000, above, flat(1, 9))])
    assert (flip.size, flip.low, flip.high) == pytest.approx((1000, 1000, 1000))


def test_a_launch_that_touches_and_turns_back_counts_where_it_touched():
    level = flat(1)
    turn = {i: 0.5 if i < 7 else 2 for i in range(12)}
    (flip,) = stats.flips([(1, flat(0.5), level), (4, level, level), (16, turn, level), (64, flat(2), level)])
    assert flip.size == pytest.approx(4)


def test_a_launch_that_lacks_one_end_says_nothing_of_the_flip():
    def without(values, launch):
        return {k: v for k, v in values.items() if k != launch}
    a_below, b_below, a_above, b_above = flat(0.5), flat(1), flat(2), flat(1)
    far = {i: 0.5 if i < 4 else 2 for i in range(12)}
    (flip,) = stats.flips([(1, without(a_below, 0), without(b_below, 1)), (4, far, flat(1)),
                           (16, without(a_above, 2), without(b_above, 3))])
    assert (flip.size, flip.low, flip.high) == pytest.approx((2, 2, 2))


def test_what_is_separated_within_the_noise_floor_is_judged_by_its_middle():
    near = {i: 98.5 + 0.1 * (i - 6) for i in range(12)} | {0: 90, 1: 91, 2: 92}
    c = of((row("share", "copy", {}, 100, None), flat(100)), (row("share", "slice", {}, 98.4, 100), near),
           noise_floor=0.02)
    assert c.ratio(c.points[0].rows["slice"], c.points[0].baseline).low < 0.93
    assert sorted(c.contest(c.points[0]).best) == ["copy", "slice"]


def test_a_point_without_the_design_or_without_copy_is_no_place_of_a_flip():
    c = chooser(point("share", {"size": 64}, {"copy": 10, "slice": 20}), point("share", {"size": 128}, {"copy": 10}),
                point("share", {"size": 200}, {"slice": 20}), point("share", {"size": 1024}, {"copy": 80, "slice": 20}))
    (question,) = c.questions
    (flip,) = c.flips(question, "slice")
    assert (flip.below, flip.above) == (64, 1024)


def test_copy_is_no_choice_of_something_else():
    c = chooser(point("share", {"size": 64}, {"copy": 10, "slice": 20}))
    (decision,) = c.decisions()
    assert not decision.level and decision.picks == ["copy"] and decision.chosen == []


def test_classes_are_decided_in_their_order_whatever_the_file_and_the_system_say():
    c = chooser([row("a", "slice", {}, 10, None, cls="recover", system="chunk")],
                [row("b", "slice", {}, 10, None, cls="ingest", system="raft")],
                [row("c", "slice", {}, 10, None, cls="retain", system="event_store")])
    assert [d.cls for d in c.decisions()] == ["ingest", "retain", "recover"]


def test_the_distance_is_to_the_least_time():
    """Each wins the only point that it was measured at: neither is nearer for a slow third one."""
    c = chooser(point("share", {"size": 1}, {"arena": 10, "shm": 20}),
                point("share", {"size": 2}, {"slice": 10, "shm": 100}))
    assert c.decisions()[0].picks == ["arena"]


def test_where_nobody_is_ahead_the_points_are_those_of_the_first():
    c = chooser(point("share", {"size": 1}, {"copy": 10, "slice": 10}),
                point("share", {"size": 2}, {"shm": 10, "slice": 10}),
                point("share", {"size": 4}, {"shm": 10, "slice": 10}))
    (decision,) = c.decisions()
    assert decision.level and decision.picks[0] == "slice" and decision.wins == 3


def law(design, verdict, system="chunk"):
    return rows.LawRow(system, design, "a_law", 200, verdict, "")


def test_laws_and_promises_are_counted_by_design_and_system():
    laws = [law("slice", "holds"), law("slice", "broken"), law("slice", "not offered"), law("arena", "holds"),
            law("slice", "holds", "raft"), law("slice", "gave_up")]
    run = [row("share", d, {}, 10, 10, system=s)
           for d, s in (("slice", "chunk"), ("arena", "chunk"), ("slice", "raft"))]
    kept, lost = ({"kind": "exact", "kept": k, "why": ""} for k in (True, False))
    audit = rows.Audit([audited(run[0], kept), audited(run[0], lost, "broken"), audited(run[0], kept, "not measured"),
                        audited(run[0]), audited(run[1], kept), audited(run[2], kept)], [], [], "")
    found = results(run, audit=audit, verify=rows.Verify(laws, ""))
    assert verified.laws(found, "chunk", "slice") == (1, 3)
    assert verified.laws(found, "raft", "slice") == (1, 1)
    assert verified.promises(found, "chunk", "slice") == (1, 2)
    assert verified.promises(found, "chunk", "arena") == (1, 1)
    assert verified.laws(results(run), "chunk", "slice") is None and \
        verified.promises(results(run), "chunk", "slice") is None


def axis(*params, workload="w"):
    found = chooser(*[point(workload, p, {"copy": 10, "slice": 20}) for p in params]).questions
    return sorted({q.axis for q in found}, key=str)


def test_the_axis_is_the_size_or_what_varies_most_and_no_switch():
    assert axis({"size": 1, "threads": 1}, {"size": 1, "threads": 2}, {"size": 2, "threads": 4}) == ["size"]
    assert axis({"compact": 0}, {"compact": 1}) == [None]
    assert axis({"compact": 0, "threads": 1}, {"compact": 1, "threads": 2}) == ["threads"]
    assert axis({"threads": 0}, {"threads": 2}) == ["threads"]
    assert axis({"a": 1, "b": 1}, {"a": 2, "b": 2}, {"a": 2, "b": 3}) == ["b"]
    assert axis({"way": "x"}, {"way": "y"}) == [None]


def stands_for(*params, times=None):
    """The parameters of the point that stands for a workload."""
    found = [p for x in params for p in chooser(point("w", x, times or {"copy": 10, "slice": 20})).points]
    return points.reference(found).params


def test_the_reference_is_the_nearest_to_4_kib_then_the_middle_one():
    sizes = [{"size": s} for s in (64, 2048, 16384, 1048576)]
    assert stands_for(*sizes) == {"size": 2048}
    assert stands_for({"size": 1024}, {"size": 8192}, {"size": 2}) == {"size": 8192}
    assert stands_for(*({"threads": t} for t in (8, 1, 4, 2, 16))) == {"threads": 4}
    assert stands_for({"size": "large"}, {"size": "small"}, {"size": "medium"}) == {"size": "medium"}
    assert stands_for({"size": 4096, "cold": 1}, {"size": 64}) == {"size": 64}
    assert stands_for({"size": 4096, "input": 1}) == {"size": 4096, "input": 1}


def test_the_reference_is_measured_and_compared_for_most_designs():
    more = chooser(point("w", {"size": 64}, {"copy": 10, "slice": 20, "shm": 5})).points
    less = chooser(point("w", {"size": 4096}, {"copy": 10, "slice": 20})).points
    assert points.reference(more + less).params == {"size": 64}
    assert points.reference(less + more).params == {"size": 64}


def test_rankings_use_one_allocator():
    def of_allocators(*names):
        return {r.allocator for r in points.main_rows([row("w", "slice", {}, 1, None, allocator=n) for n in names])}
    assert of_allocators("zlib", "glibc", "mimalloc") == {"mimalloc"}
    assert of_allocators("jemalloc", "glibc") == {"glibc"}
