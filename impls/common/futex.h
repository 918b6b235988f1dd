// SPDX-License-Identifier: Apache-2.0
//
// Where futexes were before scenarios needed them too.
//
// Lifetime: see there.
// Threads: see there.
// Cost: see there.
#pragma once
#include "scenarios/common/futex.h"  // IWYU pragma: export
