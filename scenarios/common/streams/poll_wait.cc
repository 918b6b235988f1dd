// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/streams/poll_wait.h"

#include <poll.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "harness/base/now.h"
#include "scenarios/common/futex.h"
#include "scenarios/common/streams/byte_stream.h"

namespace copycost {
namespace {

constexpr int kLooksBeforeNaps = 200;
constexpr long kNapNs = 20'000, kNapMaxNs = 500'000;

short events_of(bool readable, bool writable) {
  return static_cast<short>((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
}

// An error or a hang-up makes both directions ready: the operation will say what it is.
stream_ready ready_of(short seen, bool readable, bool writable) {
  const bool over = (seen & (POLLERR | POLLHUP | POLLNVAL)) != 0;
  return {readable && (over || (seen & POLLIN) != 0), writable && (over || (seen & POLLOUT) != 0)};
}

int poll_until(pollfd* list, nfds_t count, std::int64_t deadline_ns) {
  if (deadline_ns == kForever) return ::ppoll(list, count, nullptr, nullptr);
  const std::int64_t left = deadline_ns <= 0 ? 0 : std::max<std::int64_t>(deadline_ns - now_ns(), 0);
  const timespec limit{static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
  return ::ppoll(list, count, &limit, nullptr);
}

bool look(std::span<stream_wish> wishes) {
  bool any = false;
  for (stream_wish& w : wishes) {
    w.ready = w.stream->wait(w.readable, w.writable, 0);
    any |= w.ready.any();
  }
  return any;
}

}  // namespace

stream_ready poll_one(int fd, bool readable, bool writable, std::int64_t deadline_ns) {
  pollfd one{fd, events_of(readable, writable), 0};
  if (poll_until(&one, 1, deadline_ns) <= 0) return {};
  return ready_of(one.revents, readable, writable);
}

bool poll_any(std::span<stream_wish> wishes, std::int64_t deadline_ns) {
  std::vector<pollfd> list;
  list.reserve(wishes.size());
  for (const stream_wish& w : wishes) list.push_back({w.stream->descriptor(), events_of(w.readable, w.writable), 0});
  const int n = poll_until(list.data(), list.size(), deadline_ns);
  bool any = false;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    wishes[i].ready = n <= 0 ? stream_ready() : ready_of(list[i].revents, wishes[i].readable, wishes[i].writable);
    any |= wishes[i].ready.any();
  }
  return any;
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
