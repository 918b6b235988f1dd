# SPDX-License-Identifier: Apache-2.0
"""Which designs may be recommended: those without a single broken verdict, promise or law in their system."""


def broken(results):
    """(system, design) -> reasons, for every design with something broken."""
    reasons = {}

    def add(row, reason):
        reasons.setdefault((row.system, row.design), []).append(reason)

    for row in results.rows:
        if row.verdict == "broken":
            add(row, f"broken result in {row.cell}" + (f" ({row.why})" if row.why else ""))
    for row in results.audit.rows if results.audit else ():
        if row.promise is not None and not row.promise["kept"]:
            why = row.promise["why"]
            add(row, f"broken promise in {row.cell}" + (f" ({why})" if why else ""))
        elif row.verdict == "broken":
            add(row, f"broken count in {row.cell}")
    for row in results.verify.rows if results.verify else ():
        if row.verdict == "broken":
            add(row, f"broken law {row.law}")
    return reasons


def promises(results, system, design):
    """(kept, all) of the promises that were checked; None without an audit."""
    if results.audit is None:
        return None
    checked = [r.promise["kept"] for r in results.audit.rows
               if (r.system, r.design) == (system, design) and r.promise is not None]
    return sum(checked), len(checked)


def laws(results, system, design):
    """(held, all) of the laws that were run; None without a verification."""
    if results.verify is None:
        return None
    run = [r.verdict == "holds" for r in results.verify.rows
           if (r.system, r.design) == (system, design) and r.verdict != "not offered"]
    return sum(run), len(run)
