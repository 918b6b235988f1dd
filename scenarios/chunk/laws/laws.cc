// SPDX-License-Identifier: Apache-2.0
#include "scenarios/chunk/laws/laws.h"

#include "scenarios/chunk/laws/law_list.h"

namespace copycost::chunk {

std::span<const law> laws() {
  static const std::vector<law> all = [] {
    using namespace properties;
    law_list row;
    for (law_list (*part)() :
         {making, building, slicing, appending, retaining, living, reading, rows, coding, sharing, lasting, population})
      for (const law& one : part()) row.push_back(one);
    return row;
  }();
  return all;
}

}  // namespace copycost::chunk
