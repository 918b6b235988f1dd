// SPDX-License-Identifier: Apache-2.0
//
// The designs under test. Thread-compatible.
#pragma once
#include "scenarios/raft/any_raft.h"

namespace copycost::raft::fuzz {

// VALID UNTIL: the program ends.
std::span<facade* const> designs();

}  // namespace copycost::raft::fuzz
