# SPDX-License-Identifier: Apache-2.0
def lines(first, last, indent="  "):
    return "".join(f"{indent}step({n});\n" for n in range(first, last + 1))


GOOD = [
    {"scenarios/a/x.h": lines(1, 9), "scenarios/b/x.h": lines(1, 9)},
    # Of one system, or below harness/: other rules' business.
    {"scenarios/a/x.h": lines(1, 20), "impls/a/copy/x.h": lines(1, 20), "harness/x.h": lines(1, 20)},
    {"scenarios/a/x.cc": "}\n" * 20 + "// the same\n" * 20 + '#include "y.h"\n' * 20,
     "scenarios/b/x.cc": "}\n" * 20 + "// the same\n" * 20 + '#include "y.h"\n' * 20},
    {"scenarios/a/x.cc": "".join(f'say("a {n}");\n' for n in range(12)),
     "scenarios/b/x.cc": "".join(f'say("b {n}");\n' for n in range(12))},
]

BAD = [
    ({"scenarios/a/x.h": "int a;\n" + lines(1, 12), "impls/b/copy/x.h": "\n" + lines(1, 12, "\t")},
     ["scenarios/a/x.h:2: the same 12 lines stand in impls/b/copy/x.h:2"]),
    ({"scenarios/a/x.h": lines(1, 5) + "}\n// note\n" + lines(6, 10), "scenarios/common/x.h": lines(1, 10)},
     ["scenarios/common/x.h:1: the same 10 lines stand in scenarios/a/x.h:1"]),
]
