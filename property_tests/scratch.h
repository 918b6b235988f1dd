// SPDX-License-Identifier: Apache-2.0
//
// A directory of a test's own, removed with everything in it. Lifetime: the object's. Not thread-safe.
#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/temp_dir.h"

namespace copycost {

class scratch_dir {
 public:
  std::string path() const { return dir_.path().string(); }
  std::string file(const std::string& name) const { return dir_.file(name); }
  // What lies in it, in alphabetical order.
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) all.push_back(entry.path().filename());
    std::sort(all.begin(), all.end());
    return all;
  }

 private:
  temp_dir dir_{"test"};
};

}  // namespace copycost
