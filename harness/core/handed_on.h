// SPDX-License-Identifier: Apache-2.0
//
// Descriptors that a started process inherits under the same numbers, although they are closed on exec here.
// Lifetime: to the end of the spawn. Not thread-safe.
#pragma once
#include <spawn.h>

#include <new>
#include <vector>

namespace copycost {

class handed_descriptors {
 public:
  explicit handed_descriptors(const std::vector<int>& all) {
    if (posix_spawn_file_actions_init(&actions_) != 0) throw std::bad_alloc();
    for (const int fd : all)
      if (posix_spawn_file_actions_adddup2(&actions_, fd, fd) != 0) throw std::bad_alloc();
  }
  ~handed_descriptors() { posix_spawn_file_actions_destroy(&actions_); }
  handed_descriptors(const handed_descriptors&) = delete;
  handed_descriptors& operator=(const handed_descriptors&) = delete;
  const posix_spawn_file_actions_t* actions() const { return &actions_; }  // VALID UNTIL: this is destroyed

 private:
  posix_spawn_file_actions_t actions_;
};

}  // namespace copycost
