# SPDX-License-Identifier: Apache-2.0
"""The map, literally: sentences, cells and colours; and on a whole page: what stands there is what the contests say."""
import re
from collections import Counter
from dataclasses import replace

import pytest

from reports import figures, map_words, maps, page, rows, style, summary
from reports.choice import Chooser
from reports.content import gather
from reports.figures import Figures
from reports.load import load
from reports.points import describe, name
from reports.tests.fixtures import build, write
from reports.tests.pages import Page
from reports.tests.small import chooser, point

SLICE, COPY, LEVEL = {"copy": 20, "slice": 10, "arena": 15}, {"copy": 5, "slice": 10, "arena": 15}, dict.fromkeys(
    ("copy", "slice", "arena"), 10)
BOTH = {"copy": 20, "slice": 10, "arena": 10}


def fan_out(cells, workload="fan_out", **fixed):
    """The points of {(size, branches): times}."""
    return [point(workload, {"size": s, "branches": b, **fixed}, times, cls="fan_out")
            for (s, b), times in cells.items()]


def grid(sizes, branches, times):
    return {(s, b): times for s in sizes for b in branches}


def said(*points, **changes):
    c = chooser(*points, **changes)
    return [map_words.sentence(c, m) for m in maps.maps_of(c)]


def cells(*points, **changes):
    """The table of the only sheet, as texts."""
    (found,) = maps.maps_of(chooser(*points, **changes))
    (table,) = maps.tables(found)
    return [table.columns, *[[e.text for e in row] for row in table.rows]]


MIXED = {**grid((8, 64, 4096), (1, 2, 10), SLICE), **grid((8, 64), (1, 2), COPY), (4096, 10): LEVEL}


def test_a_cell_names_the_winner():
    assert cells(*fan_out(MIXED)) == [
        ["size", "branches 1", "branches 2", "branches 10"],
        ["8 B", "copy", "copy", "slice"],
        ["64 B", "copy", "copy", "slice"],
        ["4 KiB", "slice", "slice", "not separated"]]


def test_who_wins_where():
    assert said(*fan_out(MIXED)) == [
        "**fan_out**, chunk: **copy** wins 4 of 9 points (up to 64 B, branches up to 2); **slice** 4; 1 is not "
        "separated."]


def test_a_winner_everywhere():
    assert said(*fan_out(grid((8, 64), (1, 2), SLICE))) == ["**fan_out**, chunk: **slice** wins all 4 points."]


def test_several_that_are_not_separated_from_the_fastest():
    points = fan_out({**grid((8, 64), (1, 2), SLICE), (64, 1): BOTH, (64, 2): BOTH})
    assert said(*points) == ["**fan_out**, chunk: **arena** or **slice**, best or not separated from the best, wins 2 "
                             "of 4 points (64 B); **slice** 2 (8 B)."]
    assert cells(*points)[2] == ["64 B", "arena, slice", "arena, slice"]


def test_a_box_with_points_that_others_win_says_how_many_it_has():
    points = fan_out({**grid((8, 64, 256, 4096), (1, 2), SLICE), (64, 1): COPY, (256, 2): COPY})
    assert said(*points) == ["**fan_out**, chunk: **slice** wins 6 of 8 points; **copy** 2 (of 4: 64 B to 256 B)."]


def test_what_a_sentence_has_no_room_for_is_counted():
    """Seven designs, each of them the winner at one more place."""
    names = ["copy", "slice", "arena", "shm", "a", "b", "c"]
    points = fan_out({(8 << i, b): {n: 10 if n == names[i] else 20 for n in names} for i in range(7) for b in (1, 2)})
    (text,) = said(*points)
    assert text == ("**fan_out**, chunk: **a** wins 2 of 14 points (128 B); **arena** 2 (32 B); **b** 2 (256 B); **c** "
                    "2 (512 B); **copy** 2 (8 B); others 4.")


def test_nobody_wins():
    assert said(*fan_out(grid((8, 64), (1, 2), LEVEL))) == ["**fan_out**, chunk: not separated at all 4 points."]


def test_what_is_absent_and_what_stands_alone():
    points = fan_out({(8, 1): SLICE, (8, 2): {"slice": 10}, (64, 1): SLICE})
    assert cells(*points)[1:] == [["8 B", "slice", "only slice"], ["64 B", "slice", "not measured"]]
    assert said(*points) == ["**fan_out**, chunk: **slice** wins all 2 points. Only one design has a time at 1 more. "
                             "Nothing is known of 1 more."]


def test_a_broken_design_never_wins():
    laws = rows.Verify([rows.LawRow("chunk", "slice", "law", 1, "broken", "")], "")
    points = fan_out(grid((8, 64), (1, 2), SLICE))
    assert said(*points, verify=laws) == ["**fan_out**, chunk: **arena** wins all 4 points. Not considered, as "
                                          "something is broken: slice."]
    alone = fan_out(grid((8, 64), (1, 2), {"slice": 10}))
    assert cells(*alone, verify=laws)[1] == ["8 B", "no design verified", "no design verified"]
    assert said(*alone, verify=laws) == ["**fan_out**, chunk: no point has a verified time for more than one design. "
                                         "Nothing is known of 4 more. Not considered, as something is broken: slice."]


