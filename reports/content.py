# SPDX-License-Identifier: Apache-2.0
"""Everything that a report says, before it has a form: sentences, tables, figures, facts."""
from reports import appendix, coverage, map_words, maps, notes, tables
from reports.answers import answer
from reports.break_even import break_evens
from reports.claims import claims
from reports.figures import draw_all
from reports.verdicts import headline

TITLE = "What a copy costs"


def gather(chooser, title, draw=draw_all):
    """The content of page and summary, by the names that the template uses. `draw` makes the figures of a chooser."""
    results = chooser.results
    classes = list(dict.fromkeys(q.cls for q in chooser.questions))
    more = (appendix.latency(chooser), appendix.allocators(chooser), appendix.limits(chooser))
    return {
        "title": title or TITLE,
        "scope": notes.scope(results),
        "warnings": notes.warnings(results),
        "verdicts": [headline(chooser, d) for d in chooser.decisions()],
        "details": [(cls, [answer(chooser, q) for q in chooser.questions if q.cls == cls]) for cls in classes],
        "break_evens": break_evens(chooser),
        "maps": [(map_words.sentence(chooser, m), maps.tables(m), m.name) for m in maps.maps_of(chooser)],
        "figures": draw(chooser),
        "decisions": [tables.decision(chooser, s) for s in tables.systems(chooser)],
        "workloads": [tables.by_workload(chooser, s) for s in tables.systems(chooser)],
        "losses": tables.losses(chooser),
        "together": tables.together(chooser),
        "claims": tables.claims(claims(chooser)),
        "proof": _proof(chooser),
        "trust": notes.trust(results),
        "missing": notes.not_measured(results),
        "limits_of_claims": notes.limits_of_claims(results),
        "reproduce": notes.reproduce(results),
        "tail": [t for t in more if t.rows],
        "cells": appendix.all_cells(chooser),
    }


def _proof(chooser):
    """What was promised, proved and watched, as far as it was."""
    found = []
    if chooser.results.audit is not None:
        found += [appendix.promises(chooser)]
    if chooser.results.verify is not None:
        found += [appendix.laws(chooser)]
    if chooser.results.audit is not None:
        found += [coverage.witnesses(chooser), coverage.by_workload(chooser), coverage.proofs(chooser)]
    return [t for t in found if t.rows]
