# SPDX-License-Identifier: Apache-2.0
"""Cost against size, one panel a question: where two lines cross, the answer flips."""
import math

from reports import points, style, units
from reports.drawing import (WIDTH_INCHES, add_panel, edge_of, log_axis, new_figure, size_axis, spread, styled, to_svg,
                             value_axis)
from reports.rows import BASELINE

_WIDE, _NARROW = (2, 2.7), (3, 2.3)  # columns of a figure, and inches of a panel's height
_LEFT_INCHES, _RIGHT_INCHES = 0.58, 1.0  # for the times on the left, for the names on the right
_LIMIT, _LIMIT_NAME = "memcpy_hot", "memory copy"


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


def _memory_copy(chooser, question, values):
    """What the machine's memory copy takes at best for what copy has to copy; else for as many bytes as the size
    says."""
    bases = [(p.params[question.axis], p.baseline) for p in question.points]
    floors = [(value, base.floor.ns) for value, base in bases if base and base.floor and chooser.may_win(base)]
    if len(floors) > 1:
        return floors
    line = _limit_line(chooser, min(values), max(values)) if question.axis == "size" else []
    return line if len(line) > 1 else []


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


def _label_lines(panel, ends, limits):
    """Names at the right end of the lines, spread apart, each led to its line; `ends` is name -> (x, ns)."""
    low, high = map(math.log, limits)
    wanted = [(math.log(ns) - low) / (high - low) for _, ns in ends.values()]
    for (name, end), place in zip(ends.items(), spread(wanted, 0.075, 0.02, 0.98)):
        lead = {"arrowstyle": "-", "color": style.edge(name), "linewidth": 0.6, "shrinkA": 1, "shrinkB": 3,
                "relpos": (0, 0.5)}
        panel.annotate(name, end, xytext=(1.06, place), textcoords="axes fraction", fontsize=7.5, va="center",
                       ha="left", annotation_clip=False, arrowprops=lead,
                       color=style.FAINT if name == _LIMIT_NAME else style.INK)


def _mark_flips(chooser, panel, question, series, values):
    """A cross where each design of ours crosses copy, a band for its interval."""
    span = math.log(max(values) / min(values)) if min(values) > 0 else math.inf
    own = [(d, f) for d in series if style.colour(d) != style.GREY for f in chooser.flips(question, d)]
    for line, (design, flip) in enumerate(own):
        panel.axvspan(flip.low, flip.high, color=style.colour(design), alpha=0.2, linewidth=0, zorder=0)
        at_the_left = math.log(flip.size / min(values)) < 0.5 * span if span < math.inf else True
        panel.annotate(f"{design} × {units.estimated(question.axis, flip.size)}",
                       (flip.low if at_the_left else flip.high, 1), xycoords=("data", "axes fraction"),
                       xytext=(1 if at_the_left else -1, -1 - 9 * line), textcoords="offset points",
                       ha="left" if at_the_left else "right", va="top", fontsize=7, color=style.INK)


def _panel(chooser, panel, question, markers, title):
    series = _series(chooser, question)
    values = [x for line in series.values() for x, _ in line]
    times = [r for line in series.values() for _, r in line]
    copied = _memory_copy(chooser, question, values)
    last = [copied[-1][1]] if copied else []
    limits = min([r.low for r in times] + last) / 1.7, max([r.high for r in times] + last) * 2.4
    panel.set_xscale("log" if min(values) > 0 else "symlog")
    panel.set_yscale("log")
    if copied:
        panel.plot(*zip(*copied), color=style.GREY, linewidth=1, linestyle=(0, (4, 2)), zorder=1)
    _draw_series(panel, series, markers)
    _mark_flips(chooser, panel, question, series, values)
    panel.set_ylim(*limits)
    (size_axis if units.is_size(question.axis) else value_axis)(panel.xaxis, sorted(set(values)))
    log_axis(panel.yaxis, units.short_time)
    ends = {design: (line[-1][0], line[-1][1].ns) for design, line in series.items()}
    _label_lines(panel, {**ends, _LIMIT_NAME: copied[-1]} if copied else ends, limits)
    panel.set_title(title)
    panel.set_xlabel(question.axis, fontsize=8, labelpad=1)


@styled
def draw(chooser, questions, markers, name, with_class):
    """One SVG of small multiples. REQUIRES: every question is drawable; not empty."""
    columns, height = _WIDE if len(questions) in (1, 2, 4) else _NARROW
    lines, width = math.ceil(len(questions) / columns), WIDTH_INCHES / columns
    second = with_class and columns == _NARROW[0]  # a title in two lines
    height += 0.14 * second
    figure = new_figure(height * lines, width * min(columns, len(questions)))
    for i, question in enumerate(questions):
        left, bottom = width * (i % columns), height * (lines - 1 - i // columns)
        panel = add_panel(figure, left + _LEFT_INCHES, bottom + 0.42, width - _LEFT_INCHES - _RIGHT_INCHES,
                          height - 0.42 - 0.3 - 0.14 * second)
        scope = f"{question.cls} · {question.system}" + (":\n" if second else ": ") if with_class else ""
        _panel(chooser, panel, question, markers, scope + points.name(question.workload, question.fixed))
    return to_svg(figure, name)


def representative(chooser, questions):
    """The question that stands for a class: the most answers that flip first, then most sizes, then the first in the
    file."""
    def rank(question):
        designs = {d for p in question.points for d in p.rows} - {BASELINE}
        flips = sum(bool(chooser.flips(question, d)) for d in designs if style.colour(d) != style.GREY)
        return -flips, -len(question.points)
    return min(questions, key=rank)
