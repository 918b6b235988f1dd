# SPDX-License-Identifier: Apache-2.0
"""The sentences of the report. Their wording is fixed by tests/test_verdicts.py; `**` marks what is printed bold.

Every sentence is conditional and scoped: it names the points that it rests on, gives intervals, says where the answer
flips, and says "not separated" instead of naming a winner that the run cannot tell from the next.
"""
from reports import points, units
from reports.rows import BASELINE

_SHOWN_MAX = 2  # flips spelt out in one sentence; the rest is counted


def bold(names, last):
    marked = [f"**{n}**" for n in names]
    return last.join(([", ".join(marked[:-1])] if len(marked) > 1 else []) + marked[-1:])


def against(row, first=False):
    """ "2.31× (95 % interval 2.10 to 2.52) less time"; the level is said once a sentence."""
    level = "95 % interval " if first else ""
    low, high = units.digits(row.ratio_low), units.digits(row.ratio_high)
    if not row.separated:
        return f"not separated (ratio {low} to {high})"
    middle, word = units.digits(row.ratio), "more"
    if row.ratio < 1:
        middle, word = units.digits(1 / row.ratio), "less"
        low, high = units.digits(1 / row.ratio_high), units.digits(1 / row.ratio_low)
    return f"{middle}× ({level}{low} to {high}) {word} time"


def _place(row):
    return points.name(row.workload, row.params)


def _points(count, total):
    if count == total == 1:
        return "the only point"
    return f"all {total} points" if count == total else f"{count} of {total} points"


def _out(decision):
    """Why a design is not in the choice."""
    texts = [f"{d} ({reasons[0]}" + (f", and {len(reasons) - 1} more)" if len(reasons) > 1 else ")")
             for d, reasons in decision.out.items()]
    return f" Not considered: {'; '.join(texts)}." if texts else ""


def _flip(question, flip, design):
    key = question.axis
    below, above = (design, BASELINE) if flip.first_wins_below else (BASELINE, design)
    return (f"{_at(key, flip.size)} ({units.span(key, flip.low, flip.high)}) in "
            f"{points.name(question.workload, question.fixed)}: {below} below, {above} above")


def _flips(chooser, decision, design):
    found = [(q, f) for q in decision.questions for f in chooser.flips(q, design)]
    shown = [_flip(q, f, design) for q, f in found[:_SHOWN_MAX]]
    if len(found) > _SHOWN_MAX:
        shown.append(f"{len(found) - _SHOWN_MAX} more in the details")
    return f" The answer flips {'; '.join(shown)}." if shown else ""


def compared(decision, designs):
    """The rows of these designs that may be compared with the baseline, the best first."""
    found = [r for c in decision.contests for r in c.order if r.design in designs and r.compared]
    return sorted(found, key=lambda r: (r.ratio, r.cell))


def _versus(chooser, decision, design):
    """What a design gains and loses against copy over all points of a class."""
    found = compared(decision, [design])
    if not found or (decision.system, BASELINE) in chooser.broken:
        return " No ratio: there is no honest copy to compare with."
    worst, best = found[-1], found[0]
    text = f" Against {BASELINE}: {against(worst, first=True)} in {_place(worst)}"
    if len(found) > 1:
        text += f", up to {against(best)} in {_place(best)}"
    level = sum(not r.separated for r in found)
    lost = sum(r.separated and r.ratio > 1 for r in found)
    if lost:
        text += f"; {BASELINE} takes less time at {_points(lost, len(found))}"
    if level:
        text += f"; not separated from {BASELINE} at {_points(level, len(found))}"
    return text + "." + _flips(chooser, decision, design)


def _keep_copy(decision):
    text = f"keep **{BASELINE}**, best or not separated from the best at {_points(decision.wins, len(decision.contests))}."
    found = compared(decision, {r.design for c in decision.contests for r in c.order} - {BASELINE})
    if not found:
        return text
    nearest, faster = found[0], sum(r.separated and r.ratio < 1 for r in found)
    text += f" The nearest is {nearest.design}: {against(nearest, first=True)} in {_place(nearest)}"
    return text + (f"; others take less time in {faster} of {len(found)} cells." if faster else ".")


