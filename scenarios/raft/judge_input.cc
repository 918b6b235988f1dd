// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/laws.h"

namespace copycost::raft {

input_result verify_input(facade_maker, const input_file&) { return {}; }
std::string refuses_input(const input_file& in) { return needs_file(in); }

}  // namespace copycost::raft
