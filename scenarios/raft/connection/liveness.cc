// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/connection/liveness.h"

#include <algorithm>
#include <cstring>

namespace copycost::raft {
namespace {

constexpr std::uint64_t kMark = 0x7461656274726165;  // "eartbeat": ids of heartbeats differ from those of requests

}  // namespace

void round_trips::add(std::int64_t ns) {
  min_ns = count == 0 ? ns : std::min(min_ns, ns);
  max_ns = std::max(max_ns, ns);
  smoothed_ns = count == 0 ? ns : smoothed_ns + (ns - smoothed_ns) / 8;
  last_ns = ns;
  ++count;
}

request_id liveness::send(std::int64_t now_ns) {
  if (latest_waits_) {
    ++missed_;
    ++missed_in_row_;
  }
  latest_waits_ = true;
  ++sent_;
  waiting_[sent_ % kWaiting] = {sent_, now_ns};
  next_ns_ = now_ns + every_ns_;
  request_id id;
  std::memcpy(id.bytes.data(), &sent_, sizeof sent_);
  std::memcpy(id.bytes.data() + sizeof sent_, &kMark, sizeof kMark);
  return id;
}

bool liveness::answered(const request_id& id, std::int64_t now_ns) {
  std::uint64_t number = 0, mark = 0;
  std::memcpy(&number, id.bytes.data(), sizeof number);
  std::memcpy(&mark, id.bytes.data() + sizeof number, sizeof mark);
  waiting& w = waiting_[number % kWaiting];
  if (mark != kMark || number == 0 || w.number != number) return false;
  times_.add(now_ns - w.sent_ns);
  w = {};
  missed_in_row_ = 0;
  if (number == sent_) latest_waits_ = false;
  return true;
}

}  // namespace copycost::raft
