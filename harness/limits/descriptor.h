// SPDX-License-Identifier: Apache-2.0
//
// Internal to harness/limits: a file descriptor that closes itself.
//
// Threads: a value.
// Cost: one close.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace copycost::limits::detail {

class descriptor {
 public:
  explicit descriptor(int file) : file_(file) {}
  descriptor(descriptor&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  descriptor& operator=(descriptor&&) = delete;
  ~descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  int get() const { return file_; }
  bool valid() const { return file_ >= 0; }

 private:
  int file_;
};

}  // namespace copycost::limits::detail
