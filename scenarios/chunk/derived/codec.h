// SPDX-License-Identifier: Apache-2.0
//
// The binary form of a chunk, all numbers little-endian:
//
//   byte    0      1        2      3           7     7+k       15+k      19+k     19+k+n
//           magic  version  flags  u32 k       name  u64       u32 n     bytes    u32 CRC32C of everything before,
//           0xCC   1        bit 0: checksum    (k)   offset              (n)      when flag bit 0 is set
//
// Names are 1 to 255 bytes of UTF-8. scenarios/chunk/README.md has a worked example. Every length is checked against
// the limits and against the input before anything is allocated. A name that decodes well is interned, which keeps it
// as long as the context lives: a caller that decodes input from strangers must bound the number of streams.
//
// Lifetime: functions borrow their arguments.
// Threads: that of the context.
// Cost: one pass for the checksum, if any; only what is marked COPIES: copies payload.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "scenarios/chunk/contract.h"

namespace copycost::chunk {

struct encode_options {
  bool checksum = true;
};

struct decode_limits {
  std::uint64_t payload_bytes_max = 16 * 1024 * 1024;
  std::uint64_t name_bytes_max = 255;
  bool needs_checksum = false;  // a frame without one is then a bad_checksum
};

template <class C>
struct decoded {
  C chunk;
  std::size_t consumed = 0;  // bytes of the input that this chunk took
};

namespace codec {

inline constexpr std::uint8_t kMagic = 0xCC, kVersion = 1, kFlagChecksum = 1;
inline constexpr std::size_t kNameBytesMax = 255, kChecksumBytes = 4;
inline constexpr std::size_t kFixedBytes = 1 + 1 + 1 + 4 + 8 + 4;

inline constexpr std::size_t kHeaderBytesMax = kFixedBytes + kNameBytesMax;

// Errors: bad_stream_name when the name is empty, longer than 255 bytes or not UTF-8 (at: the position in the name).
result<void> check_name(std::string_view name);

// Writes what stands in front of the payload and answers its size. REQUIRES: check_name(name); `out` has room for
// kHeaderBytesMax bytes.
std::size_t write_header(std::byte* out, std::string_view name, std::uint64_t offset, std::uint32_t size,
                         encode_options options);

// A frame found at the front of some bytes. VALID UNTIL: the bytes are gone.
struct frame {
  std::string_view name;
  std::uint64_t offset = 0;
  std::size_t payload_at = 0, payload_size = 0;
  std::size_t consumed = 0;
};

// Checks everything. Errors, with `at` the position in the input: truncated_input (at: bytes there are, expected: bytes
// needed at least), bad_magic, unsupported_version (also an unknown flag: got the flags), bad_stream_name, too_large,
// offset_overflow (at: the offset), bad_checksum. VALID UNTIL: the bytes are gone.
result<frame> parse(bytes_view in, const decode_limits& limits);

// The checksum as it stands behind the payload.
struct checksum_bytes {
  std::byte bytes[kChecksumBytes];
};
checksum_bytes checksum_of(bytes_view head, bytes_view payload);

// What is not payload is written in place where there is room, so that only payload counts as copied.
template <builder_like B>
result<void> put(B& out, bytes_view bytes) {
  const std::span<std::byte> space = out.space();
  if (space.size() < bytes.size()) return out.write(bytes);
  std::copy(bytes.begin(), bytes.end(), space.begin());
  return out.wrote(bytes.size());
}

}  // namespace codec

// Bytes of the encoded form.
inline std::size_t encoded_size(std::size_t name_bytes, std::size_t payload_bytes, encode_options options = {}) {
  return codec::kFixedBytes + name_bytes + payload_bytes + (options.checksum ? codec::kChecksumBytes : 0);
}

// Appends the encoded form to a builder and answers its size. COPIES: c.size(), and what is in the builder when that
// must grow. Errors: bad_stream_name, and those of the builder; the builder may then end in a part of a frame.
template <design D>
result<std::size_t> encode_to(typename D::context& x, const typename D::chunk& c, typename D::builder& out,
                              encode_options options = {}) {
  const std::string_view name = x.name(c.at().stream);
  if (const auto ok = codec::check_name(name); !ok) return ok.error();
  const bytes_view payload = c.view();
  std::byte header[codec::kHeaderBytesMax];
  const bytes_view head(
      // fits: at most kSizeMax (contract.h)
      header, codec::write_header(header, name, c.at().offset, static_cast<std::uint32_t>(payload.size()), options));
  if (auto done = codec::put(out, head); !done) return done.error();
  if (auto done = out.write(payload); !done) return done.error();
  if (!options.checksum) return head.size() + payload.size();
  if (auto done = codec::put(out, codec::checksum_of(head, payload).bytes); !done) return done.error();
  return head.size() + payload.size() + codec::kChecksumBytes;
}

// The encoded form as a chunk of its own, at offset 0 of the unnamed stream. COPIES: c.size(). Errors: bad_stream_name,
// too_large, and those of build() and seal().
template <design D>
result<typename D::chunk> encode(typename D::context& x, const typename D::chunk& c, encode_options options = {}) {
  auto out = x.build({}, encoded_size(x.name(c.at().stream).size(), c.size(), options));
  if (!out) return out.error();
  if (auto done = encode_to<D>(x, c, *out, options); !done) return done.error();
  return x.seal(std::move(out).value());
}

// The chunk at the front of `in`, in memory of its own. COPIES: the payload. Errors: those of codec::parse() and
// copy().
template <design D>
result<decoded<typename D::chunk>> decode_copy(typename D::context& x, bytes_view in,
                                               const decode_limits& limits = {}) {
  const auto f = codec::parse(in, limits);
  if (!f) return f.error();
  auto made =
      x.copy({x.intern(f.value().name), f.value().offset}, in.subspan(f.value().payload_at, f.value().payload_size));
  if (!made) return made.error();
  return decoded<typename D::chunk>{std::move(made).value(), f.value().consumed};
}

// The chunk at position `pos` of `in`, sharing its buffer (and keeping it alive). No copy, except in `copy`. Errors:
// out_of_range, those of codec::parse() (positions count from `pos`) and rebind().
template <design D>
result<decoded<typename D::chunk>> decode_alias(typename D::context& x, const typename D::chunk& in,
                                                const decode_limits& limits = {}, std::size_t pos = 0) {
  if (const auto ok = inside(pos, 0, in.size()); !ok) return ok.error();
  const auto f = codec::parse(in.view().subspan(pos), limits);
  if (!f) return f.error();
  const place there{x.intern(f.value().name), f.value().offset};
  auto made = x.rebind(in, pos + f.value().payload_at, f.value().payload_size, there);
  if (!made) return made.error();
  return decoded<typename D::chunk>{std::move(made).value(), f.value().consumed};
}

}  // namespace copycost::chunk
