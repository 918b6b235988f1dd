// SPDX-License-Identifier: Apache-2.0
//
// The head of a batch in wire form: how much follows, what it becomes, and the checksums of both. All numbers are
// little-endian.
//
//   byte  0  u32 magic           20  u32 headers, of all items    40  u32 CRC32C of bytes 0 to 39
//         4  u16 version         24  u32 names
//         6  u16 form            28  u32 bytes of the body, unpacked
//         8  u64 number          32  u32 bytes of the body as it follows
//        16  u32 items           36  u32 CRC32C of the body as it follows
//
// The number counts the batches of a sender, so that a receiver sees that one is missing. The head has a checksum of
// its own: a receiver that has only the head knows how many bytes to wait for, and is not misled by a damaged length.
//
// Threads: a value.
// Cost: a checksum of 40 bytes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "scenarios/common/bytes.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph {

inline constexpr std::uint32_t kBatchMagic = 0x54414247;  // "GBAT"
inline constexpr std::uint16_t kBatchVersion = 1;
inline constexpr std::size_t kBatchHead = 44;
inline constexpr std::size_t kItemRecord = 20, kHeaderRecord = 8, kNameRecord = 4;  // bytes in a body
inline constexpr std::uint64_t kBatchMax = (std::uint64_t{1} << 31) - 1;            // bytes of a body
// What zstd makes of one byte at most: a block of 128 KiB from four bytes. A head that says more is not believed.
inline constexpr std::uint64_t kExpansionMax = 32 * 1024;

enum class batch_form : std::uint16_t { stored = 0, zstd = 1 };

// What a batch may have, the writer's as well as the reader's.
struct batch_limits {
  std::uint64_t items = 1u << 20;
  std::uint64_t headers = 1u << 22;
  std::uint64_t names = 1u << 16;
  std::uint64_t bytes = kBatchMax;  // of the body, unpacked
};

struct batch_head {
  batch_form form = batch_form::stored;
  std::uint64_t number = 0;
  std::uint32_t items = 0, headers = 0, names = 0;
  std::uint32_t unpacked = 0, packed = 0;  // bytes of the body; the same when it is stored
  std::uint32_t body_crc = 0;
};

// REQUIRES: `to` has kBatchHead bytes.
void write_head(const batch_head& head, std::span<std::byte> to);

// The head at the start of `in`, which may end with it. What it says is within the limits and possible.
// Errors: truncated_input, bad_magic, unsupported_version, bad_checksum; bad_compression for a form that is not known,
// or that no packing gives; bad_length.
result<batch_head> read_head(bytes_view in, const batch_limits& limits);

// The same of a whole batch: nothing is missing, nothing follows, and the body has its checksum.
// Errors: those of read_head(), trailing_bytes.
result<batch_head> read_whole(bytes_view in, const batch_limits& limits);

}  // namespace copycost::graph
