# SPDX-License-Identifier: Apache-2.0
SYSTEM = {"scenarios/CMakeLists.txt": "copycost_add_system(chunk)\n", "scenarios/chunk/contract.h": ""}
DESIGN = {"impls/CMakeLists.txt": "copycost_add_design(chunk copy)\n", "impls/chunk/copy/design.h": ""}


def workload(text):
    return {"scenarios/chunk/workloads/slice.h": text}


GOOD = [
    SYSTEM,
    DESIGN,
    {"impls/CMakeLists.txt": "copycost_add_design(chunk cord FIND absl\n  LINK absl::cord)\n",
     "impls/chunk/cord/design.h": ""},
    {"impls/CMakeLists.txt": "#   copycost_add_design(chunk slice)\ncopycost_add_design(chunk mine FOLDER ../mine)\n"},
    {"scenarios/common/contract.txt": "", "impls/chunk/common/handle.h": "", "impls/common/arena.h": ""},
    workload('struct slice : workload_defaults {\n  static constexpr workload_traits traits{.name = "slice"};\n};\n'),
    {"scenarios/chunk/workloads/parts/common.h": "int nothing;\n"},
]

BAD = [
    ({"scenarios/chunk/contract.h": ""}, ["scenarios/chunk/contract.h:1: add copycost_add_system(chunk)"]),
    ({"scenarios/CMakeLists.txt": "# systems\ncopycost_add_system(chunk)\n"},
     ["scenarios/CMakeLists.txt:2: there is no scenarios/chunk/contract.h"]),
    ({"impls/chunk/copy/design.h": ""}, ["impls/chunk/copy/design.h:1: add copycost_add_design(chunk copy)"]),
    ({**DESIGN, "impls/chunk/slice/design.h": ""}, ["impls/chunk/slice/design.h:1: is not registered"]),
    ({"impls/CMakeLists.txt": "\ncopycost_add_design(chunk copy)\n"},
     ["impls/CMakeLists.txt:2: there is no impls/chunk/copy/design.h"]),
    ({"impls/CMakeLists.txt": "# copycost_add_design(chunk copy)\n", "impls/chunk/copy/design.h": ""},
     ["impls/chunk/copy/design.h:1: is not registered"]),
    (workload("struct share {};\n"), ["scenarios/chunk/workloads/slice.h:1: holds no struct slice"]),
    (workload("// struct slice\n"), ["scenarios/chunk/workloads/slice.h:1: holds no struct slice"]),
    (workload('struct slice {\n  static constexpr workload_traits traits{.name = "cut"};\n};\n'),
     ["scenarios/chunk/workloads/slice.h:2: the traits are named"]),
]
