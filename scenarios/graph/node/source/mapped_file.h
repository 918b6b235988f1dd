// SPDX-License-Identifier: Apache-2.0
//
// A file whose bytes are read where the kernel has them.
//
//   file   |page|page|page|page|page|
//   map(at, size)   --> [bytes of whole pages, private] --> released when their last owner is gone
//
// The mapping is private: an owner who changes its bytes (make_unique() of a design) changes pages of its own, never
// the file. A file that another process cuts while it is mapped ends this process (SIGBUS): hand out files that only
// grow, or copies.
//
// Lifetime: a mapping outlives the file object.
// Threads: a value.
// Cost: a mapping is one system call; a page is fetched when it is looked at first.
#pragma once
#include <cstdint>
#include <string>
#include <utility>

#include "harness/base/fd.h"
#include "scenarios/common/foreign_bytes.h"
#include "scenarios/graph/error.h"

namespace copycost::graph {

class mapped_file {
 public:
  mapped_file() = default;
  // Errors: no_segment with the operating system's error: EISDIR for a folder, ESPIPE for what cannot be mapped.
  static result<mapped_file> open(const std::string& path);

  // When it was opened.
  std::uint64_t size() const { return size_; }
  // [at, at + size) of the file. REQUIRES: `at` is a multiple of page(); size > 0.
  // Errors: truncated_input, when the file is shorter by now; no_segment.
  result<foreign_bytes> map(std::uint64_t at, std::uint64_t size) const;
  static std::uint64_t page();

 private:
  mapped_file(owned_fd fd, std::uint64_t size) : fd_(std::move(fd)), size_(size) {}

  owned_fd fd_;
  std::uint64_t size_ = 0;
};

}  // namespace copycost::graph
