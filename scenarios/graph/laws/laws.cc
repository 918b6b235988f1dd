// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/laws/laws.h"

#include "scenarios/common/laws/law_list.h"

namespace copycost::graph {
namespace properties {

law_list making();
law_list cutting();
law_list branching();
law_list owning();
law_list living();
law_list refusing();
law_list naming();
law_list sharing();
law_list lasting();
law_list population();
law_list linking();
law_list running();

}  // namespace properties

std::span<const law> laws() {
  using namespace properties;
  static const law_list all = listed(
      {making, cutting, branching, owning, living, refusing, naming, sharing, lasting, population, linking, running});
  return all;
}

}  // namespace copycost::graph
