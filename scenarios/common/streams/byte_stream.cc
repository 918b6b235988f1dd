// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/streams/byte_stream.h"

#include <cerrno>

#include "harness/base/check.h"
#include "harness/base/now.h"

namespace copycost {
namespace {

constexpr std::array<std::string_view, kStreamKinds.size()> kNames{"socketpair",  "unix", "tcp",
                                                                   "tcp_delayed", "pipe", "ring"};

io_result at_deadline(std::size_t moved) { return {io_state::failed, moved, ETIMEDOUT}; }

}  // namespace

std::string_view name_of(stream_kind k) { return kNames[static_cast<std::size_t>(k)]; }

std::optional<stream_kind> stream_kind_named(std::string_view name) {
  for (const stream_kind k : kStreamKinds)
    if (name_of(k) == name) return k;
  return std::nullopt;
}

std::span<iovec> drop_front(std::span<iovec> parts, std::size_t n) {
  std::size_t i = 0;
  while (i < parts.size() && n >= parts[i].iov_len) n -= parts[i++].iov_len;
  COPYCOST_REQUIRE(i < parts.size() || n == 0);
  if (n != 0) {
    parts[i].iov_base = static_cast<std::byte*>(parts[i].iov_base) + n;
    parts[i].iov_len -= n;
  }
  return parts.subspan(i);
}

io_result write_all(byte_stream& to, std::span<iovec> parts, std::int64_t deadline_ns) {
  std::size_t moved = 0;
  parts = drop_front(parts, 0);
  while (!parts.empty()) {
    io_result r = to.write(parts);
    moved += r.bytes;
    if (r.is(io_state::done)) {
      parts = drop_front(parts, r.bytes);
    } else if (r.is(io_state::would_block)) {
      if (!to.wait(false, true, deadline_ns).any() && now_ns() >= deadline_ns) return at_deadline(moved);
    } else {
      r.bytes = moved;
      return r;
    }
  }
  return {io_state::done, moved, 0};
}

io_result read_all(byte_stream& from, std::span<std::byte> into, std::int64_t deadline_ns) {
  std::size_t moved = 0;
  while (moved < into.size()) {
    io_result r = from.read(into.subspan(moved));
    moved += r.bytes;
    if (r.is(io_state::done)) continue;
    if (r.is(io_state::would_block)) {
      if (!from.wait(true, false, deadline_ns).any() && now_ns() >= deadline_ns) return at_deadline(moved);
    } else {
      r.bytes = moved;
      return r;
    }
  }
  return {io_state::done, moved, 0};
}

}  // namespace copycost
