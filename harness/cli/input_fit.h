// SPDX-License-Identifier: Apache-2.0
//
// Which systems an --input is for. Inputs have forms (a chunk reads any file, the event store JSON Lines or a git
// repository):
//   --input SYSTEM=PATH            that system must be able to read it; otherwise exit code 2
//   --input PATH --system NAMES    each of these must be
//   --input PATH                   the systems that can read it do, with a note for each that cannot; exit code 2 where
//                                  none can
// A system without an input is still run on generated input. Pure.
#pragma once
#include <string>
#include <string_view>

#include "harness/cli/options.h"
#include "harness/core/input.h"

namespace copycost {

// Empty, or why the system cannot read it.
std::string refused_by(std::string_view system, const input_file& in);
// Throws failure{usage} as the table says, and for a system that does not exist. Answers the notes: one line for each
// system that goes without.
std::string check_input_fits(const options& o, const input_set& inputs);

}  // namespace copycost
