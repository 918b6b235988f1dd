# SPDX-License-Identifier: Apache-2.0
"""The verdict on a map. The wording is fixed by tests/test_map.py."""
from reports import maps, units
from reports.answers import left_out
from reports.phrases import bold, count_of_points
from reports.points import describe

_GROUPS_MAX = 5  # winners, alone or several together, that a sentence names; the rest is counted


def sentence(chooser, found):
    """Who wins at how many points, and where, if not all over the map."""
    scope = f"**{found.workload}**, {found.system}: "
    contests = [c for c in found.contests if len(c.order) > 1]
    groups = _groups(contests)
    several = next((designs for designs, _ in groups if len(designs) > 1), None)
    parts = [_part(designs, len(won), len(contests), i == 0, designs == several) + _where(found, contests, won)
             for i, (designs, won) in enumerate(groups[:_GROUPS_MAX])]
    more = sum(len(won) for _, won in groups[_GROUPS_MAX:])
    parts += [f"others {more}"] if more else []
    level = sum(not maps.winners(c) for c in contests)
    if level and parts:
        parts.append(f"{level} {'is' if level == 1 else 'are'} not separated")
    elif level:
        parts.append(f"not separated at {count_of_points(level, level)}")
    text = "; ".join(parts) or "no point has a verified time for more than one design"
    return f"{scope}{text}.{_rest(found)}{left_out(chooser, [c.point for c in found.contests])}"


def _groups(contests):
    """[(designs, contests that they win)], most first."""
    found = {}
    for contest in contests:
        if maps.winners(contest):
            found.setdefault(tuple(maps.winners(contest)), []).append(contest)
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def _part(designs, won, total, first, explained):
    """ "**copy** 6"; the first part has the verb, `explained` says what several names mean."""
    count = f"wins {count_of_points(won, total)}" if first else str(won)
    return bold(designs, " or ") + (", best or not separated from the best, " if explained else " ") + count


def _where(found, contests, won):
    """The least box of parameters around the points won, and how many points it has where it has others too."""
    spans = [_span(found, key, [c.point.params.get(key) for c in contests], [c.point.params.get(key) for c in won])
             for key in dict.fromkeys(k for c in contests for k in c.point.params)]
    inside = sum(all(holds(c.point.params) for holds, _ in spans) for c in contests)
    said = ", ".join(text for _, text in spans if text)
    if not said:
        return ""
    return f" ({said})" if inside == len(won) else f" (of {inside}: {said})"


def _span(found, key, all_values, values):
    """(does a point lie in it, words for it); no words where it is all there is."""
    if key not in (maps.ROWS, found.key):
        chosen = [v for v in dict.fromkeys(all_values) if v in values]
        every = len(chosen) == len(set(all_values))
        text = "" if every else " or ".join(describe({key: v}, found.workload) for v in chosen if v is not None)
        return lambda params: params.get(key) in chosen, text
    low, high = min(values), max(values)
    return lambda params: low <= params[key] <= high, _range(key, low, high, min(all_values), max(all_values))


def _range(key, low, high, least, most):
    name, show = "" if key == maps.ROWS else f"{key} ", [units.amount(key, v) for v in (low, high)]
    if (low, high) == (least, most):
        return ""
    if low == high:
        return name + show[0]
    if low == least:
        return f"{name}up to {show[1]}"
    return f"{name}from {show[0]}" if high == most else f"{name}{show[0]} to {show[1]}"


def _rest(found):
    """What is no contest."""
    alone = sum(len(c.order) == 1 for c in found.contests)
    missing = sum(maps.words(s.cell(size, n)) in (maps.ABSENT, maps.NOBODY)
                  for s in found.sheets for size in s.sizes for n in s.counts)
    text = f" Only one design has a time at {alone} more." if alone else ""
    return text + (f" Nothing is known of {missing} more." if missing else "")
