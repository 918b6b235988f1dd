// SPDX-License-Identifier: Apache-2.0
//
// The designs under test. Thread-compatible.
#pragma once
#include "scenarios/raft/any_raft.h"

namespace copycost::raft::fuzz {

struct tested {
  facade* design;
  bool may_poison;  // its rooms are the allocator's or an arena's, which make memory whole again before it is used anew
};
// VALID UNTIL: the program ends.
std::span<const tested> designs();

}  // namespace copycost::raft::fuzz
