# SPDX-License-Identifier: Apache-2.0
"""What the reader needs in order to trust the page, and what the page does not say."""
import shlex
from pathlib import PurePath

from reports import points, units
from reports.names import shell_word
from reports.rows import BASELINE

_MACHINE = (("cpu_model", "processor"), ("cores_usable", "cores"), ("caches", "caches"),
            ("virtual_machine", "virtual machine"), ("kernel", "kernel"), ("libc", "libc"), ("allocator", "allocator"),
            ("compiler", "compiler"), ("compiler_flags", "flags"), ("build_type", "build"), ("sanitizer", "sanitizer"),
            ("governor", "governor"), ("commit", "commit"), ("date_utc", "date"))
_NOISE_MAX = 0.1  # of a time; a quiet machine stays well below
_BUSY = 0.5


def scope(results):
    """On what the sentences rest, in a line."""
    machine = results.machine
    cores = machine.get("cores_usable") or machine.get("cores_online", "an unknown number of")
    allocator = points.main_rows(results.rows)[0].allocator or "unknown"
    where = machine.get("cpu_model", "an unknown processor")
    return (f"On {where}, {cores} cores, {machine.get('kernel', 'unknown kernel')}, allocator {allocator}; "
            f"{results.launches} launches, profile {results.profile}.")


def trust(results):
    """[(name, value)] of the trust strip; machine facts that have no label here keep the file's name."""
    floor = "not measured" if results.noise_floor is None else units.share(results.noise_floor)
    seeds = [(f"seed of the {what}", str(part.seed)) for what, part in
             (("audit", results.audit), ("laws", results.verify)) if part is not None and part.seed is not None]
    known = [(label, results.machine[key]) for key, label in _MACHINE if key in results.machine]
    rest = [_fact(key, value) for key, value in results.machine.items() if key not in dict(_MACHINE)]
    return [("complete", "yes" if results.complete else f"NO: {_incomplete(results)}"), ("seed", str(results.seed)),
            *seeds, ("launches", str(results.launches)), ("profile", results.profile), ("noise floor", floor),
            ("tool", f"copycost {results.version}"), *known, *rest]


def _fact(key, value):
    if key.endswith("_bytes") and value.isdigit():
        return key.removesuffix("_bytes").replace("_", " "), units.estimated_size(int(value))
    return key.replace("_", " "), value


def _busy(machine):
    """(load average over a minute, cores) where other work took at least half a core of each; else empty."""
    try:
        load, cores = float(machine["load_average"].split()[0]), int(machine["cores_usable"])
    except (KeyError, IndexError, ValueError):
        return "", ""
    return (units.digits(load), cores) if load >= cores * _BUSY else ("", "")


def warnings(results):
    """What should make a reader doubt the page, loudest first."""
    found = []
    if not results.complete:
        found.append(f"INCOMPLETE: {_incomplete(results)}; what was finished is shown.")
    found += [f"{name} is of another run than the times: what it says may not be of this program or these cells."
              for name in results.foreign]
    missed = [r for r in results.rows if r.missed]
    if missed:
        found.append(f"{len(missed)} of {len(results.rows)} cells were not measured in every launch"
                     + (f": {missed[0].missed_why}." if missed[0].missed_why else "."))
    unasked = [r for r in (results.verify.rows if results.verify else ()) if r.verdict == "not asked"]
    if unasked:
        found.append(f"{len(unasked)} laws could not be asked" + (f": {unasked[0].why}." if unasked[0].why else "."))
    if results.noise_floor is None:
        found.append("No noise floor was measured: small differences are not to be trusted.")
    elif results.noise_floor > _NOISE_MAX:
        found.append(f"A noisy run: the same cell measured twice differs by up to {units.share(results.noise_floor)}, "
                     "and nothing closer than that is told apart.")
    busy, cores = _busy(results.machine)
    if busy:
        found.append(f"The machine was busy: load average {busy} on {cores} cores when the run began.")
    place = results.machine.get("temporary_is", "disk")
    if place != "disk":
        folder = f"{results.machine.get('temporary_folder')} ({results.machine.get('temporary_file_system')})"
        found.append({"memory": f"Cells that keep files were not measured: {folder} is memory.",
                      "unsynced": f"Cells that keep files were not measured: {folder} does not sync."}.get(
                          place, f"What a sync means in {folder} is not known: durable rows may tell of another "
                                 "machine, or of memory."))
    if results.audit is None:
        found.append("Not audited: copies, allocations, retention and promises are unknown; run `copycost audit`.")
    if results.verify is None:
        found.append("Laws were not run: only the digest of each cell was compared with the oracle; run `copycost "
                     "verify`.")
    for name, part in (("audit.json", results.audit), ("verify.json", results.verify)):
        commit = results.machine.get("commit", "")
        if part is not None and part.commit and commit and part.commit != commit:
            found.append(f"{name} is of commit {part.commit}, the times are of commit {commit}.")
    if results.machine.get("commit", "").endswith("-dirty"):
        found.append("Built from edited sources: the commit alone does not reproduce it.")
    if results.machine.get("sanitizer", "none") not in ("none", "unknown"):
        found.append(f"Built with sanitizers ({results.machine['sanitizer']}): times mean nothing.")
    if results.machine.get("optimised") == "no":
        found.append("Built without optimisation: times mean nothing.")
    return found


