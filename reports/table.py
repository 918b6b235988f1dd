# SPDX-License-Identifier: Apache-2.0
"""A table as data, to be printed as HTML or Markdown. A number keeps the value of the file beside its short text."""
from dataclasses import dataclass, field

from reports import units

NONE = "–"


@dataclass(frozen=True)
class Entry:
    text: str
    value: float | None = None  # exactly as in the file
    tone: str = ""  # "better", "worse", "level", "bad": redundant with the text, never alone
    note: str = ""  # smaller, below, in lines: the interval of the value

    @property
    def is_number(self):
        return self.value is not None


@dataclass(frozen=True)
class Table:
    name: str  # unique in the page
    caption: str
    columns: list
    rows: list = field(default_factory=list)  # lists of Entry; a row of one Entry is a heading over those below
    struck: set = field(default_factory=set)  # indices of rows that are listed and not ranked


def text(value, tone=""):
    return Entry(value or NONE, tone=tone)


def number(value, show):
    return Entry(NONE) if value is None else Entry(show(value), value)


def times(row):
    """The time of a row with its interval; the verdict instead where the row may not show one."""
    if not row.timed:
        return Entry(row.verdict, tone="bad" if row.wrong else "")
    return Entry(units.time(row.ns), row.ns, note=f"{units.time(row.low)} to {units.time(row.high)}")


def ratio(row):
    """The ratio of a row with its interval."""
    if not row.compared:
        return Entry(NONE)
    interval = f"{units.ratio(row.ratio_low)} to {units.ratio(row.ratio_high)}"
    if not row.separated:
        return Entry(units.ratio(row.ratio), row.ratio, "level", interval + "\nnot separated")
    return Entry(units.ratio(row.ratio), row.ratio, "better" if row.ratio < 1 else "worse", interval)


def part(held):
    """ "12 of 13"; None where nobody looked."""
    if held is None:
        return Entry("not run")
    good, total = held
    return Entry(f"{good} of {total}", tone="bad" if good < total else "")
