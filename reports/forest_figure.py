# SPDX-License-Identifier: Apache-2.0
"""Ratios to copy with their intervals: left of 1 is less time. Grey and hollow where the interval contains 1."""
import math

from reports import points, style, units
from reports.drawing import WIDTH_INCHES, add_panel, log_axis, new_figure, styled, text_inches, to_svg
from reports.rows import BASELINE

_LINE_INCHES = 0.125
_LABEL_POINTS = 7.2


def rows_of(chooser, point):
    """What is drawn for a point: its compared rows without broken designs, lowest ratio first."""
    return sorted(filter(chooser.may_compare, point.rows.values()), key=lambda r: (r.ratio, r.design))


def _draw_row(panel, row, y, markers, paper):
    known = row.separated
    colour = style.colour(row.design) if known else style.GREY
    line = style.edge(row.design) if known else style.GREY
    panel.plot([row.ratio_low, row.ratio_high], [y, y], color=line, linewidth=1.1, solid_capstyle="butt", zorder=2)
    panel.plot([row.ratio], [y], marker=markers[row.design], markersize=4.6, linestyle="none", markeredgewidth=0.8,
               markerfacecolor=colour if known else style.PAPER, markeredgecolor=line, zorder=3)
    note = f"{row.design} {units.ratio(row.ratio)}" + ("" if known else " not separated")
    panel.annotate(note, (row.ratio_high, y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=6.6,
                   color=style.INK if known else style.FAINT,  # the box keeps the line at 1 out of the letters
                   bbox={"boxstyle": "square,pad=0.05", "facecolor": paper, "edgecolor": "none"})


def _label(point):
    base = point.baseline
    absolute = f"\ncopy {units.time(base.ns)}" if base is not None and base.timed else ""
    return f"{point.cls} · {points.name(point.workload, point.params)}{absolute}"


def _finish(panel, ratios, height):
    panel.axvline(1, color=style.GREY, linewidth=0.7, zorder=1)
    panel.set_xscale("log", base=2 if max(ratios) / min(ratios) < 64 else 10)
    # Names stand to the right of their marks: leave them a fifth of the width.
    low, high = math.log(min([*ratios, 1])), math.log(max([*ratios, 1]))
    panel.set_xlim(math.exp(low - 0.04 * (high - low) - 0.1), math.exp(high + 0.22 * (high - low) + 0.25))
    log_axis(panel.xaxis, units.short)
    panel.set_ylim(height + 0.3, -1.2)
    panel.spines["left"].set_visible(False)
    panel.tick_params(axis="y", length=0)
    panel.set_xlabel(f"time as a multiple of {BASELINE}'s, logarithmic; dot and 95 % interval")


@styled
def draw(chooser, chosen, markers, name):
    """One SVG; a block of rows for each point. REQUIRES: every point has rows_of; not empty."""
    count = sum(max(len(rows_of(chooser, p)), 2) + 0.8 for p in chosen)
    height = count * _LINE_INCHES + 0.2
    figure = new_figure(height + 0.6)
    left = 0.15 + max(text_inches(_label(p), _LABEL_POINTS) for p in chosen)
    panel = add_panel(figure, left, 0.4, WIDTH_INCHES - left - 0.05, height)
    y, ticks, ratios = 0.0, [], []
    for i, point in enumerate(chosen):
        rows = rows_of(chooser, point)
        height = max(len(rows), 2)
        paper = style.STRIPE if i % 2 == 0 else style.PAPER
        panel.axhspan(y - 0.9, y + height - 0.1, color=paper, linewidth=0, zorder=0)
        for k, row in enumerate(rows):
            _draw_row(panel, row, y + k, markers, paper)
            ratios += [row.ratio_low, row.ratio_high]
        ticks.append((y + (height - 1) / 2, _label(point)))
        y += height + 0.8
    panel.set_yticks([t for t, _ in ticks], [label for _, label in ticks], fontsize=_LABEL_POINTS, color=style.INK)
    _finish(panel, ratios, y - 1)
    panel.annotate(f"← less time than {BASELINE}", (1, 1), xycoords=("data", "axes fraction"), xytext=(-4, 1),
                   textcoords="offset points", ha="right", va="bottom", fontsize=7, color=style.FAINT)
    panel.annotate("more time →", (1, 1), xycoords=("data", "axes fraction"), xytext=(4, 1), textcoords="offset points",
                   ha="left", va="bottom", fontsize=7, color=style.FAINT)
    return to_svg(figure, name)
