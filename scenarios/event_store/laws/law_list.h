// SPDX-License-Identifier: Apache-2.0
//
// The laws of each file in this folder; laws.cc puts them in one row.
#pragma once
#include <vector>

#include "harness/judge/law.h"

namespace copycost::event_store::properties {

using law_list = std::vector<law>;

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

}  // namespace copycost::event_store::properties
