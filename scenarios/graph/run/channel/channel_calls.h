// SPDX-License-Identifier: Apache-2.0
//
// Part of channel.h: the calls that are longer than a line or two.
//
// Threads: as channel.h says of each.
#pragma once
#include "scenarios/graph/run/channel/channel.h"

namespace copycost::graph {

template <class I>
result<std::size_t> channel<I>::push_some(std::span<I> items) {
  if (ends_.load(kAcquire) != 0) [[unlikely]]
    return refuse();
  const std::uint64_t at = pusher_.done.load(kRelaxed);
  std::uint64_t bytes = pusher_.bytes.load(kRelaxed);
  std::size_t n = measure(items, at, bytes);
  if (n < items.size()) {
    look_at_popper();
    n += measure(items.subspan(n), at + n, bytes);
  }
  if (n == 0) {
    if (items.empty() || bytes_of(items[0]) <= limits_.bytes) return std::size_t{0};
    return error{errc::too_large, 0, limits_.bytes, bytes_of(items[0])};
  }
  slots_.put(at, items.first(n));
  publish(pusher_, at + n, bytes);
  to_consumer_->notify();
  return n;
}

// How many of the first fit by what the pusher knows, when `at` items of `bytes` bytes are there before them. Notes the
// total of each.
template <class I>
std::size_t channel<I>::measure(std::span<const I> items, std::uint64_t at, std::uint64_t& bytes) {
  const std::uint64_t most = pusher_.bytes_seen + limits_.bytes;
  const std::size_t n = std::min<std::size_t>(items.size(), limits_.items - (at - pusher_.seen));
  for (std::size_t k = 0; k < n; ++k) {
    const std::uint64_t more = bytes_of(items[k]);
    if (more > most - bytes) return k;
    total(at + k + 1) = bytes += more;
  }
  return n;
}

template <class I>
std::size_t channel<I>::pop_some(std::span<I> into) {
  const std::uint64_t at = popper_.done.load(kRelaxed);
  if (popper_.seen - at < into.size() && !look_at_pusher(at)) return 0;
  const std::size_t n = std::min<std::size_t>(into.size(), popper_.seen - at);
  if (n == 0) return 0;
  slots_.take(at, into.first(n));
  publish(popper_, at + n, total(at + n));
  to_producer_->notify();
  return n;
}

template <class I>
result<void> channel<I>::push_later(I& one, std::int64_t deadline_ns) {
  pusher_.count_wait();
  const std::uint64_t bytes = bytes_of(one);
  if (!to_producer_->wait_until([&] { return is_abandoned() || has_room(bytes); }, deadline_ns))
    return error{errc::late};
  return try_push(one);
}

template <class I>
result<void> channel<I>::pop_later(I& into, std::int64_t deadline_ns) {
  popper_.count_wait();
  const std::uint64_t at = popper_.done.load(kRelaxed);
  if (!to_consumer_->wait_until([&] { return look_at_pusher(at) || is_drained(); }, deadline_ns))
    return error{errc::late};
  return try_pop(into);
}

template <class I>
void channel<I>::drop_rest() {
  const std::uint64_t popped = popper_.done.load(kRelaxed), pushed = pusher_.done.load(kAcquire);
  slots_.drop(std::max(popped, dropped_), pushed);
  dropped_ = pushed;
}

template <class I>
channel_stats channel<I>::stats() const {
  channel_stats s{.popped = popper_.done.load(kAcquire), .popped_bytes = popper_.bytes.load(kAcquire)};
  s.pushed = pusher_.done.load(kAcquire);
  s.pushed_bytes = pusher_.bytes.load(kAcquire);
  s.abandoned = is_abandoned() ? s.pushed - s.popped : 0;
  s.waits_push = pusher_.waits.load(kRelaxed);
  s.waits_pop = popper_.waits.load(kRelaxed);
  s.items_high = std::max(pusher_.items_high.load(kRelaxed), popper_.items_high.load(kRelaxed));
  s.bytes_high = std::max(pusher_.bytes_high.load(kRelaxed), popper_.bytes_high.load(kRelaxed));
  return s;
}

}  // namespace copycost::graph
