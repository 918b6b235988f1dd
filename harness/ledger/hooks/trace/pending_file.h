// SPDX-License-Identifier: Apache-2.0
//
// A file that appears under its name only when it is complete: written as `path`.PID.tmp and renamed.
//
// Lifetime: from open() to commit() or discard(); the destructor does nothing, because the owner may be a forked child.
// Threads: one at a time.
// Cost: system calls only, no allocation.
#pragma once
#include <climits>
#include <cstddef>

namespace copycost::hooks {

class pending_file {
 public:
  // Returns 0 or an errno value. REQUIRES: not open.
  int open(const char* path);
  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  // Writes all of `text`. Returns 0 or an errno value.
  int write(const char* text, std::size_t size);
  // Closes and renames. Returns 0, or an errno value, in which case the temporary file is removed.
  int commit();
  // Closes and removes.
  void discard();
  // Closes and leaves the file to another process.
  void abandon();

 private:
  int fd_ = -1;
  char path_[PATH_MAX] = {};
  char temporary_[PATH_MAX + 32] = {};
};

}  // namespace copycost::hooks
