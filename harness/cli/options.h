// SPDX-License-Identifier: Apache-2.0
//
// The command line, parsed.
//
// Threads: a value; nothing changes it after parsing.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/workload.h"

namespace copycost {

struct options {
  std::string command;
  std::vector<std::string> systems, designs, workloads;
  std::string filter, profile_name = "quick", shard, encoded, output, law, replay, heap_trace, heap_totals, baseline,
                      title;
  std::vector<std::string> inputs;       // --input, each as it was given; input_fit.h knows what they mean
  std::vector<std::string> directories;  // compare A B, report DIR
  std::uint64_t seed = 0;                // 0: drawn and printed
  int launches = 0, replayed_launch = -1, cases = 200;
  bool json = false, accept = false, no_copy = false;
  bool designs_only = false;  // list --designs

  profile how() const;
};

// Parses; prints help, version or the reason and answers an exit code when there is nothing to do.
std::optional<int> parse(int argc, char** argv, options& out);

}  // namespace copycost
