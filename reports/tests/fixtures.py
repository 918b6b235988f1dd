# SPDX-License-Identifier: Apache-2.0
"""Result directories for tests, invented here: a cost model a + b * size per design, with seeded scatter per launch.

`/usr/bin/python3 -m reports.tests.fixtures DIR` writes one to look at. Numbers are made up; no test takes them for a
measurement. Medians and intervals are computed with the standard library only, apart from the code under test: with
eight launches the 95 % interval of a median is smallest to largest.
"""
import json
import random
import statistics
import sys
from pathlib import Path

LAUNCHES = 8
DESIGNS = ("copy", "slice", "arena", "shm", "absl_cord", "shared_ptr")
SIZES = (32, 256, 1024, 4096, 65536, 1048576)

# workload: (class, parameter sets, {design: (ns, ns per byte)})
_SHARE = {"copy": (11, 0.012), "slice": (9.4, 0), "arena": (1.1, 0), "shm": (10.5, 0), "absl_cord": (21, 0),
          "shared_ptr": (23, 0)}
_READ = {"copy": (15, 0.024), "slice": (24, 0.012), "arena": (16, 0.012), "shm": (27, 0.012), "absl_cord": (41, 0.013),
         "shared_ptr": (36, 0.012)}
_PROCESS = {"copy": (9200, 0.31), "slice": (9200, 0.31), "arena": (9250, 0.31), "shm": (720, 0.013),
            "absl_cord": (9400, 0.32), "shared_ptr": (9300, 0.31)}
_CONTENDED = {"copy": (22, 0.02), "slice": (38, 0), "arena": (1.2, 0), "shm": (11, 0), "absl_cord": (44, 0),
              "shared_ptr": (55, 0)}
_RETAIN = {"copy": (5200, 0), "slice": (5900, 0), "arena": (5100, 0), "shm": (6300, 0), "absl_cord": (6400, 0),
           "shared_ptr": (6900, 0)}
CHUNK = {
    "frames": ("ingest", [{"size": 65536, "frame": f} for f in (64, 256, 1024)],
               {d: (64000 / 7 * c, 0) for d, c in zip(DESIGNS, (4.9, 2.6, 0.3, 3, 7, 8))}),
    "slice": ("share", [{"size": s} for s in SIZES] + [{"size": 4096, "cold": 1}], _SHARE),
    "published": ("share", [{"size": s, "retained": r} for s in (1000, 10000, 100000) for r in (0, 1)], _SHARE),
    "lines": ("read_many", [{"size": 65536}],
              {d: (21000 * c, 0) for d, c in zip(DESIGNS, (1.5, 1, 0.98, 1.1, 2, 1.7))}),
    "fan_out": ("fan_out", [{"size": s, "consumers": c} for c in (1, 4, 16) for s in (256, 4096, 65536)], _READ),
    "retain": ("retain", [{"compact": c} for c in (0, 1)], _RETAIN),
    "hand_over_process": ("hand_over", [{"size": s} for s in (256, 4096, 65536)], _PROCESS),
    "contended": ("hand_over", [{"threads": t, "size": 4096} for t in (1, 2)], _CONTENDED),
}
STORE = {
    "append": ("ingest", [{"size": s} for s in (64, 1024, 16384)], _SHARE),
    "recover": ("recover", [{"events": n} for n in (1000, 100000)], {"copy": (1.2e6, 0), "slice": (1.19e6, 0)}),
}
GRAPH = {
    "fan_out": ("fan_out", [{"size": s, "branches": b, "read": r} for r in (0, 1, 2) for s in (64, 4096, 65536)
                            for b in (1, 4, 32)], _READ),
    "fan_out_threads": ("fan_out", [{"size": s, "branches": b, "read": r, "threads": t} for t in (1, 2) for r in (0, 2)
                                    for s in (64, 4096) for b in (4, 32)], _SHARE),
}
TOGETHER = {"hand_over_process", "contended"}  # several roles at once: these rows carry an overlap


def _interval(values):
    return statistics.median(values), min(values), max(values)


def _limit(name, ns, times):
    return {"expression": name, "ns": ns, "times": round(times, 4)}