def test_roles_that_did_not_meet_are_not_measured():
    apart = [[replace(r, overlap=0.1) for r in p] for p in fan_out(grid((8, 64), (1, 2), SLICE))]
    assert cells(*apart)[1] == ["8 B", "not measured", "not measured"]


def test_a_sheet_for_each_of_the_rest_with_its_words():
    points = [p for read in (0, 1, 2) for p in fan_out(grid((8, 64), (1, 2), COPY if read == 0 else SLICE), read=read)]
    c = chooser(*points)
    (found,) = maps.maps_of(c)
    assert [t.caption for t in maps.tables(found)] == [
        f"chunk: fan_out, reads {what}: who wins by size and branches" for what in ("8 bytes", "a line per KiB",
                                                                                  "everything")]
    assert map_words.sentence(c, found) == (
        "**fan_out**, chunk: **slice** wins 8 of 12 points (reads a line per KiB or reads everything); **copy** 4 "
        "(reads 8 bytes).")


def test_threads_split_as_well():
    points = [p for t in (1, 2) for p in fan_out(grid((8, 64), (1, 2), COPY if t == 1 else SLICE), "fan_out_threads",
                                                 read=2, threads=t)]
    assert [maps.title(m, s) for m in maps.maps_of(chooser(*points)) for s in m.sheets] == [
        "reads everything, threads 1", "reads everything, threads 2"]
    assert said(*points) == ["**fan_out_threads**, chunk: **copy** wins 4 of 8 points (threads 1); **slice** 4 "
                             "(threads 2)."]


@pytest.mark.parametrize("points", [
    fan_out(grid((8,), (1, 2), SLICE)), fan_out(grid((8, 64), (1,), SLICE)),
    [point("share", {"size": s, "threads": t}, SLICE) for s in (8, 64) for t in (1, 2)],
    [point("share", {"branches": b}, SLICE) for b in (8, 64)]])
def test_no_map_without_two_sizes_and_two_counts(points):
    assert said(*points) == []


def test_read_means_something_else_where_nothing_fans_out():
    assert name("decode", {"size": 64, "read": 1}) == "decode (64 B, read 1)"
    assert name("fan_out", {"size": 64, "read": 1}) == "fan_out (64 B, reads a line per KiB)"
    assert describe({"read": 7}, "fan_out") == "read 7"


def test_colours_and_names_in_the_figure():
    pytest.importorskip("matplotlib")
    drawn = figures.draw_all(chooser(*fan_out({**MIXED, (8, 10): BOTH}))).maps["map_chunk_fan_out"].svg
    for text in ("copy", "slice", "arena", "not", "separated", "4 KiB", "branches"):
        assert f">{text}</text>" in drawn or f">{text}</tspan>" in drawn, text
    for design in ("slice", "arena"):  # black is what SVG fills with where nothing is said
        assert f"fill: {style.colour(design).lower()}" in drawn
    assert f"fill: {style.BLUE.lower()}" not in drawn


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    directory = write(tmp_path_factory.mktemp("run"), build(systems=("graph",)))
    found = Chooser(load(directory))
    return found, gather(found, "", lambda _: Figures(details={}, missing="not drawn"))


def test_the_page_and_the_summary_say_what_the_contests_say(whole):
    """Every cell of every table, and every number of the sentences, from the contests of the same point."""
    found, content = whole
    html, text = page.render(content), summary.render(content)
    parsed = Page(html)
    for m in maps.maps_of(found):
        for i, sheet in enumerate(m.sheets):
            shown = parsed.rows(f"{m.name}-{i}")
            assert len(shown) == len(sheet.sizes)
            for size, row in zip(sheet.sizes, shown):
                for count, cell in zip(sheet.counts, row[1:]):
                    wanted = next(p for p in found.points if p.workload == m.workload and p.params ==
                                  {"size": size, m.key: count, **sheet.fixed})
                    contest = found.contest(wanted)
                    level = len(contest.best) == len(contest.order)
                    assert cell[0] == ("not separated" if level else ", ".join(sorted(contest.best)))
        sentence = map_words.sentence(found, m)
        wins = Counter(tuple(maps.winners(c)) for c in m.contests)
        counts = [int(n) for n in re.findall(r"(?:\*\*|best,|others)(?: wins)?(?: all)? (\d+)", sentence)]
        assert sum(counts) + wins[()] == len(m.contests) and counts[:5] == sorted(counts[:5], reverse=True)
        assert counts[:5] == sorted((n for names, n in wins.items() if names), reverse=True)[:5]
        assert sentence in text and page.marked(sentence) in html
    assert [m.workload for m in maps.maps_of(found)] == ["fan_out", "fan_out_threads"]
    assert len(parsed.tables) > 7 and "map" in parsed.sections


def test_no_map_no_section():
    content = gather(chooser(point("share", {"size": 64}, SLICE)), "", lambda _: Figures(details={}, missing="none"))
    assert 'id="map"' not in page.render(content) and "Who wins where" not in summary.render(content)
