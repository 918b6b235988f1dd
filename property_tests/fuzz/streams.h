// SPDX-License-Identifier: Apache-2.0
//
// A stream through designs of ours, cut in two ways: all must see the same; and what one of them says again must be
// seen as it was said. Keeps its memory from input to input. Not thread-safe.
#pragma once
#include <memory>

#include "property_tests/fuzz/member.h"

namespace copycost::raft::fuzz {

class streams {
 public:
  streams();
  // A leader reads it whole, with a second opinion; another design reads it cut; and a third one, now and then, what
  // the leader says again. The plan's seed says who is who.
  void run(const plan& p, bytes_view data);

 private:
  std::vector<std::unique_ptr<member>> members_;
  second_opinion opinion_;
};

}  // namespace copycost::raft::fuzz
