// SPDX-License-Identifier: Apache-2.0
//
// The laws of a system from the lists of its files, in one table: laws.cc names the files in the order in which they
// are asked. A law is called what its function is called.
//
//   law_list slicing() { return {law_of<slices_compose>("a slice of a slice is one slice"), ...}; }
//
// Threads: a value.
#pragma once
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "harness/judge/law.h"
#include "scenarios/common/source_name.h"

namespace copycost {

using law_list = std::vector<law>;

// law.h says what each of them means.
struct asking {
  unsigned cost = 1;
  std::span<const std::string_view> draws = {};
  bool threads = false;
};
template <void (*Check)(facade_maker)>
law law_of(std::string_view about, const asking& how = {}) {
  return {source_name<Check>(), about, Check, how.cost, how.draws, how.threads};
}

inline law_list listed(std::initializer_list<law_list (*)()> files) {
  law_list all;
  for (law_list (*const laws_of)() : files)
    for (const law& one : laws_of()) all.push_back(one);
  return all;
}

}  // namespace copycost
