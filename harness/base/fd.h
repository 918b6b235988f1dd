// SPDX-License-Identifier: Apache-2.0
//
// A file descriptor that closes itself. Converts to the number, as system calls take it.
//
// Lifetime: owns the descriptor.
// Threads: a value.
// Cost: one close, which leaves errno as it is: what failed before it can still be reported.
#pragma once
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace copycost {

class owned_fd {
 public:
  owned_fd() = default;
  explicit owned_fd(int number) : is_(number) {}  // negative: there is none
  owned_fd(owned_fd&& o) noexcept : is_(o.release()) {}
  owned_fd& operator=(owned_fd&& o) noexcept {
    if (this != &o) reset(o.release());
    return *this;
  }
  ~owned_fd() { reset(); }

  operator int() const { return is_; }  // NOLINT(google-explicit-constructor): on purpose
  bool valid() const { return is_ >= 0; }
  // The caller closes it.
  int release() { return std::exchange(is_, -1); }
  // Closes what there is.
  void reset(int number = -1) {
    const int before = std::exchange(is_, number), error = errno;
    if (before < 0) return;
    ::close(before);
    errno = error;
  }

 private:
  int is_ = -1;
};

}  // namespace copycost
