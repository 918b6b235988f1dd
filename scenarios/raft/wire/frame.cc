// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/wire/frame.h"

#include <bit>
#include <cstring>

#include "scenarios/common/crc32c.h"

namespace copycost::raft {
namespace {

static_assert(std::endian::native == std::endian::little, "heads are read and written as they lie in memory");
constexpr std::size_t kLength = 4, kCompatFields = 9;  // type, has_id, payload length
constexpr std::size_t kCrcAt = 20;

template <class T>
T load(const std::byte* at) {
  T v;
  std::memcpy(&v, at, sizeof v);
  return v;
}
template <class T>
void store(std::byte* at, T v) {
  std::memcpy(at, &v, sizeof v);
}

std::size_t write_compat(const frame_head& h, std::byte* out) {
  const std::size_t size = head_size(framing::compat, h);
  store(out, __builtin_bswap32(static_cast<std::uint32_t>(size - kLength)));
  store(out + 4, static_cast<std::uint32_t>(h.type));
  out[8] = static_cast<std::byte>(h.has_id());
  std::byte* at = out + 9;
  if (h.has_id()) {
    std::memcpy(at, h.id.bytes.data(), kIdBytes);
    at += kIdBytes;
  }
  store(at, h.payload_length);
  return size;
}

std::uint32_t head_crc(const std::byte* head, bool has_id) {
  const std::uint32_t crc = crc32c(0, {head, kCrcAt});
  return has_id ? crc32c(crc, {head + kNativeHead, kIdBytes}) : crc;
}

std::size_t write_native(const frame_head& h, std::byte* out) {
  const auto wide = [](std::uint64_t v, unsigned byte) { return v << (8 * byte); };
  const std::uint64_t first =
      kMagic | wide(kVersion, 2) | wide(h.flags, 3) | wide(static_cast<std::uint32_t>(h.type), 4);
  const std::uint64_t second = h.stream | wide(h.payload_length, 4);
  std::uint32_t crc = crc32c_of_words(first, second, h.payload_crc);
  if (h.has_id()) {
    crc = crc32c(crc, h.id.bytes);
    std::memcpy(out + kNativeHead, h.id.bytes.data(), kIdBytes);
  }
  store(out, first);
  store(out + 8, second);
  store(out + 16, h.payload_crc);
  store(out + kCrcAt, crc);
  return head_size(framing::native, h);
}

result<head_sizes> read_compat(bytes_view in, const wire_limits& l, std::uint64_t at, frame_head& out) {
  if (in.size() < kLength) return head_sizes{kLength, 0};
  const std::size_t declared = __builtin_bswap32(load<std::uint32_t>(in.data()));
  if (declared > l.header) return error{errc::header_too_large, at, l.header, declared};
  if (declared < kCompatFields) return error{errc::header_malformed, at, kCompatFields, declared};
  if (in.size() < kLength + declared) return head_sizes{kLength + declared, 0};
  const std::byte* const header = in.data() + kLength;
  const std::uint32_t type = load<std::uint32_t>(header);
  if (type >= kFrameTypes) return error{errc::unknown_type, at + kLength, kFrameTypes - 1, type};
  const auto has_id = static_cast<std::uint8_t>(header[4]);
  if (has_id > 1) return error{errc::header_malformed, at + kLength + 4, 1, has_id};
  if (has_id != 0 && declared < kCompatFields + kIdBytes)
    return error{errc::header_malformed, at, kCompatFields + kIdBytes, declared};
  out.type = static_cast<frame_type>(type);
  out.flags = has_id;
  out.stream = out.payload_crc = 0;
  const std::byte* field = header + 5;
  if (has_id != 0) {
    std::memcpy(out.id.bytes.data(), field, kIdBytes);
    field += kIdBytes;
  }
  out.payload_length = load<std::uint32_t>(field);
  return head_sizes{0, kLength + declared};
}

result<head_sizes> read_native(bytes_view in, std::uint64_t at, frame_head& out) {
  if (in.size() < 4) return head_sizes{kNativeHead, 0};
  const std::uint16_t magic = load<std::uint16_t>(in.data());
  if (magic != kMagic) return error{errc::bad_magic, at, kMagic, magic};
  const auto version = static_cast<std::uint8_t>(in[2]), flags = static_cast<std::uint8_t>(in[3]);
  if (version != kVersion) return error{errc::unsupported_version, at + 2, kVersion, version};
  if ((flags & ~frame_flag::all) != 0) return error{errc::unknown_flags, at + 3, frame_flag::all, flags};
  const bool has_id = (flags & frame_flag::has_id) != 0;
  const std::size_t size = kNativeHead + (has_id ? kIdBytes : 0);
  if (in.size() < size) return head_sizes{size, 0};
  const std::uint32_t crc = head_crc(in.data(), has_id), said = load<std::uint32_t>(in.data() + kCrcAt);
  if (kChecksumsCount && crc != said) return error{errc::checksum_mismatch, at + kCrcAt, said, crc};
  const std::uint32_t type = load<std::uint32_t>(in.data() + 4);
  if (type >= kFrameTypes) return error{errc::unknown_type, at + 4, kFrameTypes - 1, type};
  out.type = static_cast<frame_type>(type);
  out.flags = flags;
  out.stream = load<std::uint32_t>(in.data() + 8);
  out.payload_length = load<std::uint32_t>(in.data() + 12);
  out.payload_crc = load<std::uint32_t>(in.data() + 16);
  if (has_id) std::memcpy(out.id.bytes.data(), in.data() + kNativeHead, kIdBytes);
  return head_sizes{0, size};
}

}  // namespace

std::size_t head_size(framing f, const frame_head& h) {
  return (f == framing::compat ? kLength + kCompatFields : kNativeHead) + (h.has_id() ? kIdBytes : 0);
}

std::size_t write_head(framing f, const frame_head& h, std::byte* out) {
  return f == framing::compat ? write_compat(h, out) : write_native(h, out);
}

bool read_plain_native_head(bytes_view in, const wire_limits& l, frame_head& out) {
  if (in.size() < kNativeHead) return false;
  const auto first = load<std::uint64_t>(in.data()), second = load<std::uint64_t>(in.data() + 8);
  const auto payload_crc = load<std::uint32_t>(in.data() + 16), crc = load<std::uint32_t>(in.data() + kCrcAt);
  const auto flags = static_cast<std::uint8_t>(first >> 24), version = static_cast<std::uint8_t>(first >> 16);
  const auto type = static_cast<std::uint32_t>(first >> 32), length = static_cast<std::uint32_t>(second >> 32);
  if (static_cast<std::uint16_t>(first) != kMagic || version != kVersion) return false;
  if ((flags & (frame_flag::has_id | ~frame_flag::all)) != 0 || type >= kFrameTypes || length > l.payload) return false;
  if (kChecksumsCount && crc32c_of_words(first, second, payload_crc) != crc) return false;
  out.type = static_cast<frame_type>(type);
  out.flags = flags;
  out.stream = static_cast<std::uint32_t>(second);
  out.payload_length = length;
  out.payload_crc = payload_crc;
  return true;
}

std::uint64_t length_place(framing f, const frame_head& h) {
  return f == framing::native ? 12 : kLength + 5 + (h.has_id() ? kIdBytes : 0);  // compat: the last of its fields
}

result<head_sizes> read_head(framing f, bytes_view in, const wire_limits& l, std::uint64_t at, frame_head& out) {
  result<head_sizes> r = f == framing::compat ? read_compat(in, l, at, out) : read_native(in, at, out);
  if (r.ok() && r->needs == 0 && out.payload_length > l.payload) [[unlikely]] {
    return error{errc::payload_too_large, at + length_place(f, out), l.payload, out.payload_length};
  }
  return r;
}

}  // namespace copycost::raft
