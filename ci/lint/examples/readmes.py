# SPDX-License-Identifier: Apache-2.0
HEAD = "# name\n\nWhich question is answered here?\n\n"
TREE = {"+scripts/bench": "", "scripts/cmake/registration.cmake": "", "+ci/run.py": "", "harness/core/a.h": "",
"harness/core/a.cc": "",
        "harness/env/facts.h.in": "", "scenarios/chunk/workloads/slice.h": "", "CMakeLists.txt": "", "scripts/data": ""}


def one(text, path="harness/README.md"):
    return {**TREE, path: HEAD + text + "\n"}


_FINE = """
`harness/core/a.h` and `harness/core/` and `harness/core`
`scripts/bench --profile full --input FILE`
`scripts/cmake/registration.cmake`
`core/a.h`, `a.h`, `a.cc`, `slice.h`, `facts.h`
`scenarios/<system>/workloads/*.h` or `scenarios/SYSTEM/workloads`
`harness/core/{a.h,a.cc}`
`build/release/harness/core/program`
[the header](core/a.h), [a heading](#words), [a site](https://example.org/scripts/none)
`results.json`, `copycost run`, `std::span`, `a/b`
`ci/run.py property_tests/test_laws`, `harness/core/a --quick`
in prose harness/none.h is not looked at
`ci/run.py --all`
`./scripts/bench`
"""

_WRONG = """
`harness/core/b.h`
`scripts/none`
see `scripts/none --fast`.
`scripts/data --all`
`core/b.h`
`nowhere.cc`
`harness/core/b --quick`
`property_tests/none_test`
`scenarios/<system>/laws/*.h`
`impls/SYSTEM/NAME/design.h`
`harness/core/{a.h,b.h}`
[the header](core/b.h)
[the header](../scripts/none#part)
`.ci/none`
"""

GOOD = [one(line) for line in _FINE.strip().splitlines()] + [
    one("```\nscripts/bench --quick   # builds\nharness/core/  the core\n```"),
    one("`design.h`", "impls/README.md") | {"impls/chunk/copy/design.h": ""},
    {"harness/notes.md": "`harness/none.h`"},
]

BAD = [(one(line), ["harness/README.md:5: "]) for line in _WRONG.strip().splitlines()] + [
    (one("```\nscripts/none --quick\n```"), ["harness/README.md:6: there is no scripts/none"]),
    (one("```\nscripts/data\n```"), ["harness/README.md:6: is not executable"]),
    ({"harness/README.md": ""}, ["harness/README.md:1: does not begin with a title"]),
    ({"harness/README.md": "x\n"}, ["harness/README.md:1: does not begin with a title"]),
    ({"harness/README.md": "# harness\n"}, ["harness/README.md:1: no sentence follows"]),
    ({"harness/README.md": "# harness\n\n| a | b |\n"}, ["harness/README.md:1: no sentence follows"]),
]
