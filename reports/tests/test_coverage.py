# SPDX-License-Identifier: Apache-2.0
"""What the witnesses saw, by workload; and that a bound is never shown as a count."""
from dataclasses import replace

from reports import coverage, rows, tables
from reports.tests.small import audited, card, chooser, point

EXACT = {"primitive": "exact", "interposed": "exact", "signature": "lower_bound", "identity": "blind"}
BOUND = {"primitive": "n/a", "interposed": "lower_bound", "signature": "lower_bound", "identity": "blind"}


def judged(words=()):
    run = point("share", {"size": 64}, {"copy": 20, "slice": 10, "rope": 30})
    seen = [replace(audited(r, payload_bytes_copied_per_op=0), witnesses=BOUND if r.design == "rope" else EXACT)
            for r in run]
    return chooser(run, audit=rows.Audit(seen, [card("slice")], list(words), ""))


def test_by_workload():
    (row,) = coverage.by_workload(judged()).rows
    assert [e.text for e in row] == ["chunk share", "exact", "exact", "lower bound", "blind", "–", "1 of 3"]
    assert row[1].note == "copy, slice\nnot applicable: rope" and row[3].note == "" and row[6].note == "rope"


def test_counts_and_words():
    words = [{"witness": "primitive", "sees": "our copies", "blind_to": "peers"}]
    first, *_, last = coverage.witnesses(judged(words)).rows
    assert [e.text for e in first] == ["primitive", "2", "0", "0", "1", "0", "our copies", "peers"]
    assert [e.text for e in last] == ["touch", "0", "0", "0", "0", "3", "–", "–"]


def test_a_bound_is_not_shown_as_a_count():
    copied = [r[3] for r in tables.decision(judged(), "chunk").rows]
    assert [(e.text, e.value) for e in copied] == [("0", 0), ("0", 0), ("≥ 0", 0)]


def test_what_could_hide_is_told_beside_what_is_proved():
    run = point("share", {"size": 64}, {"copy": 20, "slice": 10, "rope": 30})
    upper = {"means": "userfaultfd", "pages": 4, "allowed": 10}
    said = {"copy": ("copies", ""), "slice": ("proved", ""),
            "rope": ("bounded", "a copy of less than 28672 B at a time")}
    seen = [replace(audited(r, payload_bytes_copied_per_op=0), witnesses=EXACT, proof=said[r.design][0],
                    could_hide=said[r.design][1], upper=upper,
                    elsewhere={"allocs_per_op": 1 if r.design == "rope" else 0})
            for r in run]
    (row,) = coverage.proofs(chooser(run, audit=rows.Audit(seen, [card("slice")], [], ""))).rows
    assert [e.text for e in row] == ["chunk share", "1", "1", "1", "a copy of less than 28672 B at a time",
                                     "4 of 10 (userfaultfd)", "rope"]
    assert row[3].note == "rope"
