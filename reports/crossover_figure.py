# SPDX-License-Identifier: Apache-2.0
"""Cost against size, one panel a question: where two lines cross, the answer flips."""
import math

import numpy as np

from reports import points, style, units
from reports.drawing import add_panel, edge_of, log_axis, new_figure, size_axis, spread, styled, to_svg, value_axis
from reports.rows import BASELINE

_COLUMNS = 4
_WIDTH_INCHES, _PANEL_INCHES = 2.75, 2.0
_LEFT_INCHES, _RIGHT_INCHES = 0.52, 0.72  # for the times on the left, for the names on the right
_LIMIT = "memcpy_hot"
_LABEL_DISTANCE = 0.6  # natural logarithm of a ratio of times


def _series(chooser, question):
    """design -> [(value, row)] of the timed points; broken designs are not drawn."""
    found = {}
    for point in question.points:
        for row in point.rows.values():
            if chooser.may_win(row):
                found.setdefault(row.design, []).append((point.params[question.axis], row))
    return found


def drawable(chooser, question):
    """A line needs two sizes."""
    return question.axis is not None and any(len(v) > 1 for v in _series(chooser, question).values())


def _limit_line(chooser, low, high):
    """The memory copy of the same run, over the sizes of the panel."""
    rows = [r for r in points.main_limits(chooser.results.limits) if r.limit == _LIMIT and "size" in r.params]
    return sorted((r.params["size"], r.ns) for r in rows if low <= r.params["size"] <= high)


def _distance(size, ns, series):
    """How far (log) a place is from the nearest line, so that a label there lies on none."""
    lines = [np.interp(math.log(size), [math.log(x) for x, _ in line], [math.log(r.ns) for _, r in line])
             for line in series.values()]
    return min(abs(math.log(ns) - y) for y in lines)


def _draw_limit(chooser, panel, question, series, limits):
    values = [x for line in series.values() for x, _ in line]
    line = _limit_line(chooser, min(values), max(values)) if question.axis == "size" else []
    inside = [(size, ns) for size, ns in line if limits[0] * 1.5 < ns < limits[1]]
    if len(line) < 2 or not inside:
        return
    panel.plot(*zip(*line), color=style.GREY, linewidth=1, linestyle=(0, (4, 2)), zorder=1)
    size, ns = inside[0]
    on_the_left = math.log(size / min(values)) < 0.6 * math.log(max(values) / min(values))
    if on_the_left and _distance(size, ns, series) > _LABEL_DISTANCE:  # else the caption has to do
        panel.annotate("memory copy", (size, ns), xytext=(6, 0), textcoords="offset points", fontsize=6.5,
                       color=style.FAINT, ha="left", va="top")


def _draw_series(panel, series, markers):
    for design, line in series.items():
        xs, rows = zip(*line)
        ys = [r.ns for r in rows]
        spans = [[r.ns - r.low for r in rows], [r.high - r.ns for r in rows]]
        colour, own = style.colour(design), style.colour(design) != style.GREY
        width = 1.5 if own else 0.9
        panel.errorbar(xs, ys, yerr=spans, fmt="none", ecolor=style.edge(design), elinewidth=0.7, zorder=2)
        panel.plot(xs, ys, color=colour, linewidth=width, path_effects=edge_of(design, width), zorder=3,
                   marker=markers[design], markersize=4 if own else 3, markeredgecolor=style.edge(design),
                   markeredgewidth=0.6)


def _label_lines(panel, series, limits):
    """Names at the right end of the lines, spread apart, each led to its line."""
    low, high = map(math.log, limits)
    names = list(series)
    ends = [(math.log(series[d][-1][1].ns) - low) / (high - low) for d in names]
    placed = spread(ends, 0.085, 0.02, 0.98)
    right = max(x for line in series.values() for x, _ in line)
    for name, wanted, place in zip(names, ends, placed):
        lead = {"arrowstyle": "-", "color": style.edge(name), "linewidth": 0.6, "shrinkA": 1, "shrinkB": 3}
        panel.annotate(name, (right, math.exp(low + wanted * (high - low))), xytext=(1.06, place),
                       textcoords="axes fraction", fontsize=7, va="center", ha="left", annotation_clip=False,
                       arrowprops=lead)


def _mark_flips(chooser, panel, question, series):
    """A cross where each design of ours crosses copy, a band for its interval."""
    own = [(d, f) for d in series if style.colour(d) != style.GREY for f in chooser.flips(question, d)]
    for line, (design, flip) in enumerate(own):
        panel.axvspan(flip.low, flip.high, color=style.colour(design), alpha=0.2, linewidth=0, zorder=0)
        panel.annotate(f"{design} × {units.estimated(question.axis, flip.size)}", (flip.size, 1),
                       xycoords=("data", "axes fraction"), xytext=(0, -1 - 8 * line), textcoords="offset points",
                       ha="center", va="top", fontsize=6.5, color=style.INK)


def _panel(chooser, panel, question, markers, title):
    series = _series(chooser, question)
    values = [x for line in series.values() for x, _ in line]
    times = [r for line in series.values() for _, r in line]
    limits = min(r.low for r in times) / 1.7, max(r.high for r in times) * 2.4
    panel.set_xscale("log" if min(values) > 0 else "symlog")
    panel.set_yscale("log")
    _draw_limit(chooser, panel, question, series, limits)
    _draw_series(panel, series, markers)
    _mark_flips(chooser, panel, question, series)
    panel.set_ylim(*limits)
    (size_axis if units.is_size(question.axis) else value_axis)(panel.xaxis, sorted(set(values)))
    log_axis(panel.yaxis, units.short_time)
    _label_lines(panel, series, limits)
    panel.set_title(title)
    panel.set_xlabel(question.axis, fontsize=7, labelpad=1)


@styled
def draw(chooser, questions, markers, name, with_class):
    """One SVG of small multiples. REQUIRES: every question is drawable; not empty."""
    columns = min(_COLUMNS, len(questions))
    lines = math.ceil(len(questions) / columns)
    title_lines = 2 if with_class else 1
    height = _PANEL_INCHES + 0.14 * title_lines
    figure = new_figure(height * lines, _WIDTH_INCHES * columns)
    for i, question in enumerate(questions):
        left, bottom = _WIDTH_INCHES * (i % columns), height * (lines - 1 - i // columns)
        panel = add_panel(figure, left + _LEFT_INCHES, bottom + 0.36, _WIDTH_INCHES - _LEFT_INCHES - _RIGHT_INCHES,
                          height - 0.36 - 0.14 * title_lines - 0.14)
        scope = f"{question.cls} · {question.system}\n" if with_class else ""
        _panel(chooser, panel, question, markers, scope + points.name(question.workload, question.fixed))
    return to_svg(figure, name)


def representative(chooser, questions):
    """The question that stands for a class: an answer that flips first, then most sizes, then the first in the file."""
    def rank(question):
        designs = {d for p in question.points for d in p.rows} - {BASELINE}
        flips = any(chooser.flips(question, d) for d in designs if style.colour(d) != style.GREY)
        return not flips, -len(question.points)
    return min(questions, key=rank)
