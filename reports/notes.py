# SPDX-License-Identifier: Apache-2.0
"""What the reader needs in order to trust the page, and what the page does not say."""
import shlex

from reports import points, units
from reports.rows import BASELINE

_MACHINE = (("cpu_model", "processor"), ("cores_usable", "cores"), ("caches", "caches"), ("virtual_machine", "virtual machine"),
            ("kernel", "kernel"), ("libc", "libc"), ("allocator", "allocator"), ("compiler", "compiler"),
            ("compiler_flags", "flags"), ("build_type", "build"), ("sanitizer", "sanitizer"), ("governor", "governor"),
            ("commit", "commit"), ("date_utc", "date"))


def scope(results):
    """On what the sentences rest, in a line."""
    machine = results.machine
    cores = machine.get("cores_usable") or machine.get("cores_online", "an unknown number of")
    allocator = points.main_rows(results.rows)[0].allocator or "unknown"
    return (f"On {machine.get('cpu_model', 'an unknown processor')}, {cores} cores, {machine.get('kernel', 'unknown kernel')}, "
            f"allocator {allocator}; {results.launches} launches, profile {results.profile}.")


def trust(results):
    """[(name, value)] of the trust strip; machine facts that have no label here keep the file's name."""
    floor = "not measured" if results.noise_floor is None else units.share(results.noise_floor)
    known = [(label, results.machine[key]) for key, label in _MACHINE if key in results.machine]
    rest = [(key.replace("_", " "), value) for key, value in results.machine.items() if key not in dict(_MACHINE)]
    return [("complete", "yes" if results.complete else "NO: the run was interrupted"), ("seed", str(results.seed)),
            ("launches", str(results.launches)), ("profile", results.profile), ("noise floor", floor),
            ("tool", f"copycost {results.version}"), *known, *rest]


def warnings(results):
    """What should make a reader doubt the page, loudest first."""
    found = []
    if not results.complete:
        found.append("INCOMPLETE: the run was interrupted; what was finished is shown.")
    if results.noise_floor is None:
        found.append("No noise floor was measured: small differences are not to be trusted.")
    if results.audit is None:
        found.append("Not audited: copies, allocations, retention and promises are unknown; run `copycost audit`.")
    if results.verify is None:
        found.append("Laws were not run: only the digest of each cell was compared with the oracle; run `copycost verify`.")
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


def not_measured(results):
    """[(reason, cells)]: cells without a time, then cells whose time has no copy beside it, the most frequent first."""
    reasons = {}
    for row in results.rows:
        if row.dishonest:
            reasons.setdefault("copy is above its floor, so that no ratio is drawn against it", []).append(row.cell)
        elif row.verdict == "not measured" and not row.timed:
            reasons.setdefault(f"no time: {row.why or 'no reason given'}", []).append(row.cell)
        elif row.verdict == "not measured":
            reasons.setdefault("a time, and no ratio for want of an honest copy", []).append(row.cell)
    return sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0]))


def limits_of_claims(results):
    """What the page does not say."""
    cores = results.machine.get("cores_usable") or results.machine.get("cores_online") or "an unknown number of"
    said = [f"One machine, one build, one day: nothing is said about other processors, or about more than {cores} cores.",
            "Intervals are about scatter between launches; between two measured sizes a cost may jump unseen.",
            "An interval is for one ratio, not for all of them at once: of twenty true ties, one may look separated.",
            f"Ratios are to {BASELINE} as built here; a copy that is slower than its floor allows gets no ratio drawn against it.",
            "A workload that says handle only moves handles: its time contains no read of the payload."]
    if not any(r.overlap is not None for r in results.rows):
        said.append("No row with several threads or processes at once was measured.")
    return said


def reproduce(results):
    """The commands that make such a page again, with the systems and designs that the run contains."""
    quote, directory = shlex.quote, shlex.quote(results.directory)
    chosen = " ".join(f"--{what} {quote(','.join(dict.fromkeys(getattr(r, what) for r in results.rows)))}"
                      for what in ("system", "design"))
    real = f" --input {quote(results.input)}" if results.input else ""
    commands = [f"copycost run {chosen} --profile {quote(results.profile)}{real} --seed {results.seed} "
                f"--launches {results.launches} -o {directory}"]
    commands += [f"copycost audit {chosen} --profile {quote(results.profile)}{real} -o {directory}"] if results.audit else []
    commands += [f"copycost verify {chosen} -o {directory}"] if results.verify else []
    return [*commands, f"copycost report {directory} -o {directory}"]
