# SPDX-License-Identifier: Apache-2.0
"""How far apart two colours look, also to colour-blind eyes, and how well one stands out on another.

Sources: IEC 61966-2-1 (sRGB); Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color
vision deficiency" (2009), severity 1; Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula" (2005); WCAG 2.1
(contrast).
"""
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

SIGHT = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_WHITE = (0.95047, 1.0, 1.08883)


def _times(matrix, vector):
    return tuple(sum(m * v for m, v in zip(row, vector)) for row in matrix)


def linear(hex_colour):
    channels = (int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def contrast(a, b):
    lighter, darker = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b_ for r, g, b_ in map(linear, (a, b))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lab(hex_colour, sight="normal"):
    seen = tuple(min(1, max(0, c)) for c in _times(SIGHT[sight], linear(hex_colour)))
    f = [(v / w) ** (1 / 3) if v / w > 216 / 24389 else (24389 / 27 * v / w + 16) / 116
         for v, w in zip(_times(_TO_XYZ, seen), _WHITE)]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def _hue(a, b):
    return degrees(atan2(b, a)) % 360 if a or b else 0.0


def _mean_hue(h1, h2, grey):
    if grey:
        return h1 + h2
    if abs(h1 - h2) <= 180:
        return (h1 + h2) / 2
    return (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2


def delta_e(lab1, lab2):
    """CIEDE2000."""
    (l1, a1, b1), (l2, a2, b2) = lab1, lab2
    c7 = ((hypot(a1, b1) + hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - sqrt(c7 / (c7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2, h1, h2 = hypot(a1, b1), hypot(a2, b2), _hue(a1, b1), _hue(a2, b2)
    turn = 0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    l, c, h = (l1 + l2) / 2, (c1 + c2) / 2, _mean_hue(h1, h2, c1 * c2 == 0)
    t = (1 - 0.17 * cos(radians(h - 30)) + 0.24 * cos(radians(2 * h)) + 0.32 * cos(radians(3 * h + 6))
         - 0.20 * cos(radians(4 * h - 63)))
    sl = 1 + 0.015 * (l - 50) ** 2 / sqrt(20 + (l - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rt = -2 * sqrt(c**7 / (c**7 + 25**7)) * sin(radians(60 * exp(-(((h - 275) / 25) ** 2))))
    return sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * dc / sc * dh / sh)


def distance(a, b, sight):
    return delta_e(lab(a, sight), lab(b, sight))
