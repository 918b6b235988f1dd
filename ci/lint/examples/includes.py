# SPDX-License-Identifier: Apache-2.0
CPP = "// SPDX-License-Identifier: Apache-2.0\n"


def one(text, **others):
    return {"harness/core/a.cc": CPP + text} | {f"harness/core/{name}.h": CPP + content
                                                for name, content in others.items()}


B = '#include "harness/core/b.h"\n'

GOOD = [
    one("#include <algorithm>\nint x = std::ranges::max(y);\n"),
    one(B + "auto x = std::find_if(y);\n", b="#pragma once\n#include <algorithm>\n"),
    one(B + "auto x = std::find_if(y);\n", b='#include "harness/core/c.h"\n',
        c='#include "harness/core/b.h"\n#include <algorithm>\n'),
    one("// std::sort(x), \"std::vector<int>\"\nint sort(int);\n"),
    one("#include <string>\nstd::string_view a();\n"),
    one("auto a = mine::std::sort_of(x); std::sorted y;\n"),
    # A part of a header is included where what it needs has been.
    one(B, b='#include <vector>\n#include "harness/core/part.h"\n', part="std::vector<int> a();\n"),
]

BAD = [
    (one("int x = std::max_element(y);\n"),
     ["harness/core/a.cc:2: uses std::max_element and nobody includes <algorithm>"]),
    (one("int a;\nauto x = std::ranges::find(y, 1);\n"),
     ["harness/core/a.cc:3: uses std::ranges::find and nobody includes <algorithm>"]),
    (one("#include <fmt/format.h>\nauto x = std::all_of(y);\n"), ["harness/core/a.cc:3: uses std::all_of"]),
    (one(B + "std::unique_ptr<int> x;\nstd::string y;\n", b="#include <vector>\n"),
     ["harness/core/a.cc:3: uses std::unique_ptr and nobody includes <memory>",
      "harness/core/a.cc:4: uses std::string and"]),
    (one(B, b='#include "harness/core/part.h"\n', part="std::vector<int> a();\n"),
     ["harness/core/part.h:2: uses std::vector and"]),
]
