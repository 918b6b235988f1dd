# SPDX-License-Identifier: Apache-2.0
"""The verdict on a class of a system. The wording is fixed by tests/test_verdicts.py.

Every sentence is conditional and scoped: it names the points that it rests on, gives intervals, says where the answer
flips, and says "not separated" instead of naming a winner that the run cannot tell from the next.
"""
from reports import points, units
from reports.phrases import against, bold, count_of_points, flip, place, why_nobody
from reports.rows import BASELINE, CLASS_WORDS
from reports.verified import may_be_compared_with

_FLIPS_MAX = 2  # flips spelt out in a headline; the rest is counted


def headline(chooser, decision):
    """A list of sentences: the choice first, then what it rests on, what it asks and what it costs."""
    words = f" ({CLASS_WORDS[decision.cls]})" if decision.cls in CLASS_WORDS else ""
    scope = f"**{decision.cls}**{words}, {decision.system}: "
    if not decision.contests:
        first, *rest = _alone(chooser, decision)
        return [scope + first, *rest, *_out(decision)]
    choice, *evidence = _choice(chooser, decision)
    return [scope + choice, *evidence, *_held(chooser, decision), *_without_obligation(chooser, decision),
            *_out(decision)]


def _alone(chooser, decision):
    """At most one design has a verified time at any point."""
    alone = sorted({r.design for r in _rows(decision) if chooser.may_win(r)})
    if not alone:
        return [why_nobody(_rows(decision))]
    text = f"no choice: no point has a verified time for more than one design ({', '.join(alone)})."
    if len(alone) > 1 or not _compared(chooser, decision, alone):
        return [text]
    return [text, *_versus(chooser, decision, alone[0], first=True)]


def _choice(chooser, decision, first=True):
    """What to pick, and what that gains; `first` says the level of the intervals. REQUIRES: decision has contests."""
    picks, where = decision.picks, count_of_points(decision.wins, len(decision.contests))
    if decision.level or len(picks) > 1 and BASELINE in picks:
        return [_nobody_ahead(decision, where)]
    if picks[0] == BASELINE:
        return _keep_copy(chooser, decision, where, first)
    if all(c.best == picks for c in decision.contests) and len(picks) == 1:
        return [f"pick **{picks[0]}**, best at {where}.", *_versus(chooser, decision, picks[0], first)]
    together = ", not separated from each other" if len(picks) > 1 else ""
    return [f"pick {bold(picks, ' or ')}{together}, best or not separated from the best at {where}.",
            *_elsewhere(decision), *_versus(chooser, decision, picks[0], first)]


def _elsewhere(decision):
    """Who takes the least time at the points that the pick does not win."""
    lost = [c for c in decision.contests if not set(decision.picks) & set(c.best)]
    if not lost:
        return []
    names = " or ".join(f"{d}'s" for d in sorted({c.best[0] for c in lost}))
    return [f"At the other {'point' if len(lost) == 1 else f'{len(lost)} points'} the least time is {names}."]


def _nobody_ahead(decision, where):
    """Several designs, and nothing to choose between them by."""
    met = all(set(decision.picks) <= set(c.best) for c in decision.contests if decision.level)
    where = where if met else "every point where they were measured"
    return f"{bold(sorted(decision.picks))} are not separated and share the lowest time at {where}."


def _rows(decision):
    return [r for q in decision.questions for p in q.points for r in p.rows.values()]


def _compared(chooser, decision, designs):
    """The rows of these designs that may be compared with copy, the best first."""
    found = [r for r in _rows(decision) if r.design in designs and chooser.may_compare(r)]
    return sorted(found, key=lambda r: (r.ratio, r.cell))


