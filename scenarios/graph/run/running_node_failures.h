// SPDX-License-Identifier: Apache-2.0
//
// Part of running_node.h: what becomes of calls that fail.
#pragma once
#include <exception>
#include <new>
#include <string>

#include "scenarios/graph/run/running_node.h"

namespace copycost::graph {

template <design D>
template <class Call>
auto running_node<D>::guarded(Call call) -> decltype(call()) {
  try {
    return call();
  } catch (...) {
    return exception_as_error();
  }
}

// REQUIRES: an exception is being handled.
template <design D>
error running_node<D>::exception_as_error() {
  try {
    throw;
  } catch (const std::bad_alloc& e) {
    text_ = e.what();
    return error{errc::out_of_memory};
  } catch (const std::exception& e) {
    text_ = e.what();
  } catch (...) {
    text_ = "an exception that is not a std::exception";
  }
  return error{errc::node_failed};
}

template <design D>
failure running_node<D>::describe(error e) {
  if (e.code == errc::node_failed) e.at = place_.number;
  std::string text = std::exchange(text_, {});
  if (text.empty()) text = to_string(e);
  return {place_.number, place_.name, e, std::move(text)};
}

// Of a call that has no item and is not made again.
template <design D>
void running_node<D>::settle(const result<void>& done) {
  if (done.ok()) [[likely]]
    return;
  const error e = done.error();
  if (is_no_failure(e)) return;
  if (e.code == errc::closed) {
    wants_to_leave_ = true;
    return;
  }
  fail(describe(e), place_.options.on_error == error_strategy::stop);
}

// Whether it only says that readers are gone, or that everything is to end. The turn sees that by itself.
template <design D>
bool running_node<D>::is_no_failure(const error& e) {
  if (e.code == errc::stopped) return (all().asked() & gate::kAbort) != 0;
  return e.code == errc::closed && out_.found_closed();
}

// Of what can be tried again, whether it is.
template <design D>
auto running_node<D>::retry_or(after otherwise) -> after {
  if (attempts_ >= place_.options.retries) {
    attempts_ = 0;
    again_port_ = kWait;
    return otherwise;
  }
  ++attempts_;
  retried_.add(1);
  text_.clear();
  if (place_.options.backoff_ns <= 0) return after::again;
  again_ns_ = clock_.now_ns() + place_.options.backoff_ns;
  return after::later;
}

template <design D>
auto running_node<D>::failed_source(const error& e) -> after {
  if (is_no_failure(e) || e.code == errc::closed) {
    life_ = life::ends;  // what it sent goes out where there are readers
    return after::later;
  }
  if (const after then = retry_or(after::goes_on); then != after::goes_on) return then;
  const bool stops = place_.options.on_error == error_strategy::stop;
  fail(describe(e), stops);
  return stops ? after::ends : after::goes_on;
}

template <design D>
auto running_node<D>::failed_item(unsigned port, const error& e) -> after {
  if (is_no_failure(e)) {
    if (e.code == errc::stopped || out_.all_readers_are_gone()) return after::ends;
    unread_.add(1);
    attempts_ = 0;
    again_port_ = kWait;
    in_.used(port);
    return after::goes_on;
  }
  if (e.code == errc::closed) {
    wants_to_leave_ = true;
    return after::later;
  }
  again_port_ = port;
  if (const after then = retry_or(after::goes_on); then != after::goes_on) return then;
  const bool stops = place_.options.on_error == error_strategy::stop;
  fail(describe(e), stops);
  if (stops) return after::ends;
  if (place_.options.on_error == error_strategy::skip || place_.dead_letter == kNoPort)
    skipped_.add(1);
  else if (!send_dead_letter(in_.front(port)))
    return after::ends;
  in_.used(port);
  return after::goes_on;
}

// False: everything is to end.
template <design D>
bool running_node<D>::send_dead_letter(item& one) {
  const result<void> sent = guarded([&] { return out_.send(place_.dead_letter, std::move(one)); });
  if (sent.ok()) {
    dead_lettered_.add(1);
    return true;
  }
  const error e = sent.error();
  if (!is_no_failure(e)) fail(describe(e), false);
  if (e.code == errc::stopped) return false;
  unread_.add(1);
  return true;
}

}  // namespace copycost::graph
