# SPDX-License-Identifier: Apache-2.0
"""Which witness could see what, workload by workload, from the rows of the audit; and what each can see at all."""
from reports.rows import SIGHTS, WITNESSES
from reports.table import Entry, Table, number, text

_SAID = {"lower_bound": "lower bound", "n/a": "not applicable"}


def witnesses(chooser):
    """In how many cells each witness saw how well, and beside it what it sees at all, in the words of the audit."""
    audit = chooser.results.audit
    told = {e.get("witness"): e for e in audit.coverage if isinstance(e, dict)}
    table = Table("witnesses", "in how many audited cells a witness counted exactly, gave a lower bound, or was blind",
                  ["witness", "exact", "lower bound", "blind", "not applicable", "not used", "sees", "is blind to"])
    for name in WITNESSES:
        kinds = [r.witnesses[name] for r in audit.rows if name in r.witnesses]
        counts = [*[kinds.count(k) for k in SIGHTS], len(audit.rows) - len(kinds)]
        words = [str(told.get(name, {}).get(key) or "") for key in ("sees", "blind_to")]
        table.rows.append([text(name), *[number(c, str) for c in counts], *map(text, words)])
    return table


def by_workload(chooser):
    """How well each witness saw each workload: one word where it is so for every design, else the designs by name."""
    groups = {}
    for row in chooser.results.audit.rows:
        if row.witnesses:
            groups.setdefault((row.system, row.workload), []).append(row)
    table = Table("coverage",
                  "how well each witness saw each workload; copied bytes are exact where one of them is exact",
                  ["workload", *WITNESSES, "cells without an exact count"])
    for (system, workload), rows in groups.items():
        open_ = sorted({r.design for r in rows if not r.counted})
        count = sum(not r.counted for r in rows)
        table.rows.append([text(f"{system} {workload}"), *[_sight(rows, name) for name in WITNESSES],
                           Entry(f"{count} of {len(rows)}", note=", ".join(open_))])
    return table


def _sight(rows, name):
    """The best that was seen, for which designs, and the others below; cells where a design is at several."""
    seen = {}
    for row in rows:
        if name in row.witnesses:
            seen.setdefault(row.witnesses[name], []).append(row.design)
    kinds = [(_SAID.get(k, k), seen[k]) for k in SIGHTS if k in seen]
    if len(kinds) < 2:
        return text(kinds[0][0] if kinds else "")
    apart = sum(len(set(designs)) for _, designs in kinds) == len({d for _, designs in kinds for d in designs})
    where = [", ".join(dict.fromkeys(designs)) if apart else f"{len(designs)} cells" for _, designs in kinds]
    return Entry(kinds[0][0], note="\n".join([where[0], *[f"{k}: {w}" for (k, _), w in list(zip(kinds, where))[1:]]]))


def proofs(chooser):
    """What is proved of copies, workload by workload, and what a copy that nobody saw would be like."""
    groups = {}
    for row in chooser.results.audit.rows:
        if row.proof:
            groups.setdefault((row.system, row.workload), []).append(row)
    table = Table("proofs",
                  "cells in which a copy is excluded (proved), is what the design does (copies), or could hide "
                  "(bounded)",
                  ["workload", "proved", "copies", "bounded", "what could hide", "pages written, at most allowed",
                   "elsewhere"])
    for (system, workload), rows in groups.items():
        bounded = [r for r in rows if r.proof == "bounded"]
        hides = list(dict.fromkeys(r.could_hide for r in bounded))
        table.rows.append([text(f"{system} {workload}"),
                           *[number(sum(r.proof == p for r in rows), str) for p in ("proved", "copies")],
                           Entry(str(len(bounded)), note=", ".join(sorted({r.design for r in bounded}))),
                           Entry(hides[0] if hides else "\u2013", note="\n".join(hides[1:])),
                           text(_worst(rows)), text(_elsewhere(rows))])
    return table


def _worst(rows):
    """The cell whose pages come nearest to what is allowed."""
    known = [r.upper for r in rows if r.upper]
    if not known:
        return "\u2013"
    worst = max(known, key=lambda u: u["pages"] - u["allowed"])
    return f"{worst['pages']:g} of {worst['allowed']:g} ({worst['means']})"


def _elsewhere(rows):
    found = sorted({r.design for r in rows if r.elsewhere and any(r.elsewhere.values())})
    return ", ".join(found) if found else "nothing"
