// SPDX-License-Identifier: Apache-2.0
//
// Three toys that prove the seam: one process with two threads, two processes over a shared segment, and a durable
// directory. They are a system of their own with one design, registered by hand in the test program that uses them.
#pragma once
#include <span>

#include "harness/core/registry.h"

namespace copycost::toys {
std::span<const system_entry> table();
}
