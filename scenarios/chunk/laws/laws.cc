// SPDX-License-Identifier: Apache-2.0
#include "scenarios/chunk/laws/laws.h"

#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk {
namespace properties {

law_list making();
law_list building();
law_list slicing();
law_list appending();
law_list retaining();
law_list living();
law_list reading();
law_list rows();
law_list coding();
law_list sharing();
law_list lasting();
law_list population();

}  // namespace properties

std::span<const law> laws() {
  using namespace properties;
  static const law_list all = listed(
      {making, building, slicing, appending, retaining, living, reading, rows, coding, sharing, lasting, population});
  return all;
}

}  // namespace copycost::chunk
