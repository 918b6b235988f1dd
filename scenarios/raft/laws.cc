// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/laws.h"

namespace copycost::raft {

std::span<const law> laws() { return {}; }

}  // namespace copycost::raft
