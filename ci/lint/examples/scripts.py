# SPDX-License-Identifier: Apache-2.0
BASH = "#!/bin/bash -p\n# SPDX-License-Identifier: Apache-2.0\n# What it does.\n"
HERE = '. "$(dirname -- "$(readlink -f -- "$0")")/here.sh"\n'
THERE = '. "$(dirname -- "$(readlink -f -- "$0")")/../scripts/here.sh"\n'
PYTHON = ('#!/usr/bin/python3 -IB\n# SPDX-License-Identifier: Apache-2.0\n"""What it does.\n\nIn full.\n"""\n'
          'import os\nimport sys\n\n')
WAY = 'sys.path.insert(0, os.path.realpath(__file__ + "/.."))\nfrom here import ROOT\n'


def bash(line):
    return {"+scripts/a": BASH + HERE + line + "\n"}


def python(line):
    return {"+scripts/a": PYTHON + WAY + line + "\n"}


GOOD = [
    bash('in_root cmake --preset release\n(cd "$root" && make)\nx=$(cd "$1" && ls)'),
    bash('cd -P -- "$tree"  # no argument is a path'),
    bash('kill "$p" 2>/dev/null  # no reason: it may have ended'),
    bash('/usr/bin/python3 -IB - "$target"\nrm -f python3.txt\ncommand -v git >/dev/null\ngit log 2>"$reason"'),
    bash("for d in x; do (cd $d && ls); done\necho 'cd there'"),
    {"+ci/a": BASH + THERE, "+.ci/run": BASH + THERE,
     "+ci/lint/b.sh": BASH + THERE.replace("/../scripts", "/../../scripts")},
    python("import re\nprint(ROOT)\nsubprocess.run(x, stdin=subprocess.DEVNULL)"),
    {"+ci/a": PYTHON + WAY.replace('"/.."', '"/../../scripts"')},
    {"scripts/packages.sh": "# SPDX-License-Identifier: Apache-2.0\nx=1\n", "ci/b.py": "import os\n",
     "scripts/here.sh": "cd /\n", "+reports/a": "#!/bin/sh\n"},
]

BAD = [
    ({"+scripts/a": "#!/usr/bin/env bash\n" + BASH.partition("\n")[2] + HERE}, ["scripts/a:1: begins with"]),
    ({"+scripts/a": "#!/bin/sh\n" + BASH.partition("\n")[2] + HERE}, ["scripts/a:1: begins with"]),
    ({"+scripts/a": BASH + "set -e\n" + HERE}, ["scripts/a:4: its first command is not"]),
    ({"+ci/a": BASH + HERE}, ["ci/a:4: its first command is not", "ci/a:4: looks for its own place"]),
    ({"+scripts/a": BASH}, ["scripts/a:3: its first command is not"]),
    (bash('cd "$(dirname "$0")/.."'),
     ["scripts/a:5: leaves the caller's place", "scripts/a:5: looks for its own place"]),
    (bash('mkdir x && cd x'), ["scripts/a:5: leaves the caller's place"]),
    (bash('if true; then pushd x; fi'), ["scripts/a:5: leaves the caller's place"]),
    (bash('top=$(git -C "$root" rev-parse 2>/dev/null || true)'), ["scripts/a:5: throws the tool's own reason away"]),
    (bash("apt-get update &>/dev/null"), ["scripts/a:5: throws the tool's own reason away"]),
    (bash("apt-get update >/dev/null 2>&1"), ["scripts/a:5: throws the tool's own reason away"]),
    (bash("python3 - <<'END'"), ["scripts/a:5: takes whatever python3"]),
    (bash("here=${BASH_SOURCE[0]}"), ["scripts/a:5: looks for its own place"]),
    ({"scripts/packages.sh": "# SPDX-License-Identifier: Apache-2.0\nx=$(dpkg-query -W y 2>/dev/null)\n"},
     ["scripts/packages.sh:2: throws"]),
    ({"+scripts/a": "#!/usr/bin/env python3\n" + PYTHON.partition("\n")[2] + WAY}, ["scripts/a:1: begins with"]),
    ({"+scripts/a": PYTHON + "import re\n" + WAY}, ["scripts/a:10: its first command is not"]),
    ({"+ci/a": PYTHON + WAY}, ["ci/a:10: its first command is not", "ci/a:10: looks for its own place"]),
    ({"+scripts/a": PYTHON + WAY.replace("from here import ROOT", "import re")},
     ["scripts/a:11: does not import here next"]),
    (python("X = Path(__file__).parent"), ["scripts/a:12: looks for its own place"]),
    (python("run(['git'], stderr=subprocess.DEVNULL)"), ["scripts/a:12: throws the tool's own reason away"]),
]
