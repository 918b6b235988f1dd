// SPDX-License-Identifier: Apache-2.0
//
// The designs under test behind their facades: all of raft that are registered and can be held to what the others see.
// Instrumented for the fuzzer, as the codec is; what drives them is not.
#include "property_tests/fuzz/designs.h"

#include <vector>

#include "property_tests/fuzz/raft_designs.h"  // generated
#include "scenarios/raft/facade.h"

namespace copycost::raft::fuzz {
namespace {

// A design that believes what a frame claims takes more memory than what came allows, by its own word; one that accepts
// more than the format allows sees other errors.
template <class D>
concept comparable = !D::traits.trusts_lengths && !D::traits.accepts_more;

}  // namespace

std::span<const tested> designs() {
  static const std::vector<tested> all = [] {
    std::vector<tested> out;
    for_each_design([&]<class D>() {
      if constexpr (comparable<D>) {
        static facade_of<D> one;
        out.push_back({&one, !D::traits.rooms_stay_poisoned});
      }
    });
    return out;
  }();
  return all;
}

}  // namespace copycost::raft::fuzz
