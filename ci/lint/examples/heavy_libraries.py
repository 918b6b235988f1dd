# SPDX-License-Identifier: Apache-2.0
GOOD = [
    {"CMakeLists.txt": "find_package(benchmark CONFIG REQUIRED)\n",
     "harness/clock/launch.cc": "#include <benchmark/benchmark.h>\n"},
    {"harness/cli/options.cc": "#include <CLI/CLI.hpp>\n#include <CLI/App.hpp>\n",
     "harness/base/json.cc": "#include <nlohmann/json.hpp>\n"},
    {"harness/cli/main.cc": '// #include <CLI/CLI.hpp>\n#include "harness/base/json.h"\n'},
]

BAD = [
    ({"harness/a.cc": "#include <CLI/CLI.hpp>\n", "harness/b.cc": "\n#include <CLI/CLI.hpp>\n"},
     ["harness/a.cc:1: included by harness/b.cc too", "harness/b.cc:2: included by harness/a.cc too"]),
    ({"harness/base/json.h": "#include <nlohmann/json_fwd.hpp>\n"}, ["harness/base/json.h:1: in a header"]),
    ({"property_tests/a_test.cc": "#include <benchmark/benchmark.h>\n",
     "harness/clock/b.cc": "#include <benchmark/benchmark.h>\n"},
     ["harness/clock/b.cc:1: is included by", "property_tests/a_test.cc:1: is included by"]),
    ({"CMakeLists.txt": "project(a)\nfind_package(CLI11 CONFIG REQUIRED)\n"},
     ["CMakeLists.txt:2: nobody includes <CLI/...>"]),
]
