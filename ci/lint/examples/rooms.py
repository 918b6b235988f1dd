# SPDX-License-Identifier: Apache-2.0
def including(*names):
    return "".join(f'#include "{name}"\n' for name in names)


def system(count):
    return {"scenarios/toy/contract.h": ""} | {f"scenarios/toy/a{n}.h": "" for n in range(count - 2)} | {
        "scenarios/toy/laws/a.cc": "", "scenarios/toy/README.md": ""}


GOOD = [
    system(12),
    {f"harness/core/a{n}.cc": "" for n in range(40)},
    {f"property_tests/plants/a{n}.patch": "" for n in range(50)},
    # A folder and what lies in it; a source and its own header.
    {"harness/a/x.h": including("harness/a/b/y.h"), "harness/a/b/y.h": including("harness/a/z.h"), "harness/a/z.h": "",
     "harness/a/x.cc": including("harness/a/x.h")},
]

BAD = [
    (system(13), ["scenarios/toy/contract.h:1: 13 rooms"]),
    ({f"harness/core/a{n}.cc": "" for n in range(41)}, ["harness/core/a0.cc:1: 41 files"]),
    ({"harness/a/x.h": including("harness/a/y.h"), "harness/a/y.h": "\n" + including("harness/a/x.h")},
     ["harness/a/y.h:2: closes the circle harness/a/x -> harness/a/y -> harness/a/x"]),
    ({"harness/a/x.h": including("harness/b/y.h"), "harness/b/z.h": including("harness/a/w.h"), "harness/b/y.h": "",
      "harness/a/w.h": ""}, ["harness/b/z.h:1: closes the circle harness/a -> harness/b -> harness/a"]),
]
