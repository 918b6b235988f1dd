# SPDX-License-Identifier: Apache-2.0
HEAD = "# Why.\n"
FILES = {"impls/common/a.h": "", "property_tests/impls/a_test.cc": 'TEST_CASE("a: one, two") {}\n',
         "scenarios/chunk/laws/laws.cc": 'law_of<all_is_well>("");\nlaw_of<laws::other>("");\n'}


def plant(text, source="impls/common/a.h"):
    return {**FILES, "property_tests/plants/p.patch": f"{HEAD}{text}--- a/{source}\n+++ b/{source}\n"}


GOOD = [
    plant('# expect: test a_test\n# run: test_impls "a: one*"\n'),
    plant('# expect: test impls/a_test\n# run: test_impls\n'),
    plant("# expect: test words of its line\n# run: ../../ci/say\n"),
    plant("# expect: law all_is_well\n# run: copycost verify --law all_is_well --seed 1\n"),
    plant("# expect: law other\n# run: copycost verify\n"),
    plant('# expect: promise: kept\n# run: test_impls "[threads]"\n'),
]

BAD = [
    (plant("# expect: test a_test\n# run: test_impls\n", "impls/common/b.h"),
     ["property_tests/plants/p.patch:4: there is no impls/common/b.h"]),
    (plant("# expect: test b_test\n# run: test_impls\n"),
     ["property_tests/plants/p.patch:2: there is no test b_test.cc"]),
    (plant("# expect: law nothing\n# run: copycost verify\n"),
     ["property_tests/plants/p.patch:2: there is no law 'nothing'"]),
    (plant("# expect: oracle x\n# run: copycost verify --law nothing\n"),
     ["property_tests/plants/p.patch:3: there is no law 'nothing'"]),
    (plant('# expect: test a_test\n# run: test_impls "a: three*"\n'),
     ["property_tests/plants/p.patch:3: no test's name has 'a: three'"]),
    (plant('# expect: test a_test\n# run: property_tests/test_impls "a: one*"\n'),
     ["property_tests/plants/p.patch:3: name the program without a folder: test_impls"]),
]