def _choice(chooser, decision):
    """What to pick, and what that gains. REQUIRES: the decision has contests."""
    picks, total = decision.picks, len(decision.contests)
    if len(picks) > 1 and BASELINE in picks:
        return f"not separated: {bold(sorted(picks), ' and ')} share the lowest time at {_points(decision.wins, total)}."
    if picks[0] == BASELINE:
        return _keep_copy(decision)
    text = f"pick {bold(picks, ' or ')}"
    if len(picks) > 1:
        text += ", not separated from each other"
    text += f", best at {_points(total, total)}" if decision.wins == total and len(picks) == 1 else \
        f", best or not separated from the best at {_points(decision.wins, total)}"
    return text + "." + _versus(chooser, decision, picks[0])


def _without_obligation(chooser, decision):
    """The choice for a caller who cannot keep what the pick asks for."""
    asked = chooser.obligations(decision.system, decision.picks[0])
    if not asked or BASELINE in decision.picks:
        return []
    text = f"The caller must see to it that {asked}."
    rest = chooser.decide(decision.system, decision.cls, chooser.free(decision.system))
    return [f"{text} Otherwise: {_choice(chooser, rest)}"] if rest.contests else [text]


def _held(chooser, decision, design):
    """What the pick keeps alive beyond what is live, where that is more than copy keeps."""
    held = chooser.retained(decision.system, design, decision.cls)
    if held is None or held.ratio <= held.baseline_ratio:
        return []
    return [f"{design} holds {units.digits(held.ratio)}× the bytes that are live in {_place(held.row)}."]


def _alone(chooser, decision):
    """No contest: at most one design has a verified time at any point."""
    alone = sorted({r.design for q in decision.questions for p in q.points for r in p.rows.values()
                    if chooser.may_win(r)})
    if not alone:
        return "no design verified."
    return f"no choice: no point has a verified time for more than one design ({', '.join(alone)})."


def headline(chooser, decision):
    """A list of sentences for a class of a system: the choice first, then what it rests on and what it asks."""
    scope = f"**{decision.cls}**, {decision.system}: "
    if not decision.contests:
        return [scope + _alone(chooser, decision), *_out(decision)]
    choice, *evidence = _choice(chooser, decision)
    held = [] if BASELINE in decision.picks else _held(chooser, decision, decision.picks[0])
    return [scope + choice, *evidence, *held, *_without_obligation(chooser, decision), *_out(decision)]


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
    return f"{bold(best, '')} takes the least time" if len(best) == 1 else f"{bold(best, ' and ')} not separated"


def _at(key, value):
    """ "at 4 KiB", or "at threads 2" where the number alone would say nothing."""
    return f"at {units.amount(key, value)}" if units.is_size(key) else f"at {key} {units.amount(key, value)}"


def _segment(key, best, first, last):
    if first == last:
        return f"{_winners(best)} {_at(key, first)}"
    return f"{_winners(best)} {_at(key, first).replace('at', 'from', 1)} to {units.amount(key, last)}"


def _ends(question, contests, design):
    """The ratios of a design at both ends of a question."""
    found = [r for c in contests for r in c.order if r.design == design and r.compared]
    if not found:
        return ""
    if question.axis is None or len(found) == 1:
        return f" {design} against {BASELINE}: {against(found[0], first=True)}."
    first, last, key = found[0], found[-1], question.axis
    return (f" {design} against {BASELINE}: {against(first, first=True)} {_at(key, first.params[key])}, "
            f"{against(last)} {_at(key, last.params[key])}.")


def answer(chooser, question):
    """One sentence or a few for a question: who wins where along its parameter."""
    scope = f"**{points.name(question.workload, question.fixed)}**: "
    contests = [c for c in map(chooser.contest, question.points) if c.order]
    if not contests:
        return scope + "no design verified."
    if question.axis is None:
        text = scope + _winners(sorted(contests[0].best)) + "."
    else:
        text = scope + "; ".join(_segment(question.axis, *s) for s in _segments(question, contests)) + "."
    fastest = next((d for c in reversed(contests) for d in c.best if d != BASELINE), None)
    if fastest is not None:
        text += _ends(question, contests, fastest)
    for design in sorted({r.design for c in contests for r in c.order} - {BASELINE}):
        text += "".join(f" {design} and {BASELINE} cross {_crossing(question, f, design)}."
                        for f in chooser.flips(question, design))
    return text


def _crossing(question, flip, design):
    below = design if flip.first_wins_below else BASELINE
    return (f"{_at(question.axis, flip.size)} ({units.span(question.axis, flip.low, flip.high)}), "
            f"{below} takes less time below")
