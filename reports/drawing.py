# SPDX-License-Identifier: Apache-2.0
"""What all figures share: byte-stable SVG, axes in sizes and times, labels that do not lie on each other.

Needs matplotlib; only figures.py imports this, and only when it is there.
"""
import io
import re

import matplotlib
from matplotlib import patheffects
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from reports import style, units

WIDTH_INCHES = 11
_SIZE_TICKS = [16 << (4 * i) for i in range(8)]  # 16 B, 256 B, 4 KiB, 64 KiB, ...


def new_figure(height_inches, width_inches=WIDTH_INCHES):
    return Figure(figsize=(width_inches, height_inches))


def add_panel(figure, left, bottom, width, height):
    """Axes at a place given in inches: laying out by hand is plain and takes half the time."""
    full_width, full_height = figure.get_size_inches()
    return figure.add_axes((left / full_width, bottom / full_height, width / full_width, height / full_height))


def text_inches(text, points):
    """Roughly how wide the longest line of a text is; DejaVu Sans averages under 0.6 em."""
    return max(map(len, text.split("\n"))) * points * 0.58 / 72


def styled(draw):
    """Runs a drawing under the report's style and nothing else: a user's matplotlibrc must not change the bytes."""
    def run(*args, **kwargs):
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(style.RC)
            return draw(*args, **kwargs)
    return run


def to_svg(figure, name):
    """The figure as one <svg> element. Identifiers carry the name, so that several fit in one page."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = out.getvalue()
    text = text[text.index("<svg"):]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", text)
    text = text.replace(f"'{style.FONT}'", f"'{style.FONT}', Verdana, sans-serif")  # for a reader without the font
    return text


def size_axis(axis, values):
    """A logarithmic axis of bytes, with a tick at round sizes only."""
    low, high = min(values) / 1.6, max(values) * 1.6
    ticks = [t for t in _SIZE_TICKS if low <= t <= high]
    if len(ticks) < 2:
        ticks = sorted(values)
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FuncFormatter(lambda v, _: units.size(v)))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def value_axis(axis, values):
    """An axis of a parameter that is no size: a tick at each value."""
    axis.set_major_locator(FixedLocator(sorted(values)))
    axis.set_major_formatter(FuncFormatter(lambda v, _: units.plain(v)))
    axis.set_minor_locator(NullLocator())


def log_axis(axis, show):
    axis.set_major_formatter(FuncFormatter(lambda v, _: show(v)))
    axis.set_minor_formatter(NullFormatter())


def edge_of(design, width):
    """Light hues get a dark edge on white; the others need none."""
    if style.colour(design) not in style.NEEDS_EDGE:
        return []
    return [patheffects.Stroke(linewidth=width + 1.4, foreground=style.INK), patheffects.Normal()]


def spread(wanted, gap, low, high):
    """Positions near the wanted ones, in their order, at least `gap` apart and within [low, high] where they fit."""
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    placed = [0.0] * len(wanted)
    floor = low
    for i in order:
        placed[i] = floor = max(wanted[i], floor)
        floor += gap
    ceiling = high
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - gap
    return placed
