// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/laws/laws.h"

#include "scenarios/common/laws/law_list.h"

namespace copycost::event_store {
namespace properties {

law_list making();
law_list appending();
law_list reading();
law_list entities();
law_list keeping();
law_list retaining();
law_list history();
law_list following();
law_list meeting();
law_list sharing();
law_list processes();
law_list reopening();
law_list crashing();
law_list failing();
law_list replaying();
law_list lasting();

}  // namespace properties

std::span<const law> laws() {
  using namespace properties;
  static const law_list all = listed({making, appending, reading, entities, keeping, retaining, history, following,
                                      meeting, sharing, processes, reopening, crashing, failing, replaying, lasting});
  return all;
}

}  // namespace copycost::event_store
