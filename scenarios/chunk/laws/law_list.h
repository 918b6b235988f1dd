// SPDX-License-Identifier: Apache-2.0
//
// The laws of each file in this folder; laws.cc puts them in one row.
#pragma once
#include <vector>

#include "harness/judge/law.h"

namespace copycost::chunk::properties {

using law_list = std::vector<law>;

law_list making();
law_list slicing();

}  // namespace copycost::chunk::properties
