# SPDX-License-Identifier: Apache-2.0
"""The wording of every kind of sentence, against results that were made for it (tests/small.py)."""
from dataclasses import replace

from reports import notes, rows, table, tables
from reports.answers import answer
from reports.tests.small import audited, card, chooser, point, row
from reports.verdicts import headline


def only(c):
    """The headline of the only class, as one text."""
    (decision,) = c.decisions()
    return " ".join(headline(c, decision))


def audit(cards, *audit_rows):
    return rows.Audit(list(audit_rows), cards, [], "")


def test_a_winner_everywhere():
    c = chooser(point("slice", {"size": 64}, {"copy": 20, "slice": 10}),
                point("slice", {"size": 4096}, {"copy": 100, "slice": 10}))
    assert only(c) == ("**share**, chunk: pick **slice**, best at all 2 points. Against copy: 2.00× (95 % interval "
                       "1.96 to 2.04) less time in slice (64 B), up to 10.0× (9.80 to 10.2) less time in slice (4 "
                       "KiB).")


def test_one_point_only():
    c = chooser(point("lines", {}, {"copy": 20, "slice": 10}, cls="read_many"))
    assert only(c) == ("**read_many** (read-mostly), chunk: pick **slice**, best at the only point. Against copy: "
                       "2.00× (95 % interval 1.96 to 2.04) less time in lines.")


def test_the_answer_flips():
    # Ratios 2 at 1 KiB and 1/2 at 4 KiB: equal in the middle of the logarithms, at 2 KiB. The interval follows from the
    # scatter of the ratio, 0.98 to 1.02, over a slope of -1: 2 KiB times the same.
    c = chooser(point("share", {"size": 1024}, {"copy": 10, "slice": 20}),
                point("share", {"size": 4096}, {"copy": 40, "slice": 20}),
                point("share", {"size": 16384}, {"copy": 160, "slice": 20}))
    assert only(c) == ("**share**, chunk: pick **slice**, best or not separated from the best at 2 of 3 points. "
                       "At the other point the least time is copy's. "
                       "Against copy: 2.00× (95 % interval 1.96 to 2.04) more time in share (1 KiB), up to 8.00× "
                       "(7.84 to 8.16) less time in share (16 KiB); copy takes less time at 1 of 3 points. The answer "
                       "flips at 2.00 KiB (1.96 KiB to 2.04 KiB): copy below, slice above, in share.")


def test_copy_wins():
    c = chooser(point("share", {"size": 64}, {"copy": 10, "slice": 20, "shm": 15}))
    assert only(c) == ("**share**, chunk: keep **copy**, best or not separated from the best at the only point. The "
                       "nearest is shm: 1.50× (95 % interval 1.47 to 1.53) more time in share (64 B).")


def test_copy_wins_but_not_everywhere():
    c = chooser(*[point("share", {"size": s}, {"copy": 10, "slice": 20}) for s in (16, 32)],
                point("share", {"size": 64}, {"copy": 30, "slice": 20}))
    assert only(c) == ("**share**, chunk: keep **copy**, best or not separated from the best at 2 of 3 points. The "
                       "nearest is slice: 1.50× (95 % interval 1.47 to 1.53) less time in share (64 B); others take "
                       "less time in 1 of 3 cells.")


def test_the_level_is_said_with_the_first_interval_of_a_ratio():
    c = chooser(point("share", {"size": 64}, {"copy": 10, "slice": 10}),
                point("share", {"size": 128}, {"copy": 30, "slice": 10}))
    assert "Against copy: not separated (ratio 0.980 to 1.02) in share (64 B), up to 3.00× (95 % interval 2.94 to " \
           "3.06) less time in share (128 B); not separated from copy at 1 of 2 points." in only(c)


def test_not_separated():
    c = chooser(point("share", {"size": 64}, {"copy": 10, "slice": 10.05}))
    assert only(c) == (
        "**share**, chunk: **copy** and **slice** are not separated and share the lowest time at the only point.")


