# SPDX-License-Identifier: Apache-2.0
"""Results of a handful of cells, with times chosen so that every expected sentence can be worked out by hand.

A design's eight launches are its time multiplied by SCATTER; copy's are its time alone. So the ratio of a design to
copy has the median design / copy, and its interval is that times 0.98 to 1.02.
"""
from reports import rows
from reports.choice import Chooser
from reports.claims import SYSTEM

SCATTER = (0.98, 0.99, 0.995, 1.0, 1.0, 1.005, 1.01, 1.02)


def row(workload, design, params, ns, copy_ns, cls="share", verdict="holds", system=SYSTEM, **changes):
    """One row of a run; its ratio is against `copy_ns`, unless that is None or the design is copy."""
    low, high = (ns, ns) if design == rows.BASELINE or ns is None else (ns * SCATTER[0], ns * SCATTER[-1])
    ratio = None if design == rows.BASELINE or None in (ns, copy_ns) else ns / copy_ns
    values = {"ns": ns, "low": low, "high": high, "ratio": ratio, "ratio_low": ratio and low / copy_ns,
              "ratio_high": ratio and high / copy_ns, "limit": None, "floor": None, "verdict": verdict, "why": "",
              "allocator": "mimalloc", "overlap": None, "latency": None, **changes}
    name = "/".join([system, workload, f"design:{design}", *[f"{k}:{v}" for k, v in params.items()]])
    return rows.RunRow(name, system, workload, cls, design, params, **values)


def point(workload, params, times, cls="share", **changes):
    """The rows of one point: {design: ns}."""
    return [row(workload, d, params, ns, times.get(rows.BASELINE), cls, **changes) for d, ns in times.items()]


def card(name, obligations="none"):
    return rows.DesignCard(SYSTEM, name, "", False, obligations, "", "")


def audited(run_row, promise=None, verdict="holds", reasons=(), **counts):
    names = ("payload_bytes_copied_per_op", "allocs_per_op", "retained_over_live")
    return rows.AuditRow(run_row.cell, run_row.system, run_row.workload, run_row.cls, run_row.design, run_row.params,
                         {n: counts.get(n) for n in names}, {}, promise, verdict, list(reasons))


def results(run, **changes):
    samples = {}
    for r in run:
        if r.ns is not None:
            factors = (1,) * len(SCATTER) if r.design == rows.BASELINE else SCATTER
            samples[r.cell, r.allocator] = {i: r.ns * f for i, f in enumerate(factors)}
    values = {"directory": "results", "version": "0.1.0", "seed": 7, "profile": "quick", "launches": len(SCATTER),
              "complete": True, "noise_floor": 0.01, "inputs": [], "machine": {}, "rows": run, "limits": [],
              "samples": samples, **changes}
    return rows.Results(**values)


def chooser(*points, **changes):
    return Chooser(results([r for p in points for r in p], **changes))
