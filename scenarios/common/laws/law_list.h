// SPDX-License-Identifier: Apache-2.0
//
// The laws of a system from the lists of its files, in one table: laws.cc names the files in the order in which they
// are asked.
//
// Threads: a value.
#pragma once
#include <initializer_list>
#include <vector>

#include "harness/judge/law.h"

namespace copycost {

using law_list = std::vector<law>;

inline law_list listed(std::initializer_list<law_list (*)()> files) {
  law_list all;
  for (law_list (*const laws_of)() : files)
    for (const law& one : laws_of()) all.push_back(one);
  return all;
}

}  // namespace copycost
