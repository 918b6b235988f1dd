// SPDX-License-Identifier: Apache-2.0
//
// Which library each design uses besides this tree: a peer its package, every other design the standard library. CMake
// finds the versions (scripts/cmake/registration.cmake) and writes the table.
//
// Threads: safe; pure functions.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "harness/core/registry.h"

namespace copycost {

struct peer_library {
  std::string_view system, design, name, version;  // "chunk", "absl_cord", "absl", "20220623"
};
// The peers with a package of their own. VALID UNTIL: the program ends.
std::span<const peer_library> all_peer_libraries();

struct library {
  std::string name,
      version;  // "libstdc++", "12"; of a version the first two numbers: the next ones repair, and change nothing
  bool operator==(const library&) const = default;
};
inline library library_of(const design_entry& design) {
#ifdef _GLIBCXX_RELEASE
  const int release = _GLIBCXX_RELEASE;
#else
  const int release = 0;
#endif
  for (const peer_library& one : all_peer_libraries())
    if (one.system == design.system && one.design == design.name)
      return {std::string(one.name), std::string(one.version)};
  return {"libstdc++", std::to_string(release)};
}

}  // namespace copycost
