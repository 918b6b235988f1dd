// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 (FIPS 180-4), incremental: the digest of `verify --input`, over a canonical form that a system's README
// defines. Value type; thread-compatible. Cost: some 300 MB/s; not for timed code.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace copycost {

class sha256 {
 public:
  void add(std::span<const std::byte> bytes);
  void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }
  // 64 hexadecimal digits. REQUIRES: called once.
  std::string hex();

 private:
  void block(const unsigned char* data);
  std::array<std::uint32_t, 8> state_ = {0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au,
                                         0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u};
  std::array<unsigned char, 64> buffer_{};
  std::size_t buffered_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace copycost
