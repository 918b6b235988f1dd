// SPDX-License-Identifier: Apache-2.0
//
// The laws of each file in this folder; laws.cc puts them in one row.
#pragma once
#include <vector>

#include "harness/judge/law.h"

namespace copycost::chunk::properties {

using law_list = std::vector<law>;

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

}  // namespace copycost::chunk::properties
