# SPDX-License-Identifier: Apache-2.0
"""Libraries that take seconds to compile are compiled once."""
from cpp import includes
from tree import CPP, LAYERS, Finding

NAME = "heavy_libraries"
ABOUT = "Google Benchmark, CLI11 and the JSON library are each included by one .cc file"

# What their includes begin with, and where to go instead.
_HEAVY = {"benchmark/": "harness/clock", "CLI/": "harness/cli/options.h", "nlohmann/": "harness/core/json.h"}


def check(tree):
    for start, instead in _HEAVY.items():
        files = {path: line for path in tree.under(*LAYERS, suffixes=CPP) for line, _, target in reversed(includes(tree.text(path)))
                 if target.startswith(start)}
        for path, line in files.items():
            if not path.endswith((".cc", ".cpp")):
                yield Finding(path, line, NAME, f"<{start}...> in a header is compiled again and again; go through {instead}")
        if len(files) > 1:
            for path, line in files.items():
                others = ", ".join(p for p in files if p != path)
                yield Finding(path, line, NAME, f"<{start}...> is included by {others} too; let one file do it and go through {instead}")
