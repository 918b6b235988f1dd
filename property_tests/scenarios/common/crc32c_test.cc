// SPDX-License-Identifier: Apache-2.0
// Goal: CRC32C, by instruction and by table. Method: the vectors of RFC 3720, and a bit by bit division as the oracle.
#include "scenarios/common/crc32c.h"

#include <cstring>
#include <vector>

#include "harness/base/rng.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

std::vector<std::byte> bytes_of(std::initializer_list<unsigned> values) {
  std::vector<std::byte> out;
  for (const unsigned v : values) out.push_back(static_cast<std::byte>(v));
  return out;
}

std::uint32_t oracle(std::span<const std::byte> bytes) {
  std::uint32_t rest = 0xFFFFFFFFu;
  for (const std::byte b : bytes) {
    rest ^= static_cast<std::uint32_t>(b);
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1) != 0 ? rest >> 1 ^ 0x82F63B78u : rest >> 1;
  }
  return ~rest;
}

TEST_CASE("crc32c: the vectors of RFC 3720, section B.4") {
  struct vector {
    std::vector<std::byte> bytes;
    std::uint32_t sum;
  };
  std::vector<std::byte> rising(32), falling(32);
  for (unsigned i = 0; i < 32; ++i) {
    rising[i] = static_cast<std::byte>(i);
    falling[i] = static_cast<std::byte>(31 - i);
  }
  const std::vector<std::byte> read_command =
      bytes_of({0x01, 0xC0, 0, 0,    0, 0, 0, 0,    0,    0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
                0,    0,    0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0,    0});
  for (const vector& v : {vector{std::vector<std::byte>(32, std::byte{0}), 0x8A9136AA},
                          vector{std::vector<std::byte>(32, std::byte{0xFF}), 0x62A8AB43}, vector{rising, 0x46DD794E},
                          vector{falling, 0x113FDB5C}, vector{read_command, 0xD9963A56}}) {
    CHECK(crc32c(0, v.bytes) == v.sum);
    CHECK(crc32c_by_table(0, v.bytes) == v.sum);
    CHECK(oracle(v.bytes) == v.sum);
  }
}

TEST_CASE("crc32c: any length and alignment, in one piece or two") {
  rng random(3);
  std::vector<std::byte> all(6000);
  for (std::byte& b : all) b = static_cast<std::byte>(random.below(256));
  for (std::size_t size = 0; size < 5900; size += 1 + size / 40) {
    const auto bytes = std::span<const std::byte>(all).subspan(random.below(64), size);
    const std::uint32_t want = oracle(bytes);
    INFO(size << " bytes");
    CHECK(crc32c(0, bytes) == want);
    CHECK(crc32c_by_table(0, bytes) == want);
    const std::size_t cut = random.below(size + 1);
    CHECK(crc32c(crc32c(0, bytes.first(cut)), bytes.subspan(cut)) == want);
  }
  CHECK(crc32c(0, {}) == 0);
}

TEST_CASE("crc32c: 20 bytes in registers have the sum that they have in memory") {
  rng random(4);
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t first = random.next(), second = random.next();
    const auto third = static_cast<std::uint32_t>(random.next());
    std::vector<std::byte> bytes(20);
    std::memcpy(bytes.data(), &first, 8);
    std::memcpy(bytes.data() + 8, &second, 8);
    std::memcpy(bytes.data() + 16, &third, 4);
    CHECK(crc32c_of_words(first, second, third) == oracle(bytes));
  }
}

}  // namespace
}  // namespace copycost
