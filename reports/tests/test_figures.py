# SPDX-License-Identifier: Apache-2.0
"""What is drawn: every verified design by its name, hollow where nothing is separated, nothing that is broken."""
import re

import pytest

pytest.importorskip("matplotlib")

from reports import crossover_figure, figures, rows, style  # noqa: E402
from reports.drawing import spread  # noqa: E402
from reports.tests.small import chooser, point  # noqa: E402


def texts(drawing):
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawing.svg)


def drawn(*points, **changes):
    return figures.draw_all(chooser(*points, **changes))


def two_sizes(times_low, times_high):
    return [point("share", {"size": 1024}, times_low), point("share", {"size": 4096}, times_high)]


def test_lines_are_named_and_the_flip_is_marked():
    found = drawn(*two_sizes({"copy": 10, "slice": 20}, {"copy": 40, "slice": 20}))
    assert {"copy", "slice", "slice × 2.00 KiB"} <= set(texts(found.overview))


def test_the_memory_copy_is_drawn_in():
    limits = [rows.LimitRow("memcpy_hot", {"size": s}, s / 50, None, None) for s in (1024, 2048, 4096)]
    points = two_sizes({"copy": 10, "slice": 20}, {"copy": 40, "slice": 20})
    assert "stroke-dasharray" not in drawn(*points).overview.svg
    found = drawn(*points, limits=limits).overview
    assert "stroke-dasharray" in found.svg and "memory copy" in texts(found)


def test_the_limit_is_what_copy_has_to_copy():
    """A workload that copies half of its size has half the limit; a line for the whole would lie above copy's own."""
    limits = [rows.LimitRow("memcpy_hot", {"size": s}, s / 50, None, None) for s in (1024, 4096)]
    points = [point("slice", {"size": s}, {"copy": s / 90, "slice": 5},
                    floor=rows.Beside(f"malloc_memcpy_free/size:{s // 2}", s / 100, 1.1)) for s in (1024, 4096)]
    found = chooser(*points, limits=limits)
    assert crossover_figure._memory_copy(found, found.questions[0], [1024, 4096]) == [(1024, 10.24), (4096, 40.96)]
    plain = chooser(*two_sizes({"copy": 20, "slice": 5}, {"copy": 80, "slice": 5}), limits=limits)
    assert crossover_figure._memory_copy(plain, plain.questions[0], [1024, 4096]) == [(1024, 20.48), (4096, 81.92)]


def test_the_forest_is_hollow_where_nothing_is_separated():
    apart = drawn(point("share", {"size": 64}, {"copy": 20, "slice": 10})).forest
    level = drawn(point("share", {"size": 64}, {"copy": 10, "slice": 10.05})).forest
    assert "slice 0.500" in texts(apart) and style.VERMILLION.lower() in apart.svg
    assert any(t.endswith("not separated") for t in texts(level)) and style.VERMILLION.lower() not in level.svg
    assert "copy 10.0 ns" in texts(level)


def test_what_is_broken_is_not_drawn():
    laws = rows.Verify([rows.LawRow("chunk", "shm", "law", 1, "broken", "")], "")
    found = drawn(*two_sizes({"copy": 10, "slice": 20, "shm": 5}, {"copy": 40, "slice": 20, "shm": 5}), verify=laws)
    assert len(found.all()) == 4
    assert not any("shm" in t for d in found.all() for t in texts(d))


def test_a_broken_copy_leaves_no_ratio():
    laws = rows.Verify([rows.LawRow("chunk", "copy", "law", 1, "broken", "")], "")
    assert drawn(point("share", {"size": 64}, {"copy": 20, "slice": 10}), verify=laws).forest is None


def test_one_size_makes_no_line():
    found = drawn(point("share", {"size": 64}, {"copy": 20, "slice": 10}))
    assert found.overview is None and found.forest is not None


def test_a_name_that_looks_like_mathematics():
    """Matplotlib reads dollar signs as formulas; a name is a name."""
    found = drawn(*two_sizes({"copy": 10, "$x^{2}$": 20}, {"copy": 40, "$x^{2}$": 20}))
    assert "$x^{2}$" in texts(found.overview)


@pytest.mark.parametrize("wanted", [[0.5] * 5, [0.0, 0.01, 0.99, 1.0], [0.2, 0.8], [1.0] * 3, [0.9, 0.1, 0.11]])
def test_spread_keeps_order_distance_and_bounds(wanted):
    placed = spread(wanted, 0.1, 0.0, 1.0)
    ordered = [p for _, _, p in sorted((w, i, p) for i, (w, p) in enumerate(zip(wanted, placed)))]
    assert all(b - a >= 0.1 - 1e-9 for a, b in zip(ordered, ordered[1:]))
    assert min(placed) >= -1e-9 and max(placed) <= 1 + 1e-9
