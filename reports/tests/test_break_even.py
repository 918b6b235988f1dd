# SPDX-License-Identifier: Apache-2.0
"""Break-evens inside a design, literally: times are chosen so that each can be worked out by hand."""
from dataclasses import replace

from reports import break_even, page, rows, summary
from reports.content import gather
from reports.figures import Figures
from reports.tests.small import SCATTER, chooser, row

_NONE = Figures(details={}, missing="not drawn")


def ways(key, times, design="slice", workload="send", **fixed):
    """Rows of one design: {size: {way: ns}}. All launches of a row are its time times SCATTER, so ratios have no
    scatter."""
    return [row(workload, design, {"size": size, **fixed, key: way}, ns, None, cls="fan_out")
            for size, found in times.items() for way, ns in found.items()]


def said(run, **changes):
    return break_even.break_evens(chooser(run, **changes))


CROSSING = {1024: {"copy": 100, "gather": 200, "adaptive": 101}, 4096: {"copy": 400, "gather": 400, "adaptive": 400},
            16384: {"copy": 1600, "gather": 800, "adaptive": 824}}


def test_two_ways_that_cross():
    assert said(ways("how", CROSSING, followers=1)) == [
        "**send (followers 1)**, slice: copy and gather cross at 4.00 KiB (4.00 KiB to 4.00 KiB): copy below, gather "
        "above. adaptive takes at most 1.03× (95 % interval 1.03 to 1.03) the time of the better of both, at 16 KiB."]


def test_the_other_way_round():
    turned = {size: {"copy": t["gather"], "gather": t["copy"]} for size, t in CROSSING.items()}
    assert said(ways("how", turned)) == [
        "**send**, slice: copy and gather cross at 4.00 KiB (4.00 KiB to 4.00 KiB): gather below, copy above."]


def test_whole_against_streamed_have_words():
    times = {size: {0: t["copy"], 1: t["gather"]} for size, t in CROSSING.items()}
    assert said(ways("streamed", times, workload="stream")) == [
        "**stream**, slice: whole and streamed cross at 4.00 KiB (4.00 KiB to 4.00 KiB): whole below, streamed above."]


def test_no_crossing_says_who_wins_where():
    times = {1024: {"copy": 100, "gather": 200}, 4096: {"copy": 400, "gather": 500},
             16384: {"copy": 500, "gather": 500}}
    assert said(ways("how", times)) == [
        "**send**, slice: no crossing from 1 KiB to 16 KiB: copy takes less time at 2 of 3 points, not separated at 1 "
        "of 3 points."]


def test_every_design_and_every_fixed_parameter_has_its_own():
    run = ways("how", CROSSING, followers=1) + ways("how", CROSSING, design="arena", followers=1) + \
        ways("how", CROSSING, followers=4)
    assert [s.split(": ")[0] for s in said(run)] == [
        "**send (followers 1)**, slice", "**send (followers 1)**, arena", "**send (followers 4)**, slice"]


def test_nothing_to_compare_says_nothing():
    assert said(ways("how", {1024: {"copy": 100, "gather": 200}})) == []  # one size makes no line
    assert said(ways("how", {s: {"copy": 100} for s in (1024, 4096)})) == []
    assert said(ways("other", {s: {"copy": 100, "gather": 1} for s in (1024, 4096)})) == []


def test_what_is_broken_is_not_compared():
    laws = rows.Verify([rows.LawRow("chunk", "slice", "law", 1, "broken", "")], "")
    assert said(ways("how", CROSSING), verify=laws) == []
    run = ways("how", CROSSING)
    assert said([replace(run[0], verdict="broken"), *run[1:]]) == []


def test_a_size_without_a_time_is_left_out():
    run = ways("how", CROSSING)
    run[0] = replace(run[0], ns=None, low=None, high=None, verdict="not measured", why="interrupted")
    assert "no crossing from 4 KiB to 16 KiB" in said(run)[0]


def test_the_threshold_of_the_machine_stands_before_them():
    limit = rows.LimitRow("gather_break_even", {}, 2900, 2800, 3000, 18432, 16384, 20480)
    found = said(ways("how", CROSSING), limits=[limit])
    assert found[0].startswith("**This machine**: below 18.0 KiB (16.0 KiB to 20.0 KiB) a payload costs less copied ")
    assert len(found) == 2
    assert said([row("share", "slice", {"size": 64}, 10, None)], limits=[limit]) == []


def test_page_and_summary_say_the_same():
    content = gather(chooser(ways("how", CROSSING)), "", lambda _: _NONE)
    (text,) = content["break_evens"]
    assert f"## Break-even inside a design\n\n* {text}\n" in summary.render(content)
    shown = page.render(content)
    assert '<section id="even">' in shown and "copy and gather cross at 4.00 KiB" in shown and len(SCATTER) == 8
    other = gather(chooser([row("share", "slice", {"size": 64}, 10, None)]), "", lambda _: _NONE)
    assert "Break-even" not in summary.render(other) and 'id="even"' not in page.render(other)


def test_one_size_with_both_ways_makes_no_line():
    assert said(ways("how", {1024: {"copy": 100, "gather": 200}, 4096: {"copy": 400}, 16384: {"gather": 800}})) == []


def test_the_machines_break_even_is_the_limit_of_that_name():
    def limit(name, size, low=None, high=None):
        return rows.LimitRow(name, {}, 5, 5, 5, size, low, high)
    run = ways("how", CROSSING)
    (told, _) = said(run, limits=[limit("memcpy_hot", 1), limit("gather_break_even", None),
                                  limit("gather_break_even", 4096, 2048, 8192)])
    assert "below 4.00 KiB (2.00 KiB to 8.00 KiB) a payload" in told
    (told, _) = said(run, limits=[limit("gather_break_even", 4096, 2048)])
    assert "below 4.00 KiB a payload" in told
    assert len(said(run, limits=[limit("memcpy_hot", 4096)])) == 1
