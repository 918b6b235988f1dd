# SPDX-License-Identifier: Apache-2.0
"""The answer to one question: who wins where along its parameter. The wording is fixed by tests/test_verdicts.py."""
from reports import points, units
from reports.phrases import against, at, bold, flip, why_nobody
from reports.rows import BASELINE


def answer(chooser, question):
    """One sentence or a few."""
    scope = f"**{points.name(question.workload, question.fixed)}**: "
    contests = [c for c in map(chooser.contest, question.points) if c.order]
    if not contests:
        rows = (r for p in question.points for r in p.rows.values())
        return scope + why_nobody(rows) + left_out(chooser, question.points)
    if question.axis is None:
        text = scope + _winners(sorted(contests[0].best)) + "."
    else:
        text = scope + "; ".join(_segment(question.axis, *s) for s in _segments(question, contests)) + "."
    fastest = next((d for c in reversed(contests) for d in c.best if d != BASELINE), None)
    text += "" if fastest is None else _ends(chooser, question, contests, fastest)
    for design in sorted({r.design for c in contests for r in c.order} - {BASELINE}):
        text += "".join(f" {design} and {BASELINE} cross {flip(question, f, design)}."
                        for f in chooser.flips(question, design))
    return text + left_out(chooser, question.points)


def left_out(chooser, points_):
    """Without this, "takes the least time" would be wrong where something broken takes less."""
    out = sorted({d for p in points_ for d in p.rows if (p.system, d) in chooser.broken})
    return f" Not considered, as something is broken: {', '.join(out)}." if out else ""


def _segments(question, contests):
    """[(best, first value, last value)]: neighbouring points with the same winners taken together."""
    found = []
    for contest in contests:
        value, best = contest.point.params[question.axis], sorted(contest.best)
        if found and found[-1][0] == best:
            found[-1] = (best, found[-1][1], value)
        else:
            found.append((best, value, value))
    return found


def _winners(best):
    return f"{bold(best)} takes the least time" if len(best) == 1 else f"{bold(best)} not separated"


def _segment(key, best, first, last):
    if first == last:
        return f"{_winners(best)} {at(key, first)}"
    return f"{_winners(best)} {at(key, first).replace('at', 'from', 1)} to {units.amount(key, last)}"


def _ends(chooser, question, contests, design):
    """The ratios of a design at both ends of a question."""
    found = [r for c in contests for r in c.order if r.design == design and chooser.may_compare(r)]
    if not found:
        return ""
    if question.axis is None or len(found) == 1:
        return f" {design} against {BASELINE}: {against(found[0], first=True)}."
    first, last, key = found[0], found[-1], question.axis
    return (f" {design} against {BASELINE}: {against(first, first=True)} {at(key, first.params[key])}, "
            f"{against(last)} {at(key, last.params[key])}.")
