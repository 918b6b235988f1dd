# SPDX-License-Identifier: Apache-2.0
"""Pieces of sentences. Names that are printed bold stand between `**`."""
from reports import points, units
from reports.rows import BASELINE


def bold(names, last=" and "):
    """ "**a**, **b** and **c**" """
    marked = [f"**{n}**" for n in names]
    return last.join(([", ".join(marked[:-1])] if len(marked) > 1 else []) + marked[-1:])


def against(row, first=False):
    """ "2.31× (95 % interval 2.10 to 2.52) less time"; the level is said once a sentence.

    REQUIRES: row.compared.
    """
    level = "95 % interval " if first else ""
    low, high = units.ratio(row.ratio_low), units.ratio(row.ratio_high)
    if not row.separated:
        return f"not separated (ratio {low} to {high})"
    middle, word = units.digits(row.ratio), "more"
    if row.ratio < 1:
        middle, word = units.digits(1 / row.ratio), "less"
        low, high = units.digits(1 / row.ratio_high), units.digits(1 / row.ratio_low)
    return f"{middle}× ({level}{low} to {high}) {word} time"


def place(row):
    """ "fan_out (4 KiB, consumers 16)" """
    return points.name(row.workload, row.params)


def count_of_points(count, total):
    if count == total == 1:
        return "the only point"
    return f"all {total} points" if count == total else f"{count} of {total} points"


def at(key, value, show=units.amount):
    """ "at 4 KiB", or "at threads 2" where the number alone would say nothing."""
    return f"at {show(key, value)}" if key == "size" else f"at {key} {show(key, value)}"


def flip(question, found, design, other=BASELINE):
    """ "at 1.12 KiB (0.910 KiB to 1.40 KiB): copy below, slice above" """
    key = question.axis
    below, above = (design, other) if found.first_wins_below else (other, design)
    interval = f"{units.estimated(key, found.low)} to {units.estimated(key, found.high)}"
    return f"{at(key, found.size, units.estimated)} ({interval}): {below} below, {above} above"


def why_nobody(rows):
    """Why no design may win."""
    if any(r.apart for r in rows):
        return "not measured: the roles hardly ran at the same time."
    return "no design verified."
