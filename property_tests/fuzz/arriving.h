// SPDX-License-Identifier: Apache-2.0
//
// Bytes that arrive in an inbox's room. What has not arrived yet is poisoned there, so that a decoder which looks one
// byte too far is caught although the room is much larger. Not thread-safe. Cost: poisoning a room once, not for every
// piece.
#pragma once
#include <sanitizer/asan_interface.h>

#include <cstring>
#include <span>

#include "scenarios/raft/wire/message.h"

namespace copycost::raft::fuzz {

class arriving {
 public:
  // What arrives: `data`, and behind it `tail` bytes that repeat the last ones of it.
  arriving(bytes_view data, std::size_t tail) : data_(data), size_(data.size() + (data.empty() ? 0 : tail)) {}
  std::size_t size() const { return size_; }

  // Puts the bytes from `at` on into the room: at most n, as many as fit. Answers how many.
  std::size_t put(std::span<std::byte> room, std::size_t at, std::size_t n, bool may_poison) {
    if (n > room.size()) n = room.size();
    if (!may_poison) {
      fill(room.data(), at, n);
      return n;
    }
    if (room.data() != free_ || room.data() + room.size() != end_) ASAN_POISON_MEMORY_REGION(room.data(), room.size());
    ASAN_UNPOISON_MEMORY_REGION(room.data(), n);
    fill(room.data(), at, n);
    free_ = room.data() + n;
    end_ = room.data() + room.size();
    return n;
  }
  // The bytes of the stream from `at` on. REQUIRES: at + n <= size().
  void fill(std::byte* to, std::size_t at, std::size_t n) const {
    if (at < data_.size()) {
      const std::size_t from_data = n < data_.size() - at ? n : data_.size() - at;
      std::memcpy(to, data_.data() + at, from_data);
      to += from_data;
      at += from_data;
      n -= from_data;
    }
    const std::size_t period = data_.size() < kPeriod ? data_.size() : kPeriod;
    while (n != 0) {
      const std::size_t phase = (at - data_.size()) % period, some = n < period - phase ? n : period - phase;
      std::memcpy(to, data_.data() + data_.size() - period + phase, some);
      to += some;
      at += some;
      n -= some;
    }
  }

 private:
  static constexpr std::size_t kPeriod = 32;
  bytes_view data_;
  std::size_t size_;
  const std::byte *free_ = nullptr, *end_ = nullptr;  // what is poisoned
};

}  // namespace copycost::raft::fuzz
