// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/laws/laws.h"

#include "scenarios/event_store/laws/law_list.h"

namespace copycost::event_store {

std::span<const law> laws() {
  static const std::vector<law> all = [] {
    using namespace properties;
    law_list row;
    for (law_list (*part)() : {making, appending, reading, entities, keeping, retaining, history, following, meeting,
                               sharing, processes, reopening, crashing, failing, replaying, lasting})
      for (const law& one : part()) row.push_back(one);
    return row;
  }();
  return all;
}

}  // namespace copycost::event_store
