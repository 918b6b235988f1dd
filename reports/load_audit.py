# SPDX-License-Identifier: Apache-2.0
"""audit.json and verify.json: counts, witnesses, promises, what designs say of themselves, and laws."""
from reports import load_run, rows
from reports.schema import refuse

_METRICS = ("payload_bytes_copied_per_op", "allocs_per_op", "retained_over_live")


def audit(top):
    coverage = top.fields.get("coverage")
    if coverage is None:
        coverage = []
    if not isinstance(coverage, list):
        refuse(top.at("coverage"), "a list", coverage)
    return rows.Audit([_audit_row(o) for o in top.objects("rows")],
                      [_card(o) for o in top.objects("designs", optional=True)], coverage, _commit(top),
                      top.number("seed", optional=True), top.text("run_id", optional=True), selection(top))


def selection(top):
    """What was asked for; None where the file does not say."""
    asked = top.child("selection")
    return None if asked is None else asked.fields


def verify(top):
    laws = [rows.LawRow(o.text("system"), o.text("design"), o.text("law"), o.number("cases"),
                        o.word("verdict", rows.LAW_VERDICTS), o.text("replay", optional=True),
                        o.text("why", optional=True)) for o in top.objects("rows")]
    return rows.Verify(laws, _commit(top), top.number("seed", optional=True), top.text("run_id", optional=True),
                       selection(top))


def _commit(top):
    machine = top.child("machine")
    return "" if machine is None else machine.text("commit", optional=True)


def _promise(o):
    if o is None:
        return None
    return {"kind": o.word("kind", ("exact", "at_most")), "kept": o.flag("kept"), "why": o.text("why", optional=True)}


def _witnesses(o):
    """witness -> how well it saw; a cell that could not be audited has none."""
    found = {} if o is None else {name: o.child(name) for name in rows.WITNESSES}
    return {name: one.word("kind", rows.SIGHTS) for name, one in found.items() if one is not None}


def _audit_row(o):
    return rows.AuditRow(**load_run.cell(o), counts={key: o.number(key, optional=True) for key in _METRICS},
                         witnesses=_witnesses(o.child("witnesses")), promise=_promise(o.child("promise")),
                         verdict=o.word("verdict", rows.VERDICTS), reasons=o.texts("reasons"),
                         **_proof(o))


def _proof(o):
    """What the witnesses prove together; older files, and cells that could not be audited, say nothing."""
    upper, elsewhere = o.child("upper_bound"), o.child("elsewhere")
    names = ("allocs_per_op", "payload_bytes_copied_per_op", "kernel_bytes_copied_per_op", "syscalls_per_op")
    return {"proof": o.text("proof", optional=True), "could_hide": o.text("could_hide", optional=True),
            "upper": upper and {"means": upper.text("means"), "pages": upper.number("pages"),
                                "allowed": upper.number("allowed_pages")},
            "elsewhere": elsewhere and {name: elsewhere.number(name) for name in names}}


def _card(o):
    said = {key: o.text(key, optional=True) for key in ("about", "obligations", "pick_when", "avoid_when")}
    return rows.DesignCard(system=o.text("system"), name=o.text("name"), peer=o.flag("peer", False), **said)
