# SPDX-License-Identifier: Apache-2.0
GOOD = [
    {"harness/a.cc": "z.avail_in = static_cast<uInt>(piece.size());  // fits: a piece of the buffer\n"},
    {"scenarios/a.h": "// fits: checked against the limit\nauto n = static_cast<std::uint32_t>(in.size());\n"},
    {"impls/a.cc": "auto n = static_cast<std::size_t>(in.size()), k = static_cast<unsigned>(at.number(3));\n"},
    {"property_tests/a.cc": "auto n = static_cast<int>(in.size());\n"},
]

BAD = [
    ({"harness/a.cc": "z.avail_in = static_cast<uInt>(packed.size());\n"},
     ["harness/a.cc:1: static_cast<uInt> of a size"]),
    ({"scenarios/a.h": "\nf(static_cast<std::uint32_t>(load_big(p)));\n"},
     ["scenarios/a.h:2: static_cast<std::uint32_t> of a size"]),
    ({"impls/a.cc": "int n =\n    static_cast<int>(bytes(f(1)).size() + 1);\n"},
     ["impls/a.cc:2: static_cast<int> of a size"]),
    ({"harness/b.cc": "auto n = static_cast<unsigned>(row[\"n\"].integer());\n"},
     ["harness/b.cc:1: static_cast<unsigned> of a size"]),
]
