# SPDX-License-Identifier: Apache-2.0
CPP = "// SPDX-License-Identifier: Apache-2.0\n"
SHELL = "#!/usr/bin/env bash\n# SPDX-License-Identifier: Apache-2.0\n"


def one(line):
    return {"harness/core/a.cc": CPP + line + "\n"}


_FINE = """
#include "scenarios/chunk/workloads/slice.h"
const char* base = "/tmp/copycost-XXXXXX";
the root of the tree, harness/work, impls/root.h, https://example.org/home, ~/home
all of them, for nowhere is it said; one issue, 12 tickets
<input class="find" placeholder="words">
"""
# In pieces: this file must pass too.
_WRONG = [
    'open("' + "/wo" + 'rk/main")', "cd " + "/ho" + "me/me", "(" + "/ro" + "ot)", "cd $" + "HOME", "${" + "HOME}/x",
    "get it from pypi" + ".org", "https://static.crates" + ".io/x", "registry.npmjs" + ".org", "ghcr" + ".io/a/b",
    "// TO" + "DO: finish", "// FIX" + "ME", "# XX" + "X", "a place" + "holder", "enough for" + " now",
    "see issue" + " #12", "PR" + "#7", "pull request" + " 9",
]

GOOD = [one(line) for line in _FINE.strip().splitlines()] + [
    {"scripts/bench": SHELL + "echo\n"},
    {"reports/a.css": "/* SPDX-License-Identifier: Apache-2.0 */\n",
     "reports/a.html": "{#- SPDX-License-Identifier: Apache-2.0 -#}\n"},
    {"README.md": "# copycost\n", "LICENSE": "Apache\n", "reports/tests/__init__.py": "", "a/data.json": "{}\n"},
    {"scripts/templates/chunk/README.md.in": "# @NAME@\n", "scripts/templates/chunk/design.h.in": CPP},
]

BAD = [(one(line), ["harness/core/a.cc:2: '"]) for line in _WRONG] + [
    ({"harness/core/a.cc": "#include <vector>\n"}, ["harness/core/a.cc:1: does not begin with"]),
    ({"harness/core/a.cc": "\n" + CPP}, ["harness/core/a.cc:1: does not begin with"]),
    ({"scripts/bench": "#!/usr/bin/env bash\necho\n"}, ["scripts/bench:2: does not begin with"]),
    ({"impls/CMakeLists.txt": "project(a)\n"}, ["impls/CMakeLists.txt:1: does not begin with"]),
    ({"scripts/templates/chunk/design.h.in": "#pragma once\n"},
     ["scripts/templates/chunk/design.h.in:1: does not begin with"]),
    ({"harness/README.md": "# harness\n\nSee " + "/ho" + "me/me.\n"}, ["harness/README.md:3: a path of one machine"]),
]
