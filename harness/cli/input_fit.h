// SPDX-License-Identifier: Apache-2.0
//
// Which systems an --input is for, and whether they can read it: asked before anything runs. Inputs have forms (a chunk
// reads any file, the event store JSON Lines or a git repository):
//   --input SYSTEM=PATH            that system must be able to read it; otherwise exit code 2
//   --input PATH --system NAMES    each of these must be
//   --input PATH                   the systems that can read it do, with a note for each that cannot; exit code 2 where
//                                  none can
// Who can read it reads all of it here, once; a fault in its last line is exit code 2, too. A system without an input
// is still run on generated input. An input that no selected cell reads is exit code 2, because the figures would be
// those of something else; only one for a system that is not selected is no more than a note.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/options.h"
#include "harness/core/registry.h"
#include "harness/judge/law.h"

namespace copycost {

// What was given with --input, read and looked at.
struct fitted_inputs {
  struct given {
    std::string word;          // as it was given, in printable form
    std::string system;        // by the name of which it was given
    std::uint64_t number = 0;  // of the reading
  };
  input_set set;
  std::vector<given> words;
  std::string notes;  // one line for each system without input, and for each input without a system
};

// Opens, reads and looks at what --input says. Throws failure{usage} as the table says, and for a system that does not
// exist.
fitted_inputs fit_inputs(const options& o);
// The same; reports on stderr, and makes them the inputs of this process. Does nothing where there is no --input, or
// when called again.
void open_inputs(const options& o);
// Throws failure{usage} where a selected system's input is read by none of the cells.
void check_inputs_are_read(const fitted_inputs& inputs, std::span<const cell> cells, const std::string& profile);
// Empty, or why the system cannot read an input that is there.
std::string refused_by(std::string_view system, const input_file& in);
// Those of open_inputs().
const fitted_inputs& opened_inputs();

}  // namespace copycost
