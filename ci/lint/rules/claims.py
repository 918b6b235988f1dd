# SPDX-License-Identifier: Apache-2.0
"""Published claims as data: each says which rows decide it, or why none can."""
import json
import re

from tree import Finding

NAME = "claims"
ABOUT = "each claim in a system's claims.json has an experiment over rows that there are, or says what it waits for"

KINDS = {"allocations", "behaviour", "copies", "latency", "memory", "statement", "throughput", "time"}
METRICS = {"ns", "cpu_ns", "p50_ns", "p99_ns", "p99_over_p50", "bytes_per_second", "handle_bytes", "allocs_per_op",
           "alloc_bytes_per_op", "payload_bytes_copied_per_op", "kernel_bytes_copied_per_op", "syscalls_per_op",
           "dropped_per_op", "peak_live_bytes", "live_bytes", "retained_bytes", "retained_over_live", "rss_over_live",
           "rss_slope_bytes_per_hour"}
_KEYS = {"workload", "limit", "law", "metric", "of", "at", "over", "minus", "per", "scale", "value"}
_ID = re.compile(r"C-(\d{3})-(\d+)")


def check(tree):
    for path in tree.under("scenarios", suffixes="/claims.json"):
        try:
            claims = json.loads(tree.text(path))["claims"]
        except (ValueError, KeyError, TypeError) as why:
            yield Finding(path, 1, NAME, f"is not an object with a list of claims: {why}")
            continue
        yield from _ids(path, tree, claims)
        for claim in claims:
            for text in _wrong(tree, path.split("/")[1], claim):
                yield Finding(path, _line(tree, path, claim), NAME, f"{claim.get('id')}: {text}")


def _line(tree, path, claim):
    wanted = f'"{claim.get("id")}"'
    return next((n for n, line in enumerate(tree.lines(path), 1) if wanted in line), 1)


def _ids(path, tree, claims):
    """Numbers count up from 1 without a hole, so that a claim that is left out is seen."""
    for expected, claim in enumerate(claims, 1):
        m = _ID.fullmatch(str(claim.get("id")))
        if not m or int(m[2]) != expected:
            yield Finding(path, _line(tree, path, claim), NAME,
                          f"claim {expected} is called {claim.get('id')}; number them without a hole")
            return


def _wrong(tree, system, claim):
    if not claim.get("claim") or claim.get("kind") not in KINDS:
        yield f"needs a `claim` and a `kind`: {', '.join(sorted(KINDS))}"
    if "verdict" in claim:
        yield "has a verdict; verdicts follow from rows"
    if ("experiment" in claim) == bool(claim.get("not_testable")):
        yield "needs either an `experiment` or the reason why it is `not_testable`"
    if "experiment" in claim:
        yield from _experiment(tree, system, claim)


def _experiment(tree, system, claim):
    asked, holds = claim["experiment"], claim.get("holds", {})
    for key in sorted(asked.keys() - _KEYS):
        yield f"`{key}` is no part of an experiment"
    if sum(key in asked for key in ("workload", "limit", "law")) != 1:
        yield "asks one `workload`, `limit` or `law`"
    if "law" in asked:
        laws = tree.under(f"scenarios/{system}/laws", suffixes=".cc")
        if not any(re.search(rf"\blaw_of<{asked['law']}>", tree.text(p)) for p in laws):
            yield f"there is no law {asked['law']}"
        if holds != {"verdict": "holds"}:
            yield 'a law decides by {"verdict": "holds"}'
        return
    if asked.get("metric") not in METRICS:
        yield f"`{asked.get('metric')}` is no metric of a row"
    low, high = holds.get("at_least", float("-inf")), holds.get("at_most", float("inf"))
    if not holds or holds.keys() - {"at_least", "at_most"} or low > high:
        yield "`holds` is `at_least`, `at_most` or both, in order"
    for design in asked.get("of", []):
        if not tree.has_file(f"impls/{system}/{design}/design.h"):
            yield f"there is no design {design}"
    for named in filter(None, (asked.get("workload"), asked.get("over", {}).get("workload"))):
        is_there = named == "card" or tree.has_file(f"scenarios/{system}/workloads/{named}.h")
        if not is_there and not re.search(rf"\b{named}\b", claim.get("waits_for", "")):
            yield f"there is no workload {named}; name it in `waits_for`"
