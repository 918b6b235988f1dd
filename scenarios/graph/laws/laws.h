// SPDX-License-Identifier: Apache-2.0
//
// What the judge asks of every graph design: the laws, and what it makes of a real file.
//
// Threads: safe; immutable tables.
#pragma once
#include <span>
#include <string>

#include "harness/judge/law.h"

namespace copycost::graph {

// All laws, in the order of laws/*.cc. VALID UNTIL: the program ends.
std::span<const law> laws();

// Sends each line of a file as an item (judge/input.cc): the counts `items` and `bytes`, and the SHA-256 of what came
// out. Any file is of the form. Throws failure{incorrect} when the design refuses an item or changes a byte.
input_result verify_input(facade_maker make, const input_file& in);

inline constexpr input_check kVerifyEncoded = nullptr;  // no form of its own in files

// Any file will do.
inline std::string refuses_input(const input_file& in) { return needs_file(in); }
inline void check_input(const input_file&) {}
inline constexpr directory_reader kReadDirectory = nullptr;

}  // namespace copycost::graph
