// SPDX-License-Identifier: Apache-2.0
//
// Part of running_node.h: a turn.
#pragma once
#include <algorithm>

#include "scenarios/graph/run/running_node.h"

namespace copycost::graph {

template <design D>
progress running_node<D>::try_turn() {
  look_ns_ = kNever;
  const std::uint32_t asked = all().asked();
  if ((asked & gate::kAbort) != 0 || out_.all_readers_are_gone()) return end();
  if (!out_.flush()) return progress::waiting;
  if (life_ == life::ends) return end();
  if (place_.is_source && (asked & gate::kDrain) != 0) return end();
  const bool moved = call_on_time();
  const progress p = place_.is_source ? source_turn() : input_turn();
  return moved && p == progress::waiting ? progress::more : p;
}

template <design D>
progress running_node<D>::source_turn() {
  if (waits_to_try_again()) return progress::waiting;
  const std::uint64_t sent_before = out_.sent();
  for (unsigned calls = 0; calls < turn_; ++calls) {
    const std::uint64_t sent = out_.sent();
    const result<turn> made = guarded([&] { return node_.produce(out_); });
    // At once: the next call may take long.
    const bool all_out = out_.flush();
    const after then = made.ok() ? after::goes_on : failed_source(made.error());
    if (then == after::ends) return end();
    if (then == after::later) return progress::more;
    if (made.ok()) attempts_ = 0;
    if (made.ok() && made.value() == turn::done) {
      life_ = life::ends;
      return progress::more;
    }
    if (then == after::goes_on && (!made.ok() || made.value() == turn::idle)) {
      idle_ns_ = out_.sent() != sent ? kIdleFirstNs : std::min(2 * idle_ns_, kIdleMostNs);
      return progress::idle;
    }
    idle_ns_ = kIdleFirstNs;
    if (!all_out || out_.sent() - sent_before >= turn_ || all().asked() != 0) break;
  }
  return progress::more;
}

template <design D>
progress running_node<D>::input_turn() {
  bool moved = in_.look([&](unsigned port) { settle(guarded([&] { return node_.ended(port, out_); })); });
  if (wants_to_leave_) return leave();
  if (in_.have_ended()) return finish();
  if (waits_to_try_again()) return moved ? progress::more : progress::waiting;
  for (unsigned n = 0; n < turn_ && in_.seen().ready != 0 && !out_.is_blocked(); ++n) {
    if ((all().asked() & (gate::kPause | gate::kAbort)) != 0) break;
    const unsigned port = again_port_ != kWait ? again_port_ : node_.next_port(in_.seen());
    if (port == kWait) break;
    if (port >= kPortsMax || (in_.seen().ready >> port & 1) == 0) {
      fail(describe(error{errc::bad_parameter, 0, in_.ports(), port}), true);
      return end();
    }
    moved = true;
    const after then = take_one(port);
    if (then == after::ends) return end();
    if (then == after::later) break;
  }
  if (wants_to_leave_) return leave();
  out_.flush();
  return moved ? progress::more : progress::waiting;
}

template <design D>
auto running_node<D>::take_one(unsigned port) -> after {
  const result<void> taken = guarded([&] { return node_.take(port, in_.front(port), out_); });
  if (!taken.ok()) [[unlikely]]
    return failed_item(port, taken.error());
  attempts_ = 0;
  again_port_ = kWait;
  in_.used(port);
  return after::goes_on;
}

// Answers whether it was called.
template <design D>
bool running_node<D>::call_on_time() {
  const std::int64_t due = node_.due_ns();
  if (due == kNever) [[likely]]
    return false;
  const std::int64_t now = clock_.now_ns();
  look_ns_ = std::max(due, not_before_ns_);
  if (now < look_ns_) return false;
  const result<void> done = guarded([&] { return node_.on_time(now, out_); });
  // It may be due at once again: what fails now may succeed later.
  if (!done.ok()) not_before_ns_ = now + std::max(place_.options.backoff_ns, kIdleMostNs);
  settle(done);
  return true;
}

// Whether a call that failed is made again, but not yet.
template <design D>
bool running_node<D>::waits_to_try_again() {
  if (attempts_ == 0 || again_ns_ <= clock_.now_ns()) [[likely]]
    return false;
  look_ns_ = std::min(look_ns_, again_ns_);
  return true;
}

template <design D>
progress running_node<D>::finish() {
  settle(guarded([&] { return node_.finish(out_); }));
  life_ = life::ends;
  return progress::more;
}

// It answered `closed` of its own: it takes nothing more, and what it sent goes out.
template <design D>
progress running_node<D>::leave() {
  in_.abandon();
  life_ = life::ends;
  return progress::more;
}

template <design D>
progress running_node<D>::end() {
  in_.abandon();
  out_.close();
  life_ = life::ended;
  return progress::done;
}

template <design D>
std::int64_t running_node<D>::next_look_ns(progress p) const {
  if (p == progress::idle) return now_ns() + idle_ns_;
  return look_ns_ == kNever || clock_.is_real() ? look_ns_ : now_ns() + kIdleMostNs;
}

}  // namespace copycost::graph

#include "scenarios/graph/run/running_node_failures.h"