def test_where_nothing_is_separated_nothing_is_picked():
    """Whoever was measured at more points than copy is not better for that."""
    met = point("hand_over", {"size": 64}, {"copy": 20, "slice": 20, "shm": 20}, cls="hand_over")
    alone = point("hand_over", {"size": 128}, {"slice": 20, "shm": 20}, cls="hand_over")
    cards = audit([card("slice", "the source stays alive"), card("shm", "the segment stays")])
    c = chooser(met, alone, audit=cards)
    assert only(c) == ("**hand_over**, chunk: **copy**, **shm** and **slice** are not separated and share the lowest "
                       "time at every point where they were measured.")
    assert tables.recommended(c) == []


def test_no_ratio_to_a_copy_whose_roles_did_not_meet():
    run = point("hand_over", {"size": 64}, {"copy": 200, "slice": 10, "shm": 30}, cls="hand_over", overlap=0.9)
    c = chooser([replace(run[0], overlap=0.1), *run[1:]])
    assert only(c) == ("**hand_over**, chunk: pick **slice**, best at the only point. No ratio: the roles of copy "
                       "hardly ran at the same time.")
    assert ("no ratio, as the roles of copy hardly ran at the same time", [r.cell for r in run[1:]]) in \
        notes.not_measured(c.results)


def test_two_designs_are_not_separated_from_each_other():
    c = chooser(point("share", {"size": 64}, {"copy": 20, "shm": 10, "slice": 10}))
    assert only(c).startswith("**share**, chunk: pick **shm** or **slice**, not separated from each other, best or "
                              "not separated from the best at the only point. Against copy: 2.00× (")


def test_inside_the_noise_floor_is_not_separated():
    close = point("share", {"size": 64}, {"copy": 10, "slice": 9.5})
    assert "pick **slice**" in only(chooser(close, noise_floor=0.01))
    assert "**copy** and **slice** are not separated" in only(chooser(close, noise_floor=0.06))


def test_the_verdict_of_the_run_outranks_its_interval():
    """With few launches an interval may exclude 1 and yet say nothing; the run knows."""
    c = chooser(point("share", {"size": 64}, {"copy": 20, "slice": 10, "shm": 30}, verdict="not separated"))
    assert "Against copy: not separated (ratio 0.490 to 0.510) in share (64 B)" in only(c)


def test_too_few_launches_separate_nothing():
    c = chooser(point("share", {"size": 64}, {"copy": 20, "slice": 10}))
    for launches in c.results.samples.values():
        for launch in (4, 5, 6, 7):
            del launches[launch]
    assert "**copy** and **slice** are not separated" in only(c)


def test_no_design_verified():
    broken = row("share", "slice", {"size": 64}, 10, 20, verdict="broken", why="digest differs")
    missing = row("share", "copy", {"size": 64}, None, None, verdict="not measured")
    c = chooser([broken, missing])
    assert only(c) == ("**share**, chunk: no design verified. Not considered: slice (broken result in "
                       "chunk/share/design:slice/size:64: digest differs).")


def test_only_one_design_verified():
    c = chooser([row("share", "slice", {"size": 64}, 10, None)])
    assert only(c) == "**share**, chunk: no choice: no point has a verified time for more than one design (slice)."


def test_only_one_design_left_is_still_compared_with_copy():
    run = point("share", {"size": 64}, {"copy": 20, "slice": 10})
    lost = {"kind": "exact", "kept": False, "why": ""}
    c = chooser(run, audit=audit([], audited(run[0], promise=lost, verdict="broken")))
    assert only(c) == ("**share**, chunk: no choice: no point has a verified time for more than one design (slice). "
                       "Against copy: 2.00× (95 % interval 1.96 to 2.04) less time in share (64 B). Not considered: "
                       "copy (broken promise in chunk/share/design:copy/size:64).")


def test_a_copy_that_was_not_timed_is_not_a_dishonest_one():
    c = chooser(point("share", {"size": 64}, {"slice": 10, "shm": 30}))
    assert only(c) == "**share**, chunk: pick **slice**, best at the only point. No ratio: copy was not timed."


