# SPDX-License-Identifier: Apache-2.0
_LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"
_WHOLE = ("//\n// A counter.\n//\n//   [count|limit]\n//\n// Lifetime: owns nothing.\n// Threads: a value; it never\n"
          "// waits.\n// Cost: an addition.\n// Source: Knuth, volume 1.\n#pragma once\n")

GOOD = [
    {"harness/a.h": _LICENCE + _WHOLE},
    {"impls/chunk/mine/design.h": _LICENCE + _WHOLE},
    {"harness/a.h": _LICENCE + "//\n// Private to a.cc: what both halves share.\n#pragma once\n"},
    {"scenarios/a.h": _LICENCE + "//\n// A flag.\n// Threads: safe.\n#pragma once\n"},
    {"property_tests/a.h": _LICENCE + "#pragma once\n"},
]

BAD = [
    ({"harness/a.h": _LICENCE + "#pragma once\nint a();\n"}, ["harness/a.h:2: say what this header is"]),
    ({"harness/a.h": _LICENCE + "//\n// Threads: safe.\n"}, ["harness/a.h:2: the first sentence"]),
    ({"harness/a.h": _LICENCE + "//\n// A flag.\n// Cost: none.\n// Threads: safe.\n"},
     ["harness/a.h:2: order them as Lifetime"]),
    ({"scenarios/a.h": _LICENCE + "//\n// A flag. Threads: safe. It\n// waits.\n"},
     ["scenarios/a.h:3: begin a line with it"]),
    ({"impls/a.h": _LICENCE + "//\n// A flag.\n// Threads: safe.\n// Threads: a value.\n"},
     ["impls/a.h:2: is there twice"]),
    ({"impls/a.h": _LICENCE + "//\n// A flag.\n// Cost:\n"}, ["impls/a.h:4: says nothing"]),
    ({"impls/a.h": _LICENCE + "//\n// A flag. Thread-safe.\nint b();  // not thread-safe\n"},
     ["impls/a.h:3: `Thread-safe`", "impls/a.h:4: `thread-safe`"]),
    ({"impls/chunk/mine/design.h": _LICENCE + "//\n// mine: a design.\n// Lifetime: a value.\n// Cost: none.\n"},
     ["impls/chunk/mine/design.h:2: does not say `Threads:`"]),
]
