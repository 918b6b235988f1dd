// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/laws/laws.h"

#include "scenarios/raft/laws/law_list.h"

namespace copycost::raft {

std::span<const law> laws() {
  static const std::vector<law> all = [] {
    using namespace properties;
    law_list row;
    for (law_list (*part)() :
         {coding, arriving, appending, limiting, hostile, keeping, owning, pieces, sharing, lasting})
      for (const law& one : part()) row.push_back(one);
    return row;
  }();
  return all;
}

}  // namespace copycost::raft
