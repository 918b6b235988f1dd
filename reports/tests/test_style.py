# SPDX-License-Identifier: Apache-2.0
"""The colours keep their distance for every kind of sight, and stand out on paper."""
from itertools import combinations

import pytest

from reports import style
from reports.tests import colour

DISTANCE_LEAST = 12
SERIES_DISTANCE_LEAST = 19  # what these four hues keep; with orange among them it would be under 13
CONTRAST_LEAST = 3  # WCAG 2.1, graphical objects
TEXT_CONTRAST_LEAST = 4.5


def test_the_distance_is_ciede2000():
    """Pairs 1, 7 and 25 of the data that Sharma, Wu and Dalal published to test implementations."""
    assert colour.delta_e((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert colour.delta_e((50, 0, 0), (50, -1, 2)) == pytest.approx(2.3669, abs=1e-4)
    assert colour.delta_e((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)) == pytest.approx(1.2644, abs=1e-4)


def test_contrast_is_wcag():
    assert colour.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert colour.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


def test_red_and_green_would_fail():
    """What the test below is for: the usual red and green are one colour to many."""
    assert colour.distance("#1A7F37", "#CF222E", "deutan") < DISTANCE_LEAST


@pytest.mark.parametrize("sight", colour.SIGHT)
def test_worst_pair_of_series(sight):
    assert min(colour.distance(a, b, sight) for a, b in combinations(style.SERIES, 2)) >= SERIES_DISTANCE_LEAST
    assert min(colour.distance(a, style.GREY, sight) for a in style.SERIES) >= DISTANCE_LEAST
    assert colour.distance(style.BETTER, style.WORSE, sight) >= DISTANCE_LEAST


def test_contrast_on_paper():
    for each in (*style.SERIES, style.GREY):
        edge = style.INK if each in style.NEEDS_EDGE else each
        assert colour.contrast(edge, style.PAPER) >= CONTRAST_LEAST
    for each in (style.INK, style.FAINT):
        assert colour.contrast(each, style.PAPER) >= TEXT_CONTRAST_LEAST


def test_letters_on_colours():
    for design in ("copy", "slice", "arena", "shm", "other"):
        assert colour.contrast(style.ink_on(design), style.colour(design)) >= TEXT_CONTRAST_LEAST


def test_only_what_needs_an_edge_gets_one():
    assert [c for c in style.SERIES if colour.contrast(c, style.PAPER) < CONTRAST_LEAST] == list(style.NEEDS_EDGE)


def test_each_of_our_designs_has_its_own_colour_and_every_design_its_own_marker():
    designs = ["copy", "slice", "arena", "shm", "absl_cord", "shared_ptr", "other"]
    assert len({style.colour(d) for d in designs[:4]}) == 4
    assert {style.colour(d) for d in designs[4:]} == {style.GREY}
    assert len(set(style.markers(designs).values())) == len(designs)


def test_the_page_uses_the_same_colours():
    from pathlib import Path
    css = (Path(style.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8").lower()
    for name, wanted in (("--ink", style.INK), ("--faint", style.FAINT), ("--better", style.BETTER)):
        assert f"{name}: {wanted.lower()}" in css
    worse = css.split("--worse: ")[1][:7]
    assert colour.contrast(worse, style.PAPER) >= TEXT_CONTRAST_LEAST
    assert min(colour.distance(worse, style.BETTER, s) for s in colour.SIGHT) >= DISTANCE_LEAST
