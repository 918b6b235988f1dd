// SPDX-License-Identifier: Apache-2.0
//
// The former place of scenarios/common/futex.h, for includes of impls/.
#pragma once
#include "scenarios/common/futex.h"  // IWYU pragma: export
