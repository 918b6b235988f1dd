// SPDX-License-Identifier: Apache-2.0
//
// What the generators of a law have drawn, by class: "a CR before the end of a line", "an empty payload". A class that
// is never drawn is a place where a mistake can hide from its law.
//
//   generator: drawn("a lone CR", met)  -->  counts of the run  -->  law_outcome::drawn
//   list of laws: law::draws            -->  laws_test: every class there is drawn in the usual number of cases, and
//                                            no other
//
// Lifetime: counts live until they are taken.
// Threads: REQUIRES: the thread that the law runs in.
// Cost: a look into a small map.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace copycost {

using drawn_counts = std::map<std::string, std::uint64_t, std::less<>>;

// Of the law that runs in this process.
inline drawn_counts& drawn_now() {
  static drawn_counts counts;
  return counts;
}

// The running case is of this class, where `met`.
inline void drawn(std::string_view name, bool met = true) {
  if (!met) return;
  const auto at = drawn_now().find(name);
  if (at == drawn_now().end())
    drawn_now().emplace(name, 1);
  else
    ++at->second;
}

// What was drawn since the last call.
inline drawn_counts take_drawn() { return std::exchange(drawn_now(), {}); }

}  // namespace copycost
