# SPDX-License-Identifier: Apache-2.0
"""Libraries that take seconds to compile are compiled once."""
from cpp import includes
from tree import CPP, LAYERS, Finding, line_of

NAME = "heavy_libraries"
ABOUT = "Google Benchmark, CLI11 and the JSON library are each included by one .cc file"

# What their includes begin with, the CMake package, and where to go instead.
_HEAVY = (("benchmark/", "benchmark", "harness/clock"), ("CLI/", "CLI11", "harness/cli/options.h"),
          ("nlohmann/", "nlohmann_json", "harness/base/json.h"))


def check(tree):
    included = [(path, line, target) for path in tree.under(*LAYERS, suffixes=CPP)
                for line, _, target in includes(tree.text(path))]
    cmake = tree.text("CMakeLists.txt") if tree.has_file("CMakeLists.txt") else ""
    for start, package, instead in _HEAVY:
        files = {path: line for path, line, target in reversed(included) if target.startswith(start)}
        found = cmake.find(f"find_package({package} ")
        if not files and found >= 0:
            yield Finding("CMakeLists.txt", line_of(cmake, found), NAME,
                          f"nobody includes <{start}...>; remove the package")
        for path, line in files.items():
            if not path.endswith((".cc", ".cpp")):
                yield Finding(path, line, NAME, f"<{start}...> in a header is compiled often; go through {instead}")
            others = ", ".join(sorted(p for p in files if p != path))
            if others:
                yield Finding(path, line, NAME, f"<{start}...> is included by {others} too; go through {instead}")
