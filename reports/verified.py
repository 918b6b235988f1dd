# SPDX-License-Identifier: Apache-2.0
"""Which designs may be recommended: those without a single broken result, promise or law in their system."""
from typing import NamedTuple

from reports.rows import BASELINE


class Reason(NamedTuple):
    """Why a design may not be recommended."""

    kind: str  # "result", "promise" or "law"
    text: str


def broken(results):
    """(system, design) -> reasons, for every design with something broken."""
    reasons = {}

    def add(row, kind, text):
        reasons.setdefault((row.system, row.design), []).append(Reason(kind, text))

    for row in results.rows:
        if row.wrong:
            add(row, "result", f"broken result in {row.cell}" + (f": {row.why}" if row.why else ""))
    for row in results.audit.rows if results.audit else ():
        if row.verdict == "broken":
            what = "promise" if row.promise is not None else "audit"
            add(row, "promise", f"broken {what} in {row.cell}" + (f": {row.reasons[0]}" if row.reasons else ""))
    for row in results.verify.rows if results.verify else ():
        if row.verdict == "broken":
            add(row, "law", f"broken law {row.law}")
    return reasons


def may_be_compared_with(reasons, system):
    """May ratios to copy be drawn? Not if its results or laws are broken: it may have done less.

    A copy that breaks a promise does what it should at other costs than it said; its times stand.
    """
    return all(r.kind == "promise" for r in reasons.get((system, BASELINE), ()))


def promises(results, system, design):
    """(kept, all) of the promises that were checked; None without an audit."""
    if results.audit is None:
        return None
    checked = [r for r in results.audit.rows if (r.system, r.design) == (system, design) and was_checked(r)]
    return sum(r.promise["kept"] for r in checked), len(checked)


def was_checked(row):
    """An audit row whose promise was held to something; under another tool's hooks nothing is."""
    return row.promise is not None and row.verdict in ("holds", "broken")


def laws(results, system, design):
    """(held, all) of the laws that were run; None without a verification."""
    if results.verify is None:
        return None
    run = [r.verdict == "holds" for r in results.verify.rows
           if (r.system, r.design) == (system, design) and r.verdict not in ("not offered", "not asked")]
    return sum(run), len(run)