def _incomplete(results):
    """Why; older files only know of interrupts."""
    if results.why in ("", "interrupted"):
        return "the run was interrupted"
    return results.why


def _lack(row, unmet):
    """What a row lacks; empty where it has a time and what that is to be compared with."""
    if row.dishonest:
        return "copy is above its floor, so that no ratio is drawn against it"
    if row.apart:
        return "several roles that hardly ran at the same time, so that they are not compared"
    if row.compared and points.same(row) in unmet:
        return "no ratio, as the roles of copy hardly ran at the same time"
    if row.verdict == "not measured" and not row.timed:
        return f"no time: {row.why or 'no reason given'}"
    if row.timed and row.ratio is None and row.design != BASELINE:
        return f"a time, and {row.why or 'no ratio'}"
    return ""


def not_measured(results):
    """[(what is lacking, cells)], the most frequent first."""
    found, unmet = {}, points.unmet(results.rows)
    for row in results.rows:
        found.setdefault(_lack(row, unmet), []).append(row.cell)
    found.pop("", None)
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def limits_of_claims(results):
    """What the page does not say."""
    cores = results.machine.get("cores_usable") or results.machine.get("cores_online") or "an unknown number of"
    said = [
        f"One machine, one build, one day: nothing is said about other processors or about more than {cores} cores.",
        "Intervals are about scatter between launches; between two measured sizes a cost may jump unseen.",
        "An interval is for one ratio, not for all of them at once: of many true ties, one may look separated.",
        f"Ratios are to {BASELINE} as built here; where it is slower than its floor allows, none is drawn against it.",
        "A workload that says handle only moves handles: its time contains no read of the payload.",
    ]
    if not any(r.overlap is not None for r in results.rows):
        said.append("No row with several threads or processes at once was measured.")
    return said


def _seed(part):
    return "" if part.seed is None else f" --seed {part.seed}"


def _names(inputs):
    """Inputs by their names: where they lay is nobody's business. SYSTEM=PATH keeps its system."""
    found = []
    for one in inputs:
        system, equals, path = one.partition("=")
        named = equals and system.isidentifier()
        found.append(f"{system}={PurePath(path).name}" if named else PurePath(one).name)
    return found


def _asked(selection):
    """Every option that chose what was done, as the files say."""
    parts = [f"--{key} {shlex.quote(','.join(selection[key]))}" for key in ("system", "design", "workload")
             if selection.get(key)]
    parts += [f"--{key} {shlex.quote(str(selection[key]))}" for key in ("filter", "profile", "shard", "cases", "law",
                                                                       "encoded") if selection.get(key)]
    parts += [f"--input {shell_word(name)}" for name in _names(selection.get("input") or ())]
    return " ".join(parts + (["--no-copy"] if selection.get("no_copy") else []))


def reproduce(results):
    """The commands that make such a page again."""
    if results.selection is None:
        return _by_rows(results)
    directory, launches = shell_word(results.directory), results.selection.get("launches")
    if launches is None and results.complete:
        launches = results.launches
    many = "" if launches is None else f" --launches {launches}"
    commands = [f"copycost run {_asked(results.selection)} --seed {results.seed}{many} -o {directory}"]
    for name, part in (("audit", results.audit), ("verify", results.verify)):
        if part is not None:
            asked = {**results.selection, "no_copy": False} if part.selection is None else part.selection
            commands.append(f"copycost {name} {_asked(asked)}{_seed(part)} -o {directory}")
    return [*commands, f"copycost report {directory} -o {directory}"]


def _by_rows(results):
    """The same from files that do not say what was asked for: the systems and designs that the run contains."""
    quote, directory = shlex.quote, shell_word(results.directory)
    designs = " ".join(f"--{what} {quote(','.join(dict.fromkeys(getattr(r, what) for r in results.rows)))}"
                       for what in ("system", "design"))
    cells = f"{designs} --profile {quote(results.profile)}"
    cells += "".join(f" --input {shell_word(name)}" for name in results.inputs)
    commands = [f"copycost run {cells} --seed {results.seed} --launches {results.launches} -o {directory}"]
    if results.audit is not None:
        commands.append(f"copycost audit {cells}{_seed(results.audit)} -o {directory}")
    if results.verify is not None:
        commands.append(f"copycost verify {designs}{_seed(results.verify)} -o {directory}")
    return [*commands, f"copycost report {directory} -o {directory}"]
