// SPDX-License-Identifier: Apache-2.0
// Goal: a consumer that says it read every byte did read every byte. Method: the sum of each length at each
// alignment, and every byte changes it.
#include "harness/core/read_all.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include "property_tests/catch.h"

namespace copycost {
namespace {

// The same sum, word by word: 64-bit words, then the bytes that are left.
std::uint64_t expected(std::span<const std::byte> bytes) {
  std::uint64_t total = 0;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    total += word;
  }
  for (; i < bytes.size(); ++i) total += static_cast<std::uint64_t>(bytes[i]);
  return total;
}

TEST_CASE("read_all: the sum is that of all bytes, at every length and alignment") {
  std::vector<std::byte> memory(400);
  for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = static_cast<std::byte>(i * 37 + 11);
  for (std::size_t begin = 0; begin < 9; ++begin)
    for (std::size_t size = 0; begin + size <= memory.size(); ++size) {
      const auto piece = std::span<const std::byte>(memory).subspan(begin, size);
      REQUIRE(read_all(piece) == expected(piece));
    }
}

TEST_CASE("read_all: every variant that this processor runs reads the same") {
  std::vector<std::byte> memory(700);
  for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = static_cast<std::byte>(i * 37 + 11);
  for (detail::sum_function* sum : detail::usable_sums())
    for (std::size_t begin = 0; begin < 9; ++begin)
      for (std::size_t size = 0; begin + size <= memory.size(); ++size) {
        const auto piece = std::span<const std::byte>(memory).subspan(begin, size);
        REQUIRE(sum(piece.data(), piece.size()) == expected(piece));
      }
}

TEST_CASE("read_all: every byte counts") {
  std::vector<std::byte> memory(133);
  const std::uint64_t before = read_all(memory);
  for (std::byte& b : memory) {
    b = std::byte{1};
    CHECK(read_all(memory) != before);
    b = std::byte{0};
  }
}

}  // namespace
}  // namespace copycost
