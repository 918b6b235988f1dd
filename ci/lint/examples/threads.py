# SPDX-License-Identifier: Apache-2.0
TEST = 'TEST_CASE("two meet"%s) {\n  std::jthread other([] {});\n}\n'

GOOD = [
    {"property_tests/impls/common/ring_test.cc": TEST % ', "[ring][threads]"'},
    {"property_tests/impls/common/ring_test.cc": 'TEST_CASE("one waits") {\n  std::this_thread::yield();\n}\n'},
    {"property_tests/harness/hooks/threads_test.cc": TEST % ""},  # not built with ThreadSanitizer
    {"scenarios/chunk/laws/sharing.cc": "std::vector<std::jthread> all;\n{drop, 10, {}, kThreads},\n"},
    {"scenarios/chunk/laws/rows.cc": "std::this_thread::yield();\n"},
]

BAD = [
    ({"property_tests/impls/common/ring_test.cc": "\n" + TEST % ', "[ring]"'},
     ["property_tests/impls/common/ring_test.cc:2: starts threads; tag it [threads]"]),
    ({"property_tests/scenarios/raft/x_test.cc": TEST % ', "[threads]"' + TEST % ""},
     ["property_tests/scenarios/raft/x_test.cc:4: starts threads; tag it [threads]"]),
    ({"scenarios/raft/laws/sharing.cc": "int n;\nstd::thread other;\n{drop, 10},\n"},
     ["scenarios/raft/laws/sharing.cc:2: starts threads; mark the law kThreads"]),
]
