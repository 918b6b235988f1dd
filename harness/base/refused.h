// SPDX-License-Identifier: Apache-2.0
//
// An operation of a design that must not fail, and did. Outside of a law the exit code says whose doing it is; in a law
// it is the design's whatever the error says, because a law knows when an operation must succeed.
#pragma once
#include "harness/base/failure.h"

namespace copycost {

struct refused : failure {
  using failure::failure;
};

}  // namespace copycost
