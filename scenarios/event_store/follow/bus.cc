// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/follow/bus.h"

#include <algorithm>

namespace copycost::event_store {
namespace {

// Waits until ready() or the deadline; answers ready().
template <class Ready>
bool wait_until(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                std::optional<bus_positions::clock::time_point> until, Ready ready) {
  if (until) return changed.wait_until(lock, *until, ready);
  changed.wait(lock, ready);
  return true;
}

}  // namespace

std::optional<bus_positions::clock::time_point> bus_positions::deadline(std::chrono::nanoseconds patience) {
  const auto now = clock::now();
  if (patience >= clock::time_point::max() - now) return std::nullopt;
  return now + patience;
}

bool bus_positions::has_room(std::uint64_t events) const {
  const sequence end = end_ + reserved_;
  return std::ranges::all_of(subscribers_, [&](const subscriber_ptr& s) {
    if (s->options.policy != lag_policy::block || s->position >= end) return true;
    const std::uint64_t lag = end - s->position;
    return lag <= s->options.capacity && events <= s->options.capacity - lag;
  });
}

result<void> bus_positions::reserve(std::uint64_t events, std::chrono::nanoseconds patience) {
  std::unique_lock lock(mutex_);
  if (!closed_ && !has_room(events) &&
      !wait_until(room_, lock, deadline(patience), [&] { return closed_ || has_room(events); }))
    return error{.code = errc::timed_out};
  if (closed_) return error{.code = errc::closed};
  reserved_ += events;
  return {};
}

void bus_positions::settle(std::uint64_t events, sequence end) {
  const std::lock_guard lock(mutex_);
  reserved_ -= events;
  end_ = std::max(end_, end);
  grew_.notify_all();
  room_.notify_all();  // what was reserved and what was appended are not always the same at the same time
}

result<bus_positions::subscriber_ptr> bus_positions::add(sequence position, sequence end,
                                                         const subscription_options& o) {
  auto s = std::make_shared<subscriber>();
  s->position = position;
  s->options = o;
  const std::lock_guard lock(mutex_);
  if (closed_) return error{.code = errc::closed};
  end_ = std::max(end_, end);
  subscribers_.push_back(s);
  return s;
}

bool bus_positions::is_closed(const subscriber& s) const {
  const std::lock_guard lock(mutex_);
  return s.closed;
}

void bus_positions::move(subscriber& s, sequence to, std::uint64_t delivered, std::uint64_t missed) {
  const std::lock_guard lock(mutex_);
  s.position = to;
  s.delivered += delivered;
  s.missed += missed;
  if (s.options.policy == lag_policy::block) room_.notify_all();
}

result<void> bus_positions::wait(const subscriber& s, sequence seen, std::optional<clock::time_point> until) {
  std::unique_lock lock(mutex_);
  const auto is_over = [&] { return s.closed || (closed_ && reserved_ == 0 && end_ <= seen); };
  const bool ready = wait_until(grew_, lock, until, [&] { return is_over() || end_ > seen; });
  if (is_over()) return error{.code = errc::closed};
  // Also where there is something: who looks at many events that do not match must come to an end.
  if (!ready || (until && clock::now() >= *until)) return error{.code = errc::timed_out};
  return {};
}

void bus_positions::remove(const subscriber_ptr& s) {
  const std::lock_guard lock(mutex_);
  s->closed = true;
  std::erase(subscribers_, s);
  grew_.notify_all();
  room_.notify_all();
}

void bus_positions::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  grew_.notify_all();
  room_.notify_all();
}

subscription_stats bus_positions::stats(const subscriber& s) const {
  const std::lock_guard lock(mutex_);
  return {s.delivered, s.missed, end_ > s.position ? end_ - s.position : 0, s.position, s.closed};
}

}  // namespace copycost::event_store