def test_a_copy_above_its_floor_is_no_opponent_at_that_point_only():
    slow = point("share", {"size": 64}, {"copy": 90, "slice": 10, "shm": 15})
    why = "`copy` takes 4.50x its floor, 1.25x is the most"
    slow = [replace(slow[0], verdict="no honest copy", why=why,
                    floor=rows.Beside("malloc_memcpy_free/size:64", 20, 4.5)),
            *[replace(r, why=f"no ratio: {why}", ratio=None) for r in slow[1:]]]
    fine = point("share", {"size": 4096}, {"copy": 100, "slice": 10, "shm": 15})
    assert only(chooser(slow, fine)) == (
        "**share**, chunk: pick **slice**, best at all 2 points. Against copy: 10.0× (95 % interval 9.80 to 10.2) "
        "less time in share (4 KiB); no honest copy at 1 of 2 points.")
    c = chooser(slow)
    assert only(c).endswith("No ratio: there is no honest copy to compare with.")
    assert c.broken == {} and all(not t.struck for t in (tables.decision(c, "chunk"), tables.by_workload(c, "chunk")))
    assert table.times(slow[0]).text == "90.0 ns"  # slow is not wrong: its time stands
    assert (f"a time, and no ratio: {why}", [r.cell for r in slow[1:]]) in notes.not_measured(c.results)


def test_a_time_too_short_to_be_true_wins_nothing():
    run = point("share", {"size": 64}, {"copy": 20, "slice": 10, "arena": 0.1})
    run[2] = replace(run[2], verdict="not measured", why="below what an operation can take: removed by the compiler")
    assert "pick **slice**" in only(chooser(run))


def test_roles_that_did_not_meet_win_nothing():
    run = point("contended", {"threads": 2}, {"copy": 20, "slice": 10}, overlap=0.3)
    c = chooser(run)
    assert only(c) == "**share**, chunk: not measured: the roles hardly ran at the same time."
    assert answer(c, c.questions[0]) == ("**contended (threads 2)**: not measured: the roles hardly ran at the same "
                                         "time.")
    assert "pick **slice**" in only(chooser(point("contended", {"threads": 2}, {"copy": 20, "slice": 10}, overlap=0.5)))


def test_a_broken_promise_is_not_recommended():
    run = point("share", {"size": 64}, {"copy": 20, "slice": 10, "arena": 1})
    lost = {"kind": "exact", "allocs": 0, "copied": 0, "kept": False, "why": ""}
    c = chooser(run, audit=audit([], audited(run[2], promise=lost, verdict="broken", reasons=["1 allocation more"])))
    assert only(c) == ("**share**, chunk: pick **slice**, best at the only point. Against copy: 2.00× (95 % interval "
                       "1.96 to 2.04) less time in share (64 B). Not considered: arena (broken promise in "
                       "chunk/share/design:arena/size:64: 1 allocation more).")


def test_a_broken_law_is_not_recommended():
    run = point("share", {"size": 64}, {"copy": 20, "slice": 10, "arena": 1})
    laws = [rows.LawRow("chunk", "arena", "slices_compose", 200, "broken", "x"),
            rows.LawRow("chunk", "arena", "bytes_never_change", 200, "broken", "y")]
    c = chooser(run, verify=rows.Verify(laws, ""))
    assert only(c).endswith("Not considered: arena (broken law slices_compose, and 1 more).")
    assert "pick **slice**" in only(c)


def test_a_broken_copy_gives_no_ratio():
    run = point("share", {"size": 64}, {"copy": 20, "slice": 10, "shm": 15})
    laws = [rows.LawRow("chunk", "copy", "slices_compose", 200, "broken", "x")]
    text = only(chooser(run, verify=rows.Verify(laws, "")))
    assert "pick **slice**, best at the only point. No ratio: copy is broken." in text


def test_a_copy_that_breaks_a_promise_is_not_recommended_and_still_compared_with():
    run = point("share", {"size": 64}, {"copy": 5, "slice": 10, "shm": 15})
    lost = {"kind": "exact", "kept": False, "why": ""}
    c = chooser(run, audit=audit([], audited(run[0], promise=lost, verdict="broken")))
    assert only(c) == ("**share**, chunk: pick **slice**, best at the only point. Against copy: 2.00× (95 % interval "
                       "1.96 to 2.04) more time in share (64 B); copy takes less time at the only point. Not "
                       "considered: copy (broken promise in chunk/share/design:copy/size:64).")


