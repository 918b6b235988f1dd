# SPDX-License-Identifier: Apache-2.0
def lines(n, of="x;\n"):
    return of * n


def function(n, head="int f(int a) {"):
    """A function of n lines."""
    return head + "\n" + lines(n - 2, "  if (a) { g('}'); }  // }\n") + "}\n"


def python(n):
    return "def f():\n" + lines(n - 1, "    pass\n")


METHOD = "class a {\n public:\n  explicit a(int n) : n_{n} {}\n" + function(70,
"  std::span<int> f(int a) const {") + "};\n"
TOO_LONG = "class a {\n  int x = 0;\n" + function(71,
"  template <class T>\n  requires(sizeof(T) == 4)\n  T f(T a) {") + "};\n"

GOOD = [
    {"harness/core/a.cc": lines(500)},
    {"harness/core/a.cc": function(70)},
    {"harness/core/a.h": METHOD},
    {"harness/core/a.cc": "x" * 120 + "\n"},
    {"harness/core/a.cc": "ü" * 120 + "\n"},
    {"harness/README.md": "| " + "x" * 300 + " |\n"},
    {"harness/core/data.json": "x" * 1000 + "\n" + lines(600)},
    {"LICENSE": lines(600)},
    {"reports/load.py": python(70)},
    {"harness/core/a.cc": "int table[] = {\n" + lines(100, "  1,\n") + "};\n"},
]

BAD = [
    ({"harness/core/a.cc": lines(501)}, ["harness/core/a.cc:501: 501 lines"]),
    ({"harness/core/a.cc": "\n" + function(71)}, ["harness/core/a.cc:2: f() has 71 lines"]),
    ({"harness/core/a.h": TOO_LONG}, ["harness/core/a.h:3: f() has 73 lines"]),
    ({"harness/core/a.cc": "namespace {\n" + function(80, "TEST_CASE(\"a {\") {") + "}\n"},
     ["harness/core/a.cc:2: TEST_CASE() has 80 lines"]),
    ({"harness/core/a.cc": "x\n" + "x" * 121 + "\n"}, ["harness/core/a.cc:2: 121 columns"]),
    ({"harness/README.md": "x" * 121 + "\n"}, ["harness/README.md:1: 121 columns"]),
    ({"reports/load.py": python(71)}, ["reports/load.py:1: f() has 71 lines"]),
    ({"scripts/tool": "#!/usr/bin/python3\n" + python(71)}, ["scripts/tool:2: f() has 71 lines"]),
    ({"impls/CMakeLists.txt": lines(501)}, ["impls/CMakeLists.txt:501: 501 lines"]),
]
