# SPDX-License-Identifier: Apache-2.0
"""Colours and ink of every figure and table, in one place.

The four hues are from the palette of Okabe and Ito, chosen for the largest distance between the closest pair under
normal and colour-blind sight; tests/test_style.py computes it. Colour says who owns the bytes, the marker says which
design, and every mark also has its name beside it, so that nothing rests on colour alone.
"""
BLACK, SKY, BLUE, VERMILLION = "#000000", "#56B4E9", "#0072B2", "#D55E00"
SERIES = (BLACK, SKY, BLUE, VERMILLION)
INK, FAINT, GREY, RULE, PAPER, STRIPE = "#1A1A1A", "#595959", "#767676", "#D9D9D9", "#FFFFFF", "#F4F4F4"
BETTER, WORSE = BLUE, VERMILLION

# Sky is too light on white for a line of its own; it is drawn with a dark edge.
NEEDS_EDGE = (SKY,)

_COLOUR = {"copy": BLACK, "slice": VERMILLION, "arena": SKY, "shm": BLUE}
_MARKER = {"copy": "s", "slice": "o", "arena": "^", "shm": "D"}
_OTHER_MARKERS = "vP*XhdpH<>"

FONT = "DejaVu Sans"
SALT = "copycost"  # identifiers inside the figures depend on this and on the data only

RC = {
    "font.family": [FONT],
    "font.size": 8.5,
    "svg.fonttype": "none",  # text stays text: it can be searched and read aloud
    "svg.hashsalt": SALT,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "axes.edgecolor": FAINT, "axes.labelcolor": INK, "axes.linewidth": 0.7,
    "axes.spines.top": False, "axes.spines.right": False,
    "axes.titlesize": 9, "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.titlepad": 7,
    "text.color": INK, "xtick.color": FAINT, "ytick.color": FAINT,
    "xtick.labelsize": 7.5, "ytick.labelsize": 7.5, "xtick.major.width": 0.6, "ytick.major.width": 0.6,
    "figure.facecolor": PAPER, "axes.facecolor": PAPER,
}


def colour(design):
    """Our own designs have a hue each; everybody else's are grey, told apart by marker and name."""
    return _COLOUR.get(design, GREY)


def edge(design):
    return INK if colour(design) in NEEDS_EDGE else colour(design)


def ink_on(design):
    """What letters on a design's colour are written in."""
    return PAPER if colour(design) in (BLACK, BLUE, GREY) else INK


def markers(designs):
    """design -> marker, the same in every figure of a report. REQUIRES: all designs of the report, in a fixed order."""
    spare = iter(_OTHER_MARKERS * len(designs))
    return {d: _MARKER.get(d) or next(spare) for d in designs}
