// SPDX-License-Identifier: Apache-2.0
//
// Seeded random numbers that are the same on every machine and standard library (std:: distributions are not).
//
// Threads: a value.
// Cost: a few cycles a number.
// Source: Blackman and Vigna, xoshiro256** and splitmix64 (2018).
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace copycost {

__extension__ using wide = unsigned __int128;

class rng {
 public:
  explicit rng(std::uint64_t seed) {
    for (auto& word : state_) word = split(seed);
  }

  std::uint64_t next() {
    const std::uint64_t value = rotate(state_[1] * 5, 7) * 9, t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate(state_[3], 45);
    return value;
  }

  // A number in [0, bound), without modulo bias worth speaking of (Lemire 2019, without rejection: bias < bound/2^64).
  // REQUIRES: bound > 0.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<wide>(next()) * bound) >> 64);
  }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

  // One step of splitmix64: also a good way to derive one seed from another.
  static std::uint64_t split(std::uint64_t& seed) {
    std::uint64_t z = (seed += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }

 private:
  static std::uint64_t rotate(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::uint64_t state_[4];
};

}  // namespace copycost
