# SPDX-License-Identifier: Apache-2.0
GOOD = [
    {"harness/cli/a.cc": 'if (row.ns) say("time");\n'},
    {"harness/cli/a.cc": 'out.set("ns", row.ns);  // row["ns"]\n'},
    {"harness/cli/a.cc": 'char list[] = "list";\n++seen["no limit: " + why];\nx = all[i];\n'},
    {"harness/output/result_json.cc": 'row.ns = file["ns"].number();\nif (to_string(s) == word) return s;\n'},
    {"harness/base/json.cc": 'x = v["a"];\n'},
    {"harness/cli/a.cc": "if (row.said == verdict::holds) return to_string(row.said);\n"},
    {"harness/cli/a.cc": "if (to_string(p) == word) return p;\n"},
    {"property_tests/harness/a_test.cc": 'CHECK(row["ns"].number() == 1);\n'},
]

BAD = [
    ({"harness/cli/a.cc": 'int x;\nf(row["ns"].number());\n'}, ["harness/cli/a.cc:2: a read by key"]),
    ({"harness/clock/a.h": 'f((*row)[ "verdict" ].text());\n'}, ["harness/clock/a.h:1: a read by key"]),
    ({"harness/clock/json_rows.cc": 'f(row["cell"]);\n'}, ["harness/clock/json_rows.cc:1: a read by key"]),
    ({"harness/cli/a.cc": "if (said == to_string(verdict::holds)) f();\nx = to_string(law_verdict::broken) != word;\n"},
     ["harness/cli/a.cc:1: a comparison of words", "harness/cli/a.cc:2: a comparison of words"]),
]
