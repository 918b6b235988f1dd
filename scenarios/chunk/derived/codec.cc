// SPDX-License-Identifier: Apache-2.0
#include "scenarios/chunk/derived/codec.h"

#include <algorithm>

#include "harness/base/check.h"
#include "scenarios/common/crc32c.h"
#include "scenarios/common/utf8.h"

namespace copycost::chunk::codec {
namespace {

constexpr std::size_t kFlagsAt = 2, kNameLengthAt = 3, kNameAt = 7;

void store(std::byte* to, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] = static_cast<std::byte>(value >> (8 * i) & 255u);
}
std::uint64_t load(const std::byte* from, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value |= static_cast<std::uint64_t>(from[i]) << (8 * i);
  return value;
}

// Bytes of the name that are well-formed.
std::size_t valid_bytes(std::string_view name) {
  return utf8::valid_prefix(std::as_bytes(std::span(name.data(), name.size())));
}

// The three bytes in front, as far as they are there.
result<void> check_start(bytes_view in) {
  const auto byte_at = [&](std::size_t i) { return static_cast<std::uint8_t>(in[i]); };
  if (in.size() > 0 && byte_at(0) != kMagic) return error{errc::bad_magic, 0, kMagic, byte_at(0)};
  if (in.size() > 1 && byte_at(1) != kVersion) return error{errc::unsupported_version, 1, kVersion, byte_at(1)};
  if (in.size() > kFlagsAt && (byte_at(kFlagsAt) & ~kFlagChecksum) != 0)
    return error{errc::unsupported_version, kFlagsAt, kFlagChecksum, byte_at(kFlagsAt)};
  if (in.size() < kNameAt) return error{errc::truncated_input, in.size(), kFixedBytes + 1, 0};
  return {};
}

result<void> check_sum(bytes_view in, std::size_t covered) {
  const std::uint64_t expected = load(in.data() + covered, kChecksumBytes), got = crc32c(0, in.first(covered));
  if (expected != got) return error{errc::bad_checksum, covered, expected, got};
  return {};
}

}  // namespace

result<void> check_name(std::string_view name) {
  if (name.empty()) return error{errc::bad_stream_name, 0, 0, 0};
  if (name.size() > kNameBytesMax) return error{errc::bad_stream_name, kNameBytesMax, 0, 0};
  if (const std::size_t valid = valid_bytes(name); valid != name.size())
    return error{errc::bad_stream_name, valid, 0, 0};
  return {};
}

std::size_t write_header(std::byte* out, std::string_view name, std::uint64_t offset, std::uint32_t size,
                         encode_options options) {
  COPYCOST_ASSERT(check_name(name).ok());
  store(out, kMagic, 1);
  store(out + 1, kVersion, 1);
  store(out + kFlagsAt, options.checksum ? kFlagChecksum : 0, 1);
  store(out + kNameLengthAt, name.size(), 4);
  const bytes_view name_bytes = std::as_bytes(std::span(name.data(), name.size()));
  std::byte* after_name = std::copy(name_bytes.begin(), name_bytes.end(), out + kNameAt);
  store(after_name, offset, 8);
  store(after_name + 8, size, 4);
  return kFixedBytes + name.size();
}

result<frame> parse(bytes_view in, const decode_limits& limits) {
  if (const auto ok = check_start(in); !ok) return ok.error();
  const bool has_checksum = (static_cast<std::uint8_t>(in[kFlagsAt]) & kFlagChecksum) != 0;
  if (limits.needs_checksum && !has_checksum) return error{errc::bad_checksum, kFlagsAt, 0, 0};

  const std::uint64_t name_size = load(in.data() + kNameLengthAt, 4);
  if (name_size == 0 || name_size > std::min<std::uint64_t>(limits.name_bytes_max, kNameBytesMax))
    return error{errc::bad_stream_name, kNameLengthAt, 0, 0};
  const std::size_t tail = has_checksum ? kChecksumBytes : 0,
                    payload_at = kFixedBytes + static_cast<std::size_t>(name_size);
  if (in.size() < payload_at) return error{errc::truncated_input, in.size(), payload_at + tail, 0};

  frame f;
  f.name = {reinterpret_cast<const char*>(in.data()) + kNameAt, static_cast<std::size_t>(name_size)};
  if (const std::size_t valid = valid_bytes(f.name); valid != f.name.size())
    return error{errc::bad_stream_name, kNameAt + valid, 0, 0};
  f.offset = load(in.data() + payload_at - 12, 8);
  const std::uint64_t size = load(in.data() + payload_at - 4, 4);
  if (size > limits.payload_bytes_max) return error{errc::too_large, payload_at - 4, limits.payload_bytes_max, size};
  if (const auto ok = fits({0, f.offset}, size); !ok) return ok.error();
  f.payload_at = payload_at;
  f.payload_size = static_cast<std::size_t>(size);
  f.consumed = payload_at + f.payload_size + tail;
  if (in.size() < f.consumed) return error{errc::truncated_input, in.size(), f.consumed, 0};
  if (has_checksum)
    if (const auto ok = check_sum(in, f.consumed - tail); !ok) return ok.error();
  return f;
}

checksum_bytes checksum_of(bytes_view head, bytes_view payload) {
  checksum_bytes out;
  store(out.bytes, crc32c(crc32c(0, head), payload), kChecksumBytes);
  return out;
}

}  // namespace copycost::chunk::codec
