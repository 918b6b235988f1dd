// SPDX-License-Identifier: Apache-2.0
//
// What a child process answers to the one that judges (apart.h), as text.
//
// Threads: safe; pure functions.
#pragma once
#include <string>
#include <string_view>

#include "harness/judge/equality.h"
#include "harness/judge/law_outcome.h"

namespace copycost {

// Without the names of system, design and law: the parent knows them.
std::string to_text(const law_outcome& out);
void read_into(law_outcome& out, std::string_view text);

// Without digests and tally.
std::string to_text(const equality& e);
equality equality_from(std::string_view text);

}  // namespace copycost
