// SPDX-License-Identifier: Apache-2.0
//
// The designs under test behind their facades. Instrumented for the fuzzer, as the codec is; what drives them is
// not.
#include "property_tests/fuzz/designs.h"

#include "impls/raft/arena/design.h"
#include "impls/raft/copy/design.h"
#include "impls/raft/shm/design.h"
#include "impls/raft/slice/design.h"
#include "scenarios/raft/facade.h"

namespace copycost::raft::fuzz {

std::span<const tested> designs() {
  static facade_of<slice_design> slice;
  static facade_of<copy_design> copy;
  static facade_of<arena_design> arena;
  static facade_of<shm_design> shm;
  static const tested all[] = {{&slice, true}, {&copy, true}, {&arena, true}, {&shm, false}};
  return all;
}

}  // namespace copycost::raft::fuzz
