# SPDX-License-Identifier: Apache-2.0
"""A map in colours: a panel a sheet, a square a cell, in it the names of who wins, each on the colour of its owner."""
from matplotlib.patches import Rectangle

from reports import maps, style
from reports.drawing import WIDTH_INCHES, add_panel, new_figure, styled, text_inches, to_svg
from reports.points import describe

_NAME_POINTS = 7
_BAND_INCHES, _LEFT_INCHES, _GAP_INCHES, _TOP_INCHES, _BOTTOM_INCHES = 0.17, 0.62, 0.15, 0.3, 0.4


def _names(contest):
    """The lines of a cell: a winner a line; otherwise what there is to say."""
    return maps.winners(contest) or maps.words(contest).split(" ", 1)


def _heights(sheet):
    """Inches of each row of cells: two lines at least, or as many as the longest has."""
    return [_BAND_INCHES * max(2, *(len(_names(sheet.cell(size, n))) for n in sheet.counts)) for size in sheet.sizes]


def _width(found):
    """Inches of a cell: the longest line of the map."""
    lines = [t for s in found.sheets for size in s.sizes for n in s.counts for t in _names(s.cell(size, n))]
    return max(text_inches(t, _NAME_POINTS) for t in lines) + 0.1


def _band(panel, left, bottom, width, height, text, fill, ink):
    panel.add_patch(_rectangle(left, bottom, width, height, fill, style.PAPER))
    panel.text(left + width / 2, bottom + height / 2, text, fontsize=_NAME_POINTS, color=ink, ha="center",
               va="center_baseline")


def _rectangle(left, bottom, width, height, fill, edge="none"):
    return Rectangle((left, bottom), width, height, facecolor=fill, edgecolor=edge, linewidth=0.8)


def _cell(panel, contest, left, top, width, height):
    """Equal bands for the winners; plain paper where nobody wins."""
    won, lines = maps.winners(contest), _names(contest)
    if won:
        band = height / len(won)
        for i, design in enumerate(won):
            _band(panel, left, top + i * band, width, band, design, style.colour(design), style.ink_on(design))
    else:
        fill = style.STRIPE if contest is not None and contest.order else style.PAPER
        panel.add_patch(_rectangle(left, top, width, height, fill))
        panel.text(left + width / 2, top + height / 2, "\n".join(lines), fontsize=_NAME_POINTS, color=style.FAINT,
                   ha="center", va="center", linespacing=1.1)
    panel.add_patch(_rectangle(left, top, width, height, "none", style.RULE))


def _panel(panel, found, sheet, width, heights):
    tops = [sum(heights[:i]) for i in range(len(heights))]
    for size, top, height in zip(sheet.sizes, tops, heights):
        for i, count in enumerate(sheet.counts):
            _cell(panel, sheet.cell(size, count), i * width, top, width, height)
    panel.set_xlim(0, width * len(sheet.counts))
    panel.set_ylim(sum(heights), 0)
    panel.set_xticks([(i + 0.5) * width for i in range(len(sheet.counts))], [f"{n:,}" for n in sheet.counts])
    panel.set_yticks([t + h / 2 for t, h in zip(tops, heights)], [describe({maps.ROWS: s}) for s in sheet.sizes])
    panel.tick_params(length=0)
    for side in panel.spines.values():
        side.set_visible(False)
    panel.set_xlabel(found.key, fontsize=8, labelpad=1)
    panel.set_title(maps.title(found, sheet))


def _lines(found, width):
    """The sheets as lines of panels that fit beside each other."""
    lines, room = [], 0
    for sheet in found.sheets:
        need = _LEFT_INCHES + max(width * len(sheet.counts), text_inches(maps.title(found, sheet), 9)) + _GAP_INCHES
        if not lines or need > room:
            lines.append([])
            room = WIDTH_INCHES
        lines[-1].append((WIDTH_INCHES - room, sheet))
        room -= need
    return lines


@styled
def draw(found):
    """One SVG. REQUIRES: found has sheets."""
    width = _width(found)
    lines = _lines(found, width)
    tall = [max(sum(_heights(s)) for _, s in line) + _TOP_INCHES + _BOTTOM_INCHES for line in lines]
    figure = new_figure(sum(tall))
    for i, line in enumerate(lines):
        top = sum(tall[i:])
        for left, sheet in line:
            heights = _heights(sheet)
            panel = add_panel(figure, left + _LEFT_INCHES, top - _TOP_INCHES - sum(heights),
                              width * len(sheet.counts), sum(heights))
            _panel(panel, found, sheet, width, heights)
    return to_svg(figure, found.name)
