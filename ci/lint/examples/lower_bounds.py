# SPDX-License-Identifier: Apache-2.0
"""Examples for the rule lower_bounds."""

_ONE = "struct one : workload_defaults {\n};\n"
_README = "# toy\n\n## What times stand beside\n\n| workload | lower bound | why |\n|---|---|---|\n"

GOOD = [
    {"scenarios/toy/workloads/one.h": _ONE,
     "scenarios/toy/README.md": _README + "| `one`, `two` | bytes read | every consumer reads every byte |\n"},
    {"scenarios/toy/workloads/common.h": "inline int shared() { return 1; }\n"},
]

BAD = [
    ({"scenarios/toy/workloads/one.h": _ONE}, ["scenarios/toy/workloads/one.h:1: there is no scenarios/toy/README.md"]),
    ({"scenarios/toy/workloads/one.h": _ONE,
      "scenarios/toy/README.md": _README + "| `two` | bytes | all of them are read |\n"},
     ["scenarios/toy/README.md:1: `one` has no row"]),
    ({"scenarios/toy/workloads/one.h": _ONE, "scenarios/toy/README.md": _README + "| `one` | bytes read | yes |\n"},
     ["scenarios/toy/README.md:1: does not say why"]),
    ({"scenarios/toy/workloads/one.h": _ONE,
      "scenarios/toy/README.md": _README + "\n## The workloads\n\n| `one` | read | every byte is read by all |\n"},
     ["scenarios/toy/README.md:1: `one` has no row"]),
]
