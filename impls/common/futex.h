// SPDX-License-Identifier: Apache-2.0
//
// Where futexes were before scenarios needed them too. Lifetime, threads, cost: see there.
#pragma once
#include "scenarios/common/futex.h"  // IWYU pragma: export
