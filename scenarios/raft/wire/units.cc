// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/wire/units.h"

#include <cstring>

namespace copycost::raft {
namespace {
constexpr std::string_view kNames[kWireFormats] = {"compat", "native", "message", "msgappv2"};
}

std::string_view name_of(wire_format w) { return kNames[static_cast<std::size_t>(w)]; }
std::optional<wire_format> format_named(std::string_view name) {
  for (std::size_t i = 0; i < kWireFormats; ++i)
    if (kNames[i] == name) return static_cast<wire_format>(i);
  return std::nullopt;
}

std::uint64_t load_big(const std::byte* at) {
  std::uint64_t v;
  std::memcpy(&v, at, sizeof v);
  return __builtin_bswap64(v);
}
void store_big(std::byte* at, std::uint64_t v) {
  v = __builtin_bswap64(v);
  std::memcpy(at, &v, sizeof v);
}

result<std::size_t> unit_scanner::scan_etcd(bytes_view in, std::uint64_t at, unit& out) {
  return format_ == wire_format::etcd_message ? scan_sized(in, at, 0, out) : scan_append(in, at, out);
}

result<std::size_t> unit_scanner::scan_sized(bytes_view in, std::uint64_t at, std::size_t prefix, unit& out) {
  out.kind = unit_kind::message;
  if (in.size() < prefix + kLengthBytes) return prefix + kLengthBytes;
  const std::uint64_t length = load_big(in.data() + prefix);
  if (length > limits_.payload) return error{errc::payload_too_large, at + prefix, limits_.payload, length};
  out.head = {};
  out.head.payload_length = static_cast<std::uint32_t>(length);
  out.head_size = prefix + kLengthBytes;
  return out.size = out.head_size + static_cast<std::size_t>(length);
}

result<std::size_t> unit_scanner::scan_append(bytes_view in, std::uint64_t at, unit& out) {
  if (in.empty()) return std::size_t{1};
  if (in[0] == kFull) return scan_sized(in, at, 1, out);
  if (in[0] == kElided) return scan_elided(in, at, out);
  if (in[0] != kLinkHeartbeat) return error{errc::unknown_type, at, 2, static_cast<std::uint64_t>(in[0])};
  out.kind = unit_kind::link_heartbeat;
  out.head = {};
  out.head.type = frame_type::heartbeat;
  out.head_size = out.size = 1;
  return std::size_t{1};
}

result<std::size_t> unit_scanner::scan_elided(bytes_view in, std::uint64_t at, unit& out) {
  out.kind = unit_kind::elided;
  out.head = {};
  out.head_size = 1;
  // Whether what ends there, and the commit index behind it, is a payload within the limit.
  const auto fits = [&](std::size_t end) { return end - 1 + kLengthBytes <= limits_.payload; };
  if (position_ == 0) {
    if (in.size() < 1 + kLengthBytes) return 1 + kLengthBytes;
    entries_left_ = load_big(in.data() + 1);
    if (entries_left_ > limits_.entries) return error{errc::too_many_entries, at + 1, limits_.entries, entries_left_};
    position_ = 1 + kLengthBytes;
    if (!fits(position_)) return error{errc::payload_too_large, at + 1, limits_.payload, position_ - 1 + kLengthBytes};
  }
  for (; entries_left_ != 0; --entries_left_) {
    if (in.size() < position_ + kLengthBytes) return out.size = position_ + kLengthBytes;
    const std::uint64_t length = load_big(in.data() + position_);
    if (length > limits_.payload) return error{errc::payload_too_large, at + position_, limits_.payload, length};
    const std::size_t end = position_ + kLengthBytes + static_cast<std::size_t>(length);
    if (!fits(end)) return error{errc::payload_too_large, at + position_, limits_.payload, end - 1 + kLengthBytes};
    if (in.size() < end) return out.size = end;
    position_ = end;
  }
  out.size = position_ + kLengthBytes;
  out.head.payload_length = static_cast<std::uint32_t>(out.size - 1);
  return out.size;
}

}  // namespace copycost::raft
