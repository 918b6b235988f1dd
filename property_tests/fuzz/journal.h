// SPDX-License-Identifier: Apache-2.0
//
// What was seen, as bytes: two readers of the same stream must have written the same. Keeps its memory from input to
// input. Not thread-safe. Cost: a copy of what is noted.
#pragma once
#include <cstring>
#include <vector>

#include "scenarios/raft/wire/error.h"
#include "scenarios/raft/wire/message.h"

namespace copycost::raft::fuzz {

class journal {
 public:
  void clear() { size_ = 0; }
  void note(bytes_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  void note(std::uint64_t v) { note(std::as_bytes(std::span(&v, 1))); }
  void note(const error& e) {
    note(static_cast<std::uint64_t>(e.code));
    note(e.at);
    note(e.expected);
    note(e.got);
  }
  // Room for `n` bytes behind what was noted; wrote() notes them. VALID UNTIL: the next call.
  std::byte* room(std::size_t n) {
    if (bytes_.size() < size_ + n) bytes_.resize(2 * (size_ + n));
    return bytes_.data() + size_;
  }
  void wrote(std::size_t n) { size_ += n; }
  // VALID UNTIL: the next call.
  bytes_view view() const { return {bytes_.data(), size_}; }
  std::size_t size() const { return size_; }
  void cut(std::size_t size) { size_ = size; }
  friend bool operator==(const journal& a, const journal& b) {
    return a.size_ == b.size_ && (a.size_ == 0 || std::memcmp(a.bytes_.data(), b.bytes_.data(), a.size_) == 0);
  }

 private:
  std::vector<std::byte> bytes_;
  std::size_t size_ = 0;
};

}  // namespace copycost::raft::fuzz