def _cost(model, params):
    fixed, per_byte = model
    return (fixed + per_byte * params.get("size", 0)) * params.get("consumers", params.get("branches", 1))


def _name(system, workload, design, params):
    return "/".join([system, workload, f"design:{design}"] + [f"{k}:{v}" for k, v in params.items()])


def _row(system, workload, cls, design, params, own, base):
    ns, low, high = _interval(own)
    row = {"cell": _name(system, workload, design, params), "system": system, "workload": workload, "class": cls,
           "design": design, "params": params, "ns": ns, "low": low, "high": high, "ratio": None, "ratio_low": None,
           "ratio_high": None, "limit": _limit("handle_move", 0.4, ns / 0.4),
           "reference": _limit("refcount_pair", 9.1, ns / 9.1), "remark": "", "floor": None, "verdict": "holds",
           "why": "", "allocator": "mimalloc", "bytes_per_second": params.get("size", 0) * 1e9 / ns,
           "items_per_second": 1e9 / ns, "overlap": 0.97 if workload in TOGETHER else None, "latency": None,
           "detectable": 0.03}
    if design != "copy":
        row["ratio"], row["ratio_low"], row["ratio_high"] = _interval([a / b for a, b in zip(own, base)])
        if row["ratio_low"] <= 1 <= row["ratio_high"]:
            row["verdict"] = "not separated"
    else:
        row["floor"] = _limit("malloc_memcpy_free/size:2048", ns / 1.05, 1.05)
    if workload == "hand_over_process":
        row["latency"] = {k: ns * f for k, f in zip(("p50", "p90", "p99", "p99_9", "p99_99", "max"),
                                                    (1, 1.3, 2.5, 9, 30, 80))}
    return row


def _run(system, workloads, random_):
    rows, samples = [], []
    for workload, (cls, points, models) in workloads.items():
        for params in points:
            machine = [random_.lognormvariate(0, 0.03) for _ in range(LAUNCHES)]
            launches = {d: [_cost(m, params) * f * random_.lognormvariate(0, 0.015) for f in machine]
                        for d, m in models.items()}
            for design, own in launches.items():
                rows.append(_row(system, workload, cls, design, params, own, launches["copy"]))
                samples += [{"launch": i, "cell": rows[-1]["cell"], "allocator": "mimalloc", "ns": ns, "cpu_ns": ns,
                             "ops": 1000, "batches": [ns]} for i, ns in enumerate(own)]
    return rows, samples


def _audit_row(row):
    copied = row["params"].get("size", 64) / 2 if row["design"] == "copy" else 0
    exact = {"kind": "exact", "bytes_per_op": copied}
    held = 4096.0 if row["workload"] == "retain" and row["design"] != "copy" and not row["params"]["compact"] else 1.0
    return {**{k: row[k] for k in ("cell", "system", "workload", "class", "design", "params")}, "ops": 1000,
            "allocs_per_op": float(row["design"] == "copy"), "alloc_bytes_per_op": copied,
            "payload_bytes_copied_per_op": copied, "kernel_bytes_copied_per_op": 0, "syscalls_per_op": 0,
            "refcount_ops_per_op": 2 * (row["design"] in ("slice", "shm")), "page_faults_per_op": None,
            "peak_live_bytes": 65536, "live_bytes": 16, "retained_bytes": 16 * held, "retained_over_live": held,
            "witnesses": {"primitive": exact, "interposed": exact, "identity": {"kind": "blind", "bytes_per_op": None},
                          "signature": {"kind": "lower_bound", "bytes_per_op": copied},
                          "touch": {"kind": "n/a", "bytes_per_op": None}},
            "promise": {"kind": "exact", "allocs": float(row["design"] == "copy"), "copied": copied, "kept": True,
                        "why": ""}, "verdict": "holds", "reasons": [],
            "proof": "copies" if copied else "proved", "could_hide": "", "covers": "64 operations",
            "upper_bound": {"means": "userfaultfd", "ops": 1, "pages": 4, "allowed_pages": 10},
            "elsewhere": {"allocs_per_op": 0, "alloc_bytes_per_op": 0, "payload_bytes_copied_per_op": 0,
                          "kernel_bytes_copied_per_op": 0, "syscalls_per_op": 0}}


