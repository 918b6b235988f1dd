# SPDX-License-Identifier: Apache-2.0
GOOD = [
    {"harness/a.cc": "int f(int a) { return a + 1; }\n"},
    {"harness/a.cc": "int f(int a) {return a;}\n", ".clang-format": "DisableFormat: true\n"},
    {"scripts/templates/a.h.in": "int  f();\n", "reports/a.h": "int  f();\n"},
]

BAD = [
    ({"harness/a.cc": "int f(int a) { return a; }\n\nint  g();\nint  h();\n"}, ["harness/a.cc:3: run scripts/format"]),
    ({"impls/a.h": f"int f(int a{', int b' * 20});\n"}, ["impls/a.h:1: run scripts/format"]),
]
