// SPDX-License-Identifier: Apache-2.0
//
// Packed input: which format it is, by its first bytes and not by its name; and how to unpack gzip and zstd, piece by
// piece. A format may begin in several ways (a zstd file with a frame to be skipped), may come several times in a row,
// and may have any size: every count here has 64 bits.
//
// Lifetime: keeps nothing.
// Threads: safe.
// Cost: 512 KiB of buffers, and what zlib and zstd hold.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace copycost {

// Fills a buffer and answers how much; 0: the end. May throw.
using byte_source = std::function<std::size_t(std::span<std::byte>)>;
// Takes the next bytes. May throw.
using byte_sink = std::function<void(std::span<const std::byte>)>;

inline constexpr std::size_t kMagicMax = 16;  // bytes that tell a format

// "gzip", "zstd", "xz", ... ; empty: of no format that is known. `start`: the first kMagicMax bytes, or all.
std::string_view packed_format(std::span<const std::byte> start);
// Whether a frame begins here that zstd, and lz4 as well, skips: one of sixteen magics.
bool is_skippable_frame(std::span<const std::byte> start);

// Passes on everything that `from` has, unpacked where it is gzip or zstd, and answers the format: "plain", "gzip" or
// "zstd". Zeros behind the last member of a gzip are no error, as with gzip itself.
// Throws failure{usage}: "NAME: damaged zstd data at byte N: ...", and for a format that is not read, on its own or
// within another, its name.
std::string_view unpack(const byte_source& from, const std::string& name, const byte_sink& to);

}  // namespace copycost
