// SPDX-License-Identifier: Apache-2.0
//
// Bytes that no process can change any more, behind a descriptor that other processes inherit: a sealed memfd.
//
//   sealed_writer --add()--> memory --seal()--> sealed_bytes --descriptor--> sealed_bytes in another process
//
// Lifetime: a sealed_bytes owns the descriptor and its mapping; a view is valid as long as the object exists.
// Threads: safe; immutable. A writer belongs to one thread.
// Cost: one copy of the bytes in shared memory, whatever the number of processes.
// COPIES: the writer, everything, once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "harness/base/fd.h"

namespace copycost {

class sealed_bytes {
 public:
  // Takes over an inherited descriptor. Throws failure{internal} where it is not sealed memory; it is then left open.
  explicit sealed_bytes(int fd);
  ~sealed_bytes();
  sealed_bytes(const sealed_bytes&) = delete;
  sealed_bytes& operator=(const sealed_bytes&) = delete;

  std::span<const std::byte> view() const { return view_; }  // VALID UNTIL: this is destroyed
  int fd() const { return fd_; }                             // closed on exec unless it is handed on

 private:
  int fd_;
  std::span<const std::byte> view_;
};

class sealed_writer {
 public:
  // `most`: bytes that it takes. Throws failure{internal} where there is no such memory.
  explicit sealed_writer(std::uint64_t most);
  // False, and nothing is taken, where there would be more than the most. Throws failure{internal} where memory ends.
  bool add(std::span<const std::byte> bytes);
  // REQUIRES: called once, after the last add().
  std::shared_ptr<const sealed_bytes> seal();

 private:
  owned_fd fd_;
  std::uint64_t most_, size_ = 0;
};

}  // namespace copycost
