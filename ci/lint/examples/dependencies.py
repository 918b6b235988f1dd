# SPDX-License-Identifier: Apache-2.0
GOOD = [
    {"harness/core/a.cc": '#include "harness/core/a.h"\n#include <vector>\n#include <fmt/format.h>\n'},
    {"scenarios/chunk/a.h": '#include "harness/core/a.h"\n#include "scenarios/common/b.h"\n'},
    {"impls/chunk/slice/design.h": '#include "impls/chunk/slice/part.h"\n#include "impls/chunk/common/handle.h"\n'
                                   '#include "impls/common/arena.h"\n#include "scenarios/chunk/contract.h"\n'},
    {"property_tests/arena_test.cc": '#include "impls/common/arena.h"\n#include "property_tests/catch.h"\n'},
    {"harness/env/build.cc": '#include "build_facts.h"\n', "harness/env/build_facts.h.in": ""},
    {"harness/core/a.cc": '// #include "impls/common/arena.h"\n'},
    {"reports/load.py": '"""Follows harness/base/json.h."""\nimport json\nfrom pathlib import Path\n'
                        "from reports import rows\nimport numpy as np\n"},
    {"reports/page.py": "from . import rows\n"},
]

BAD = [
    ({"harness/core/a.h": '#pragma once\n#include "scenarios/chunk/contract.h"\n'},
     ["harness/core/a.h:2: may not include scenarios/"]),
    ({"harness/core/a.h": "#include <impls/common/arena.h>\n"}, ["harness/core/a.h:1: may not include impls/"]),
    ({"scenarios/chunk/a.h": '#  include "impls/common/arena.h"\n'}, ["scenarios/chunk/a.h:1: may not include impls/"]),
    ({"impls/common/a.h": '#include "property_tests/toys.h"\n'},
     ["impls/common/a.h:1: may not include property_tests/"]),
    ({"impls/chunk/slice/design.h": '#include "impls/chunk/copy/design.h"\n'},
     ["impls/chunk/slice/design.h:1: move what both need to impls/chunk/common/"]),
    ({"impls/chunk/slice/design.h": '#include "impls/graph/slice/design.h"\n'},
     ["impls/chunk/slice/design.h:1: move what both need to impls/common/"]),
    ({"impls/common/arena.h": '#include "impls/chunk/common/handle.h"\n'}, ["impls/common/arena.h:1: is shared"]),
    ({"impls/chunk/common/handle.h": '#include "impls/chunk/copy/design.h"\n'},
     ["impls/chunk/common/handle.h:1: is shared"]),
    ({"scenarios/common/a.h": '#include "scenarios/chunk/contract.h"\n'},
     ["scenarios/common/a.h:1: may not know a system"]),
    ({"scenarios/chunk/a.h": '#include "scenarios/graph/c.h"\n'},
     ["scenarios/chunk/a.h:1: a system may not include another"]),
    ({"harness/core/a.cc": '#include "a.h"\n'}, ["harness/core/a.cc:1: does not begin at the root"]),
    ({"impls/a.h": '#include "impls/chunk/copy/design.h"\n'}, ["impls/a.h:1: a design may not include another"]),
    ({"reports/load.py": "import json\nfrom harness import core\n"}, ["reports/load.py:2: may not import harness"]),
    ({"reports/load.py": "from .. import ci\n"}, ["reports/load.py:1: may not import .."]),
    ({"reports/load.py": 'def f():\n    return open("impls/chunk/copy/README.md")\n'},
     ["reports/load.py:2: may not read sources"]),
    ({"reports/load.py": "def f(:\n"}, ["reports/load.py:1: is not Python"]),
]
