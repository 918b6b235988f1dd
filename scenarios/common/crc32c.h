// SPDX-License-Identifier: Apache-2.0
//
// CRC32C (Castagnoli), the checksum of iSCSI, ext4 and of the chunk codec: reflected polynomial 0x82F63B78, initial
// value and final exclusive-or 0xFFFFFFFF. Test vectors: RFC 3720, section B.4.
//
// Threads: safe; pure functions.
// Cost: with the processor's own instruction (SSE4.2 or the ARM CRC extension; three independent streams hide its
// latency) close to one 8-byte word a cycle; by tables, where there is none, some fifteen times that. On x86-64 the
// choice is made at run time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace copycost {

// The checksum of everything that `seed` is the checksum of, followed by `bytes`. The checksum of nothing is 0, so
// crc32c(crc32c(0, a), b) is the checksum of a and b together.
std::uint32_t crc32c(std::uint32_t seed, std::span<const std::byte> bytes);

// crc32c(0, b) of the 20 bytes b that these are in memory, little-endian: wide loads of what narrow stores have just
// written would wait for them.
std::uint32_t crc32c_of_words(std::uint64_t first, std::uint64_t second, std::uint32_t third);

// The same by tables alone, whatever the processor offers: what the fast path is checked against.
std::uint32_t crc32c_by_table(std::uint32_t seed, std::span<const std::byte> bytes);

}  // namespace copycost
