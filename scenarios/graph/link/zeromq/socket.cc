// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/link/zeromq/socket.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/base/failure.h"
#include "harness/base/now.h"

namespace copycost::graph {
namespace {

constexpr int kEvents = ZMQ_EVENT_CONNECTED | ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED;

[[noreturn]] void failed(const std::string& what) {
  throw failure(exit_code::internal, "libzmq: " + what + ": " + zmq_strerror(zmq_errno()));
}
void set(void* socket, int option, int value) {
  if (zmq_setsockopt(socket, option, &value, sizeof value) != 0) failed("option " + std::to_string(option));
}
std::string fresh_name() {
  static std::atomic<std::uint64_t> next{0};
  return "inproc://copycost-events-" + std::to_string(next.fetch_add(1));
}
// Long waits end now and then, so that events are looked at.
long milliseconds_until(std::int64_t deadline_ns) {
  constexpr std::int64_t kMost = 100'000'000;
  const std::int64_t left = std::clamp<std::int64_t>(deadline_ns - now_ns(), 0, kMost);
  return static_cast<long>((left + 999'999) / 1'000'000);
}

}  // namespace

zeromq_context::zeromq_context() : is_(zmq_ctx_new()) {
  if (is_ == nullptr) failed("context");
}
zeromq_context::~zeromq_context() {
  while (zmq_ctx_term(is_) != 0 && zmq_errno() == EINTR) continue;
}

zeromq_socket::zeromq_socket(std::shared_ptr<const zeromq_context> x, side which, const std::string& address,
                             std::int64_t linger_ns)
    : context_(std::move(x)), is_(zmq_socket(context_->raw(), ZMQ_PAIR)), address_(address) {
  if (is_ == nullptr) failed("socket");
  const auto unless_right = [&](bool right) {
    if (right) return;
    const int why = zmq_errno();
    if (events_ != nullptr) zmq_close(events_);
    zmq_close(is_);
    errno = why;
    failed(address);
  };
  // The link bounds what is on its way, not libzmq.
  set(is_, ZMQ_SNDHWM, 0);
  set(is_, ZMQ_RCVHWM, 0);
  set(is_, ZMQ_LINGER, static_cast<int>(std::min<std::int64_t>(linger_ns / 1'000'000, INT32_MAX)));
  const std::string events = fresh_name();
  unless_right(zmq_socket_monitor(is_, events.c_str(), kEvents) == 0);
  events_ = zmq_socket(context_->raw(), ZMQ_PAIR);
  unless_right(events_ != nullptr && zmq_connect(events_, events.c_str()) == 0);
  unless_right((which == side::binds ? zmq_bind : zmq_connect)(is_, address.c_str()) == 0);
  std::array<char, 256> at{};
  std::size_t size = at.size();
  if (which == side::binds && zmq_getsockopt(is_, ZMQ_LAST_ENDPOINT, at.data(), &size) == 0) address_ = at.data();
  has_come_ = address.starts_with("inproc:");
}

zeromq_socket::~zeromq_socket() {
  zmq_socket_monitor(is_, nullptr, 0);
  zmq_close(events_);
  zmq_close(is_);
}

result<bool> zeromq_socket::send(zeromq_message& m) {
  if (is_gone_) return error{errc::peer_gone, 0, 0, 0};
  if (zmq_msg_send(m.raw(), is_, ZMQ_DONTWAIT) >= 0) return true;
  if (zmq_errno() != EAGAIN && zmq_errno() != EINTR) return error{errc::broken_link, 0, 0, 0};
  if (is_gone()) return error{errc::peer_gone, 0, 0, 0};
  return false;
}

result<bool> zeromq_socket::receive(zeromq_message& into) {
  const auto come = [&] { return zmq_msg_recv(into.raw(), is_, ZMQ_DONTWAIT) >= 0; };
  if (come()) return true;
  if (zmq_errno() != EAGAIN && zmq_errno() != EINTR) return error{errc::broken_link, 0, 0, 0};
  // Only what comes after the end was seen can be the last.
  if (is_gone_) return error{errc::peer_gone, 0, 0, 0};
  return is_gone() && come() ? result<bool>(true) : result<bool>(false);
}

void zeromq_socket::wait(bool readable, bool writable, std::int64_t deadline_ns) {
  const short wanted = static_cast<short>((readable ? ZMQ_POLLIN : 0) | (writable ? ZMQ_POLLOUT : 0));
  std::array<zmq_pollitem_t, 2> at{{{is_, 0, wanted, 0}, {events_, 0, ZMQ_POLLIN, 0}}};
  zmq_poll(at.data(), 2, milliseconds_until(deadline_ns));
  if ((at[1].revents & ZMQ_POLLIN) != 0) look_at_events();
}

bool zeromq_socket::has_come() {
  if (!has_come_) look_at_events();
  return has_come_;
}
bool zeromq_socket::is_gone() {
  look_at_events();
  return is_gone_;
}

void zeromq_socket::look_at_events() {
  // Each event is two messages: [event u16 | value u32] and an address.
  for (zeromq_message one; zmq_msg_recv(one.raw(), events_, ZMQ_DONTWAIT) >= 0;) {
    if (one.bytes().size() < sizeof(std::uint16_t)) continue;
    std::uint16_t event = 0;
    std::memcpy(&event, one.bytes().data(), sizeof event);  // not payload: an event
    if (zmq_msg_more(one.raw()) == 0) continue;
    has_come_ |= event == ZMQ_EVENT_CONNECTED || event == ZMQ_EVENT_ACCEPTED;
    is_gone_ |= event == ZMQ_EVENT_DISCONNECTED;
    zeromq_message address;
    zmq_msg_recv(address.raw(), events_, ZMQ_DONTWAIT);
  }
}

}  // namespace copycost::graph
