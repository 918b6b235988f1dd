// SPDX-License-Identifier: Apache-2.0
//
// Interned names: a name is stored once and then passed around as a number, so that sharing a chunk allocates nothing.
//
// Lifetime: names live as long as the interner.
// Threads: safe; intern() and name() take a lock (neither is called per chunk).
// Cost: one hash look-up; an allocation for a new name only.
#pragma once
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace copycost {

class interner {
 public:
  // The number of `name`, the same every time; numbers count up from 0 (0 is the empty name).
  std::uint32_t intern(std::string_view name);
  // The name behind a number, or an empty one for a number never given. VALID UNTIL: the interner is destroyed.
  std::string_view name(std::uint32_t id) const;

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> names_{""};                                 // guarded by mutex_; elements never move
  std::unordered_map<std::string_view, std::uint32_t> ids_{{"", 0}};  // guarded by mutex_; keys point into names_
};

// The interner of this process, for designs whose chunks do not leave it.
interner& process_interner();

}  // namespace copycost
