// SPDX-License-Identifier: Apache-2.0
//
// The laws of each file in this folder; laws.cc puts them in one row.
#pragma once
#include <vector>

#include "harness/judge/law.h"

namespace copycost::raft::properties {

using law_list = std::vector<law>;

law_list coding();
law_list arriving();
law_list appending();
law_list limiting();
law_list hostile();
law_list keeping();
law_list owning();
law_list pieces();
law_list sharing();
law_list lasting();

}  // namespace copycost::raft::properties
