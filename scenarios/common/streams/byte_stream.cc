// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/streams/byte_stream.h"

#include <cerrno>
#include <ctime>

#include "harness/base/check.h"
#include "harness/base/now.h"
#include "scenarios/common/futex.h"
#include "scenarios/common/streams/poll_wait.h"

namespace copycost {
namespace {

constexpr std::array<std::string_view, kStreamKinds.size()> kNames{"socketpair",  "unix", "tcp",
                                                                   "tcp_delayed", "pipe", "ring"};
constexpr int kLooksBeforeNaps = 200;
constexpr long kNapNs = 20'000, kNapMaxNs = 500'000;

bool look(std::span<stream_wish> wishes) {
  bool any = false;
  for (stream_wish& w : wishes) {
    w.ready = w.stream->wait(w.readable, w.writable, 0);
    any |= w.ready.any();
  }
  return any;
}

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

bool wait_any(std::span<stream_wish> wishes, std::int64_t deadline_ns) {
  bool sockets = true;
  for (const stream_wish& w : wishes) sockets = sockets && w.stream->descriptor() >= 0;
  if (sockets) return poll_any(wishes, deadline_ns);
  long nap = kNapNs;
  for (int looks = 0;; ++looks) {
    if (look(wishes)) return true;
    if (now_ns() >= deadline_ns) return false;
    if (looks < kLooksBeforeNaps) {
      spin_pause();
      continue;
    }
    const timespec t{0, nap};
    nanosleep(&t, nullptr);
    if (nap < kNapMaxNs) nap += kNapNs;
  }
}

}  // namespace copycost
