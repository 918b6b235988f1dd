# SPDX-License-Identifier: Apache-2.0
GOOD = [
    {"harness/README.md": "", "harness/core/README.md": "", "harness/core/a.cc": ""},
    {"harness/README.md": "```\ncore/   registry\n```\n", "harness/core/a.cc": ""},
    {"property_tests/README.md": "`harness/core` holds ...", "property_tests/harness/core/a.cc": "",
     "property_tests/harness/README.md": ""},
    {"reports/README.md": "[the tests](tests)", "reports/tests/a.py": ""},
    {".github/workflows/ci.yml": "", "CMakeLists.txt": ""},
]

BAD = [
    ({"harness/a.cc": ""}, ["harness/README.md:1: is not there"]),
    ({"harness/README.md": "", "harness/core/a.cc": ""},
     ["harness/core/README.md:1: or name `core/` in harness/README.md"]),
    ({"harness/README.md": "The core is here.", "harness/core/a.cc": ""}, ["harness/core/README.md:1: is not there"]),
    ({"harness/README.md": "`hardcore/`", "harness/core/a.cc": ""}, ["harness/core/README.md:1: is not there"]),
    ({"scenarios/README.md": "`chunk/`", "scenarios/chunk/workloads/a.h": ""},
     ["scenarios/chunk/workloads/README.md:1: or name `chunk/workloads/` in scenarios/README.md"]),
]
