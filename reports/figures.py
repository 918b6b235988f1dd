# SPDX-License-Identifier: Apache-2.0
"""All figures of a report, or the reason why there are none."""
from dataclasses import dataclass

from reports import maps, points, style

_OVERVIEW_PANELS_MAX = 8
_DETAIL_PANELS_MAX = 16
_OVERVIEW_CAPTION = (
    "Time of one operation against size, both logarithmic, one question for each class; bars are 95 % intervals. A "
    "shaded band is where the answer flips between a design and copy (× and its interval over launches); the dashed "
    "line is the machine's own time in the same launches: allocating and copying what copy has to copy, or, where a "
    "workload declares no such floor, a memory copy of that many bytes.")


@dataclass(frozen=True)
class Drawing:
    name: str  # also the file name, without .svg
    caption: str
    svg: str


@dataclass(frozen=True)
class Figures:
    """`overview` and `forest` are None, and `details` lacks a class, where there is nothing to draw."""

    overview: Drawing | None = None
    forest: Drawing | None = None
    details: dict | None = None  # class -> [Drawing]
    maps: dict | None = None  # name of a map -> Drawing
    missing: str = ""  # why there are no figures at all

    def all(self):
        own = [d for d in (self.overview, self.forest) if d] + list((self.maps or {}).values())
        return own + [d for drawings in (self.details or {}).values() for d in drawings]


def _overview(chooser, crossover, drawable, markers):
    """One panel for each class and system; for each class only where that is too many."""
    chosen = {}
    for question in drawable:
        chosen.setdefault((question.cls, question.system), []).append(question)
    if len(chosen) > _OVERVIEW_PANELS_MAX:
        merged = {}
        for (cls, _), questions in chosen.items():
            merged.setdefault(cls, []).extend(questions)
        chosen = merged
    picked = [crossover.representative(chooser, q) for q in chosen.values()][:_OVERVIEW_PANELS_MAX]
    if not picked:
        return None
    svg = crossover.draw(chooser, picked, markers, "crossover", with_class=True)
    return Drawing("crossover", _OVERVIEW_CAPTION, svg)


def _forest(chooser, forest, markers):
    groups = {}
    for point in chooser.points:
        if forest.rows_of(chooser, point):
            groups.setdefault((points.class_order(point.cls), point.system, point.workload), []).append(point)
    chosen = [points.reference(groups[key]) for key in sorted(groups)]
    if not chosen:
        return None
    return Drawing("forest", "Every verified design against copy, one point for each workload. Grey and hollow: not "
                   "separated from copy.", forest.draw(chooser, chosen, markers, "forest"))


def _details(chooser, crossover, forest, drawable, markers):
    found = {}
    for cls in dict.fromkeys(q.cls for q in chooser.questions):
        questions = [q for q in drawable if q.cls == cls]
        drawings = found.setdefault(cls, [])
        if questions:
            left = len(questions) - _DETAIL_PANELS_MAX
            note = f" {left} more are not drawn; their numbers are in the table of every cell." if left > 0 else ""
            svg = crossover.draw(chooser, questions[:_DETAIL_PANELS_MAX], markers, f"crossover_{cls}", with_class=False)
            drawings.append(Drawing(f"crossover_{cls}", f"{cls}: time of one operation, every question.{note}", svg))
        chosen = [p for p in chooser.points if p.cls == cls and forest.rows_of(chooser, p)]
        if chosen:
            drawings.append(Drawing(f"forest_{cls}", f"{cls}: every design against copy, every point.",
                                    forest.draw(chooser, chosen, markers, f"forest_{cls}")))
    return found


def _maps(chooser, map_figure):
    caption = ("Colour says who owns the bytes; several names in a cell: the fastest and those not separated from it; "
               "pale: no winner.")
    return {m.name: Drawing(m.name, f"{m.system}: who wins {m.workload}, by size and {m.key}. {caption}",
                            map_figure.draw(m)) for m in maps.maps_of(chooser)}


def draw_all(chooser):
    """Never fails for want of matplotlib: the tables hold the same numbers."""
    try:
        from reports import crossover_figure as crossover
        from reports import forest_figure as forest
        from reports import map_figure
    except ImportError as e:
        return Figures(details={}, missing=f"no figures: {e.name or 'matplotlib'} is not installed")
    markers = style.markers(list(dict.fromkeys(d for p in chooser.points for d in p.rows)))
    drawable = [q for q in chooser.questions if crossover.drawable(chooser, q)]
    return Figures(_overview(chooser, crossover, drawable, markers), _forest(chooser, forest, markers),
                   _details(chooser, crossover, forest, drawable, markers), maps=_maps(chooser, map_figure))
