// SPDX-License-Identifier: Apache-2.0
//
// A 64-bit digest of what an episode produced, for equality with the oracle. Order matters; not for hostile input
// (verify --input uses SHA-256).
//
// Threads: a value.
// Cost: about a byte-wise pass at several GiB/s.
// Source: multiply-fold mixing as in wyhash (Wang Yi, 2019), with lengths folded in so that boundaries count.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "harness/base/rng.h"

namespace copycost {

class digest {
 public:
  void add(std::uint64_t value) {
    flush();
    mix(value, 0x9E3779B97F4A7C15ull);
  }
  // A whole piece: its length counts, so neighbouring pieces cannot trade bytes.
  void add(std::span<const std::byte> bytes) {
    part(bytes);
    add(bytes.size());
  }
  void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }

  // A part of a piece: how the bytes are cut into parts does not change the digest. Finish with add(size).
  void part(std::span<const std::byte> bytes) {
    std::size_t i = 0;
    while (held_ != 0 && i < bytes.size()) push(bytes[i++]);
    for (; i + 8 <= bytes.size(); i += 8) {
      std::uint64_t word;
      __builtin_memcpy(&word, bytes.data() + i, 8);
      mix(word, 0xE7037ED1A0B428DBull);
    }
    while (i < bytes.size()) push(bytes[i++]);
  }

  // REQUIRES: the last call was add().
  std::uint64_t value() const { return fold(state_, 0xA0761D6478BD642Full); }
  friend bool operator==(const digest& a, const digest& b) { return a.value() == b.value(); }

 private:
  void mix(std::uint64_t word, std::uint64_t key) {
    state_ = fold(state_ ^ word, key ^ (steps_ += 0x632BE59BD9B4E019ull));
  }
  void push(std::byte b) {
    word_ |= static_cast<std::uint64_t>(b) << (8 * held_);
    if (++held_ == 8) {
      mix(word_, 0xE7037ED1A0B428DBull);
      word_ = 0;
      held_ = 0;
    }
  }
  void flush() {
    if (held_ != 0) {
      mix(word_, 0x8EBC6AF09C88C6E3ull);
      word_ = 0;
      held_ = 0;
    }
  }
  static std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const wide product = static_cast<wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }
  std::uint64_t state_ = 0x2D358DCCAA6C78A5ull, steps_ = 0, word_ = 0;
  unsigned held_ = 0;
};

}  // namespace copycost
