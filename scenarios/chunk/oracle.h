// SPDX-License-Identifier: Apache-2.0
//
// The oracle of the chunk system: a chunk as plain bytes in a standard container, and every operation of the contract
// the obvious, slow way. Nothing here knows a design, and nothing is shared with one.
//
// Threads: a value.
// Cost: everything copies.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/chunk/error.h"

namespace copycost::chunk {

struct model_chunk {
  std::string stream;
  std::uint64_t offset = 0;
  std::vector<std::byte> bytes;

  std::uint64_t size() const { return bytes.size(); }
  std::uint64_t end() const { return offset + bytes.size(); }
  friend bool operator==(const model_chunk&, const model_chunk&) = default;
};

namespace oracle {

// What every way of making a chunk of `size` bytes at `offset` must answer. Errors: too_large, offset_overflow.
result<void> fits(std::uint64_t offset, std::uint64_t size);
// Errors: out_of_range, at the first position that is not there.
result<void> inside(std::uint64_t pos, std::uint64_t len, std::uint64_t size);

result<model_chunk> slice(const model_chunk& c, std::uint64_t pos, std::uint64_t len);
result<std::pair<model_chunk, model_chunk>> split_at(const model_chunk& c, std::uint64_t pos);
result<void> advance(model_chunk& c, std::uint64_t n);
result<void> truncate(model_chunk& c, std::uint64_t n);
// [pos, pos + len) of c's bytes as a piece of another stream. The length is checked before the range.
result<model_chunk> rebind(const model_chunk& c, std::uint64_t pos, std::uint64_t len, std::string stream,
                           std::uint64_t offset);
// Errors: stream_mismatch (without the ids, which only a design knows), gap, overlap.
result<void> append(model_chunk& c, const model_chunk& next);

// Where the first well-formed character that is not there would begin (Unicode 15.0, table 3-7).
std::size_t valid_prefix(const std::vector<std::byte>& bytes);
// bytes.size() without an incomplete character at the end that more bytes could complete.
std::size_t complete_prefix(const std::vector<std::byte>& bytes);
// With U+FFFD for every maximal subpart that is not well-formed (Unicode 15.0, section 3.9).
std::string lossy(const std::vector<std::byte>& bytes);

std::optional<std::uint64_t> find(const std::vector<std::byte>& bytes, const std::vector<std::byte>& pattern,
                                  std::uint64_t from);
// Each line without its '\n'; what follows the last '\n' is a line when it is not empty.
std::vector<model_chunk> lines(const model_chunk& c);

// The binary form (codec.h), with or without its checksum. REQUIRES: a name of 1 to 255 bytes of UTF-8.
std::vector<std::byte> encode(const model_chunk& c, bool checksum);
// CRC32C bit by bit.
std::uint32_t crc32c(const std::vector<std::byte>& bytes);

}  // namespace oracle
}  // namespace copycost::chunk