_CARDS = {
    "copy": ("every chunk owns its bytes alone", "none", "payloads are small or few", "kilobytes are shared or sliced"),
    "slice": ("reference-counted slices of immutable blocks", "none: a chunk keeps its block alive",
              "payloads are shared, sliced or fanned out", "tiny pieces of large blocks are kept for long"),
    "arena": ("views into a region that is freed as a whole", "the region outlives its views", "work comes in batches",
              "lifetimes differ within a batch"),
    "shm": ("payload in a shared segment, offsets as handles", "all holders map the segment",
            "a second process reads the payload", "everything stays in one process"),
    "absl_cord": ("a rope of the Abseil library", "none", "Abseil is in use already", "random access matters"),
    "shared_ptr": ("a shared vector and a range", "none", "no dependency may be added", "handles are copied often"),
}


def _head(machine):
    return {"schema": 1, "tool": "copycost", "version": "0.1.0", "seed": 42, "machine": machine, "ok": True}


MACHINE = {"cpu_model": "Invented CPU 3000", "cores_online": "2", "cores_usable": "2",
           "caches": "L1d 32 KiB, L2 1 MiB, L3 32 MiB", "memory_bytes": "8589934592", "kernel": "Linux 6.1.0 x86_64",
           "virtual_machine": "yes (KVM)", "governor": "unknown", "libc": "glibc 2.36", "compiler": "g++ 12.2.0",
           "compiler_flags": "-O2 -DNDEBUG", "build_type": "Release", "sanitizer": "none",
           "allocator": "mimalloc 2.0.9", "commit": "0123456789ab", "date_utc": "2024-01-31T12:00:00Z"}


def build(seed=1, systems=("chunk",), workloads=None):
    """File name -> content (an object, or the list of lines of a .jsonl), to be changed by a test and written."""
    random_, rows, samples = random.Random(seed), [], []
    for system in systems:
        chosen = {"chunk": CHUNK, "event_store": STORE, "graph": GRAPH}[system]
        new_rows, new_samples = _run(system, {w: c for w, c in chosen.items() if w in (workloads or chosen)}, random_)
        rows, samples = rows + new_rows, samples + new_samples
    limits = [{"limit": "memcpy_hot", "params": {"size": s}, "ns": 2 + 0.011 * s, "low": 1.9 + 0.011 * s,
               "high": 2.1 + 0.011 * s} for s in (64, *SIZES)]
    limits.append({"limit": "cache_line_round_trip", "params": {}, "ns": 118.5, "low": 110, "high": 130})
    run = {**_head(MACHINE), "profile": "quick", "launches": LAUNCHES, "complete": True, "rows": rows, "limits": limits,
           "noise_floor": 0.021}
    designs = [{"system": s, "name": d, "about": a, "peer": d in ("absl_cord", "shared_ptr"), "obligations": o,
                "pick_when": p, "avoid_when": n} for s in systems for d, (a, o, p, n) in _CARDS.items()]
    coverage = [{"witness": "primitive", "sees": "copies that our designs make", "blind_to": "copies inside a peer"},
                {"witness": "identity", "sees": "the address that the consumer reads", "blind_to": "how often"}]
    laws = [{"system": s, "design": d, "law": law, "cases": 200, "verdict": "holds", "replay": ""}
            for s in systems for d in DESIGNS for law in ("slices_compose", "bytes_never_change")]
    return {"verdicts.json": run, "samples.jsonl": samples, "machine.json": dict(MACHINE),
            "results.json": {"context": {}, "benchmarks": []},
            "audit.json": {**_head(MACHINE), "rows": [_audit_row(r) for r in rows], "designs": designs,
                           "coverage": coverage},
            "verify.json": {**_head(MACHINE), "rows": laws}}


def write(directory, files):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        lines = content if name.endswith(".jsonl") else [content]
        (directory / name).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return directory


if __name__ == "__main__":
    write(sys.argv[1], build(systems=tuple(sys.argv[2:]) or ("chunk",)))
