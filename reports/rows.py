# SPDX-License-Identifier: Apache-2.0
"""What a result directory holds, as plain values. Times are nanoseconds of one operation, sizes are bytes.

Everything is read once and never changed. None means that the file does not say.
"""
from __future__ import annotations

from dataclasses import dataclass, field

BASELINE = "copy"  # the design that every ratio is drawn against
CLASSES = ("ingest", "share", "read_once", "read_many", "fan_out", "retain", "hand_over", "recover")
# What people call a load that is mostly of one class, where the class alone would not say it.
CLASS_WORDS = {"ingest": "append-mostly", "read_many": "read-mostly", "fan_out": "many consumers", "recover": "durable"}
PLAUSIBLE_NS = 0.2  # an operation below this is one that the compiler removed; harness/clock says the same
OVERLAP_LEAST = 0.5  # several roles that ran together for less of the time did not meet
# The words and bounds of the program; ci/lint compares them with those (rule `words`).
VERDICTS = ("holds", "broken", "not separated", "no honest copy", "not measured")
LAW_VERDICTS = ("holds", "broken", "gave_up", "not offered", "not asked")
WITNESSES = ("primitive", "interposed", "signature", "identity", "touch")
SIGHTS = ("exact", "lower_bound", "blind", "n/a")
PROOFS = ("copies", "proved", "bounded")
PERCENTILES = ("p50", "p90", "p99", "p99_9", "p99_99", "max")


@dataclass(frozen=True)
class Beside:
    """A time from the machine's limits that a measured time stands beside."""

    expression: str
    ns: float
    times: float


@dataclass(frozen=True)
class Cell:
    """The name of what was run: workload x design x parameters."""

    cell: str
    system: str
    workload: str
    cls: str
    design: str
    params: dict


@dataclass(frozen=True)
class RunRow(Cell):
    ns: float | None
    low: float | None
    high: float | None
    ratio: float | None  # of copy's time; below 1 is faster
    ratio_low: float | None
    ratio_high: float | None
    limit: Beside | None  # a lower bound of the work, whichever design owns the bytes
    floor: Beside | None
    verdict: str
    why: str
    allocator: str
    overlap: float | None
    latency: dict | None
    missed: float | None = None  # launches that could not measure the cell
    missed_why: str = ""
    reference: Beside | None = None  # what owning bytes as the design does costs at best
    remark: str = ""  # what is said of a row below its lower bound

    @property
    def key(self):
        """The cell's name without the allocator, as samples and audits have it."""
        return self.cell.removesuffix(f"/allocator:{self.allocator}")

    @property
    def dishonest(self):
        """Copy so far above its floor that no ratio may be drawn against it. Its result is right."""
        return self.verdict == "no honest copy"

    @property
    def wrong(self):
        return self.verdict == "broken"

    @property
    def timed(self):
        """A row whose result was not proved shows no time, nor one that is too short to be true.

        A time without a ratio stands: what was measured is measured.
        """
        return not self.wrong and self.ns is not None and self.ns >= PLAUSIBLE_NS

    @property
    def apart(self):
        """Several roles were to run at once and hardly did: the time is one of roles on their own."""
        return self.overlap is not None and self.overlap < OVERLAP_LEAST

    @property
    def compared(self):
        return self.timed and self.ratio is not None and not self.apart

    @property
    def separated(self):
        """The interval of the ratio excludes 1, and the run's own verdict does not object."""
        return self.compared and self.verdict != "not separated" and not self.ratio_low <= 1 <= self.ratio_high


@dataclass(frozen=True)
class LimitRow:
    limit: str
    params: dict
    ns: float
    low: float | None
    high: float | None
    bytes: float | None = None  # where a size is the answer
    bytes_low: float | None = None
    bytes_high: float | None = None


@dataclass(frozen=True)
class AuditRow(Cell):
    counts: dict  # metric -> value, under the names of the file; None where it is not known
    witnesses: dict  # witness -> one of SIGHTS
    promise: dict | None  # kind, kept, why
    verdict: str
    reasons: list  # why it is not "holds", one line each
    proof: str = ""  # one of PROOFS; "" in files that know of none
    could_hide: str = ""  # what a copy that no witness saw would be like
    upper: dict | None = None  # pages written and allowed, by which means
    elsewhere: dict | None = None  # metric -> value, of what the process did in no role

    @property
    def counted(self):
        """Some witness saw every copied byte; else the bytes are those that were seen, and there may be more."""
        return "exact" in self.witnesses.values() or not self.witnesses


@dataclass(frozen=True)
class DesignCard:
    system: str
    name: str
    about: str
    peer: bool
    obligations: str
    pick_when: str
    avoid_when: str


@dataclass(frozen=True)
class LawRow:
    system: str
    design: str
    law: str
    cases: float
    verdict: str
    replay: str
    why: str = ""  # it could not be asked


@dataclass(frozen=True)
class Audit:
    rows: list[AuditRow]
    designs: list[DesignCard]
    coverage: list
    commit: str
    seed: int | None = None
    run_id: str = ""
    selection: dict | None = None


@dataclass(frozen=True)
class Verify:
    rows: list[LawRow]
    commit: str
    seed: int | None = None
    run_id: str = ""
    selection: dict | None = None


@dataclass(frozen=True)
class Results:
    directory: str
    version: str
    seed: int
    profile: str
    launches: int
    complete: bool
    noise_floor: float | None
    inputs: list  # names of real inputs as --input had them, without folders; empty: generated input
    machine: dict
    rows: list[RunRow]
    limits: list[LimitRow]
    samples: dict = field(repr=False)  # (cell, allocator) -> {launch: ns}
    audit: Audit | None = None
    verify: Verify | None = None
    why: str = ""  # the run is not complete
    run_id: str = ""  # the same in every file of one run
    selection: dict | None = None  # what was asked for; None where the files do not say
    foreign: tuple = ()  # files beside it that are of another run
