// SPDX-License-Identifier: Apache-2.0
//
// Internal to harness/env: the rules of the doctor: what was found out, and what each finding means for a measurement.
//
// Lifetime: results own their text.
// Threads: safe; pure functions of the symptoms.
#pragma once
#include <vector>

#include "harness/env/symptoms.h"

namespace copycost::env {

// One check for each rule, always in the same order.
std::vector<check> judge(const symptoms& found);

}  // namespace copycost::env
