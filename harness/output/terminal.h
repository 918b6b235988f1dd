// SPDX-License-Identifier: Apache-2.0
//
// How wide what people read may be.
//
// Threads: safe; no state.
// Cost: a system call.
#pragma once
#include <cstddef>

namespace copycost {

// Of a terminal: its own width, 80 where it does not say. Of anything else: 120, always.
std::size_t columns_for(int fd);

// Whether a line may be drawn over and over on it: a terminal that knows more than plain text (TERM is not dumb).
bool can_redraw(int fd);

}  // namespace copycost
