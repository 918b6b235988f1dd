# SPDX-License-Identifier: Apache-2.0
CPP = "// SPDX-License-Identifier: Apache-2.0\n"
PY = "# SPDX-License-Identifier: Apache-2.0\n"

PROGRAM = {
    "harness/core/verdict.h": CPP + 'constexpr worded<verdict> kVerdictWords[] = {{holds, "holds"},\n {broken, '
                                    '"broken"}};\n',
    "harness/judge/law_outcome.h": CPP + 'constexpr worded<law_verdict> kLawWords[] = {{holds, "holds"},\n {not_asked, '
                                          '"not asked"}};\n"anything"\n',
    "harness/clock/evaluate.h": CPP + "constexpr double kPlausibleNs = 0.2;\nconstexpr double kOverlapLeast = 0.5;\n",
}
ROWS = PY + 'VERDICTS = ("holds", "broken")\nLAW_VERDICTS = ("holds", "not asked")\nPLAUSIBLE_NS = 0.2\n' \
            'OVERLAP_LEAST = 0.5  # of the time\n'


def program(**more):
    return {**PROGRAM, "reports/rows.py": ROWS, **{k.replace("__", "/"): v for k, v in more.items()}}


def harness(line):
    return {**program(), "harness/cli/a.cc": CPP + line + "\n"}


def report(line):
    return {**program(), "reports/a.py": PY + line + "\n"}


GOOD = [program(), harness('row.set("verdict", to_string(verdict::broken));'), harness('say("it is broken");'),
        harness('int x;  // "broken" is a word'), report("floor = results.noise_floor"), report("x = a or 0.5"),
        report("x = d.get(key, other)"), {**program(), "reports/tests/a.py": PY + "x = a or 0\n"},
        {"harness/cli/a.cc": CPP + '"broken"\n'}]

BAD = [
    (harness('row.set("verdict", "broken");'), ['harness/cli/a.cc:2: "broken" is a verdict']),
    (harness('x = "not asked";'), ['harness/cli/a.cc:2: "not asked" is a verdict']),
    (report("floor = results.noise_floor or 0"), ["reports/a.py:2: 'or 0' makes 0"]),
    (report('cores = int(machine.get("cores", 0))'), ["reports/a.py:2: '.get(\"cores\", 0)' makes 0"]),
    ({**PROGRAM, "reports/rows.py": ROWS.replace('"holds", "broken"', '"holds"')},
     ["reports/rows.py:2: VERDICTS is not what harness/core/verdict.h says"]),
    ({**PROGRAM, "reports/rows.py": ROWS.replace('"not asked"', '"lost"')},
     ["reports/rows.py:3: LAW_VERDICTS is not what harness/judge/law_outcome.h says"]),
    ({**PROGRAM, "reports/rows.py": ROWS.replace("= 0.5", "= 0.6")},
     ["reports/rows.py:5: OVERLAP_LEAST is not kOverlapLeast"]),
]