def test_what_the_pick_asks_and_what_to_do_without():
    run = point("share", {"size": 64}, {"copy": 20, "slice": 10, "arena": 1})
    c = chooser(run, audit=audit([card("arena", "the region outlives its views"), card("slice", "none: it is counted"),
                                  card("copy")]))
    assert only(c) == ("**share**, chunk: pick **arena**, best at the only point. Against copy: 20.0× (95 % interval "
                       "19.6 to 20.4) less time in share (64 B). It asks of the caller: the region outlives its "
                       "views. Where that cannot be kept: pick **slice**, best at the only point. Against copy: 2.00× "
                       "(1.96 to 2.04) less time in share (64 B).")


def test_of_equals_the_one_that_asks_nothing_comes_first():
    run = point("share", {"size": 64}, {"copy": 20, "slice": 10, "arena": 10})
    c = chooser(run, audit=audit([card("arena", "the region outlives its views"), card("slice")]))
    assert "pick **slice** or **arena**, not separated" in only(c)
    assert "It asks" not in only(c)


def test_what_the_pick_keeps_alive():
    run = point("retain", {}, {"copy": 20, "slice": 10}, cls="retain")
    kept = [audited(run[0], retained_over_live=1), audited(run[1], retained_over_live=4096)]
    c = chooser(run, audit=audit([], *kept))
    assert only(c).endswith("less time in retain. It holds 4,100× the bytes that are live in retain.")
    even = [audited(run[0], retained_over_live=4096), audited(run[1], retained_over_live=4096)]
    assert "It holds" not in only(chooser(run, audit=audit([], *even)))


def test_answer_with_a_flip():
    c = chooser(point("fan_out", {"size": 1024, "consumers": 4}, {"copy": 10, "slice": 20}),
                point("fan_out", {"size": 2048, "consumers": 4}, {"copy": 20, "slice": 20}),
                point("fan_out", {"size": 4096, "consumers": 4}, {"copy": 40, "slice": 20}))
    (question,) = c.questions
    assert answer(c, question) == (
        "**fan_out (consumers 4)**: **copy** takes the least time at 1 KiB; **copy** and **slice** not separated at 2 "
        "KiB; **slice** takes the least time at 4 KiB. slice against copy: 2.00× (95 % interval 1.96 to 2.04) more "
        "time at 1 KiB, 2.00× (1.96 to 2.04) less time at 4 KiB. slice and copy cross at 2.00 KiB (1.96 KiB to 2.04 "
        "KiB): copy below, slice above.")


def test_answer_along_a_parameter_that_is_no_size():
    c = chooser(*[point("contended", {"threads": t}, {"copy": 20, "slice": 10}) for t in (1, 2, 4)])
    (question,) = c.questions
    assert answer(c, question).startswith("**contended**: **slice** takes the least time from threads 1 to 4. slice "
                                          "against copy: 2.00× (95 % interval 1.96 to 2.04) less time at threads 1, "
                                          "2.00× (")


def test_answer_without_a_parameter():
    c = chooser(point("lines", {}, {"copy": 20, "slice": 10}))
    assert answer(c, c.questions[0]) == ("**lines**: **slice** takes the least time. slice against copy: 2.00× (95 % "
                                         "interval 1.96 to 2.04) less time.")


def test_answer_where_nothing_is_verified():
    c = chooser([row("lines", "slice", {}, 10, None, verdict="broken")])
    assert answer(c, c.questions[0]) == ("**lines**: no design verified. Not considered, as something is broken: "
                                         "slice.")


def test_answer_names_what_it_leaves_out():
    laws = [rows.LawRow("chunk", "shm", "slices_compose", 200, "broken", "x")]
    c = chooser(point("lines", {}, {"copy": 20, "slice": 10, "shm": 5}), verify=rows.Verify(laws, ""))
    assert answer(c, c.questions[0]).endswith(" less time. Not considered, as something is broken: shm.")