def _versus(chooser, decision, design, first):
    """What a design gains and loses against copy over all points of the class."""
    found = _compared(chooser, decision, [design])
    if not found:
        return [f"No ratio: {_no_ratio(chooser, decision, design)}."]
    text = f"Against {BASELINE}: {against(found[-1], first)} in {place(found[-1])}"
    if len(found) > 1:
        best = against(found[0], first and not found[-1].separated)
        text += f", {'up to' if found[0].separated else 'at best'} {best} in {place(found[0])}"
    level = sum(not r.separated for r in found)
    lost = sum(r.separated and r.ratio > 1 for r in found)
    if lost:
        text += f"; {BASELINE} takes less time at {count_of_points(lost, len(found))}"
    if level:
        text += f"; not separated from {BASELINE} at {count_of_points(level, len(found))}"
    own = sum(r.design == design and chooser.may_win(r) for r in _rows(decision))
    dishonest = _without_honest_copy(decision, design)
    if dishonest:
        text += f"; no honest {BASELINE} at {count_of_points(dishonest, own)}"
    if len(found) + dishonest < own:
        text += f"; no ratio at {count_of_points(own - len(found) - dishonest, own)}"
    return [text + ".", *_flips(chooser, decision, design)]


def _without_honest_copy(decision, design):
    """At how many points of a design copy is too far above its floor."""
    points_ = [p for q in decision.questions for p in q.points]
    return sum(design in p.rows and p.baseline is not None and p.baseline.dishonest for p in points_)


def _no_ratio(chooser, decision, design):
    """Why there is nothing to compare a design with."""
    rows = _rows(decision)
    copies = [r for r in rows if r.design == BASELINE]
    if not may_be_compared_with(chooser.broken, decision.system):
        return f"{BASELINE} is broken"
    if any(r.dishonest for r in copies):
        return f"there is no honest {BASELINE} to compare with"
    if not any(r.timed for r in copies):
        return f"{BASELINE} was not timed"
    if all(r.apart for r in copies if r.timed):
        return f"the roles of {BASELINE} hardly ran at the same time"
    said = next((r.why for r in rows if r.design == design and r.why), "")
    return said.removeprefix("no ratio: ").rstrip(".") or f"there is no {BASELINE} to compare with"


def _flips(chooser, decision, design):
    found = [(q, f) for q in decision.questions for f in chooser.flips(q, design)]
    shown = [f"{flip(q, f, design)}, in {points.name(q.workload, q.fixed)}" for q, f in found[:_FLIPS_MAX]]
    if len(found) > _FLIPS_MAX:
        shown.append(f"{len(found) - _FLIPS_MAX} more in the details")
    return [f"The answer flips {'; '.join(shown)}."] if shown else []


def _keep_copy(chooser, decision, where, first):
    text = [f"keep **{BASELINE}**, best or not separated from the best at {where}."]
    found = _compared(chooser, decision, {r.design for c in decision.contests for r in c.order} - {BASELINE})
    if not found:
        return text
    faster = sum(r.separated and r.ratio < 1 for r in found)
    return text + [f"The nearest is {found[0].design}: {against(found[0], first)} in {place(found[0])}" +
                   (f"; others take less time in {faster} of {len(found)} cells." if faster else ".")]


def _held(chooser, decision):
    """What the pick keeps alive beyond what is live, where that is more than copy keeps."""
    held = chooser.retained(decision.system, decision.chosen[0], decision.cls) if decision.chosen else None
    if held is None or held.ratio <= held.baseline_ratio:
        return []
    return [f"It holds {units.digits(held.ratio)}× the bytes that are live in {place(held.row)}."]


def _without_obligation(chooser, decision):
    """The choice for a caller who cannot keep what the pick asks for."""
    asked = chooser.obligations(decision.system, decision.chosen[0]) if decision.chosen else None
    if not asked:
        return []
    text = f"It asks of the caller: {asked}."
    rest = chooser.decide(decision.system, decision.cls, chooser.free(decision.system))
    if not rest.contests:
        return [text]
    choice, *evidence = _choice(chooser, rest, first=False)
    return [f"{text} Where that cannot be kept: {choice}", *evidence, *_held(chooser, rest)]


def _out(decision):
    """Why a design is not in the choice."""
    texts = [f"{d} ({reasons[0].text}" + (f", and {len(reasons) - 1} more)" if len(reasons) > 1 else ")")
             for d, reasons in decision.out.items()]
    return [f"Not considered: {'; '.join(texts)}."] if texts else []
