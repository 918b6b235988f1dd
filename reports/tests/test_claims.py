# SPDX-License-Identifier: Apache-2.0
"""The published table: three words, given by the interval alone."""
import pytest

from reports import rows, tables
from reports.claims import claims, judge
from reports.tests.small import chooser, point, row


@pytest.mark.parametrize("low, high, word", [
    (10.8, 12, "confirmed"), (11, 12, "confirmed"), (10.7, 12, "inconclusive"), (9, 10.8, "inconclusive"),
    (9, 10.7, "refuted"), (0.1, 0.2, "refuted")])
def test_judge(low, high, word):
    assert judge(10.8, low, high) == word


def _published(size, retained, times, **changes):
    return point("published", {"size": size, "retained": retained}, times, **changes)


def _entry(c, column):
    """The entry of the first row of the table under a size."""
    return tables.claims(claims(c)).rows[0][2 + column]


def test_the_claims_are_the_published_ones():
    table = tables.claims(claims(chooser(_published(1000, 0, {"copy": 20, "slice": 10}))))
    assert table.columns[2:] == ["1,000 B: 10.8× claimed", "10,000 B: 80.8× claimed", "100,000 B: 1,015.1× claimed"]


@pytest.mark.parametrize("copy, text, note", [
    (108, "inconclusive: 10.8×", "10.6 to 11.0"),
    (200, "confirmed: 20.0×", "19.6 to 20.4"),
    (20, "refuted: 2.00×", "1.96 to 2.04")])
def test_measured_beside_claimed(copy, text, note):
    entry = _entry(chooser(_published(1000, 0, {"copy": copy, "slice": 10})), 0)
    assert (entry.text, entry.note) == (text, note)


def test_dropped_and_retained_are_apart():
    c = chooser(_published(1000, 0, {"copy": 20, "slice": 10}), _published(1000, 1, {"copy": 400, "slice": 10}))
    table = tables.claims(claims(c))
    assert [[e.text for e in r[:3]] for r in table.rows] == [["slice", "dropped at once", "refuted: 2.00×"],
                                                             ["slice", "kept to the end", "confirmed: 40.0×"]]


def test_what_was_not_measured_is_inconclusive():
    c = chooser(_published(1000, 0, {"copy": 20, "slice": 10}))
    assert (_entry(c, 1).text, _entry(c, 1).note) == ("inconclusive", "not run")
    c = chooser(_published(1000, 0, {"slice": 10}))
    assert _entry(c, 0).note == "no copy to compare with"
    missing = row("published", "slice", {"size": 1000, "retained": 0}, None, None, verdict="not measured",
                  why="below the physical lower bound")
    c = chooser([missing], _published(10000, 0, {"copy": 20, "slice": 10}))
    assert _entry(c, 0).note == "below the physical lower bound"


def test_a_broken_design_confirms_nothing():
    laws = rows.Verify([rows.LawRow("chunk", "slice", "slices_compose", 9, "broken", "")], "")
    c = chooser(_published(1000, 0, {"copy": 9000, "slice": 10}), verify=laws)
    assert (_entry(c, 0).text, _entry(c, 0).note) == ("inconclusive", "not verified")


def test_a_run_without_the_workload_has_no_claims():
    assert claims(chooser(point("slice", {"size": 64}, {"copy": 20, "slice": 10}))) == []
