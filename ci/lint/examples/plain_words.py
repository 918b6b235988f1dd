# SPDX-License-Identifier: Apache-2.0
GOOD = [
    {"harness/a.h": "// A caller that reads the count keeps the lock.\nint whoever = 1;\n"},
    {"harness/a.cc": "const char* text = \"whoever says // for ever\";\n"},
    {"README.md": "# it\n\nThe word `whoever` is not used; \"for ever\" neither.\n\n```\nfor ever\n```\n"},
    {"reports/a.py": "for_ever = 'somebody'  # a reader\n"},
    {"harness/a.h": "// Who keeps the bytes? The design.\n"},
    {"scenarios/a.h": "// Damage is told apart from a hole.\n"},
]

BAD = [
    ({"harness/a.h": "// Read by whoever calls.\n"}, ["harness/a.h:1: the role"]),
    ({"impls/a.cc": "int a = 1;  // dear, and kept for ever\n"},
     ["impls/a.cc:1: `cost more`", "impls/a.cc:1: `permanently`"]),
    ({"scenarios/a.h": "//   2. The ring is spoilt.\n"}, ["scenarios/a.h:1: `damage`"]),
    ({"README.md": "# it\n\nThe reader is told so.\n"}, ["README.md:3: who says it"]),
    ({"reports/a.py": "a = 1  # somebody else's\n"}, ["reports/a.py:1: the role"]),
    ({"property_tests/a.cc": "// Who reads it waits.\n"}, ["property_tests/a.cc:1: `Code that"]),
    ({"harness/a.h": "// nobody looks there\n"}, ["harness/a.h:1: `no reader`"]),
    ({"impls/a.h": "// Safe, but for one that lets go of it.\n"}, ["impls/a.h:1: `except`", "impls/a.h:1: `release`"]),
]
