// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/traffic/mix_traffic.h"

#include "harness/base/check.h"
#include "harness/base/rng.h"

namespace copycost::raft {
namespace {

constexpr std::size_t kLargeMin = 64u << 10, kLargeMax = 512u << 10;

// The k-th of `count` values that are spread evenly over a range, both ends among them.
std::size_t spread(std::size_t k, std::size_t count, std::size_t low, std::size_t high) {
  return low + (high - low) * k / (count - 1);
}

message_view headed(message_type type, std::uint64_t index) {
  message_view m;
  m.head.type = type;
  m.head.from = 1;
  m.head.to = 2;
  m.head.term = m.head.log_term = 7;
  m.head.index = index;
  m.head.commit = index;
  return m;
}

}  // namespace

void mix_traffic::add_appends(bytes_view payload, std::size_t count, std::size_t entries_max, std::size_t size_min,
                              std::size_t size_max) {
  std::size_t at = 0;
  for (std::size_t k = 0; k < count; ++k) {
    message_view m = headed(message_type::append, 1'000'000 + k);
    std::vector<entry_view>& list = entries_.emplace_back(spread(k, count, 1, entries_max));
    const std::size_t size = spread(k, count, size_min, size_max);
    for (std::size_t i = 0; i < list.size(); ++i, at += size) {
      list[i].term = 7;
      list[i].index = m.head.index + 1 + i;
      list[i].data = payload.subspan(at, size);
      list[i].has = fields_of(dialect::etcd, list[i]);
    }
    m.entries = list;
    messages_.push_back(m);
  }
}

mix_traffic::mix_traffic(bytes_view payload, std::uint64_t seed) : payload_(payload) {
  COPYCOST_REQUIRE(payload.size() == kSnapshotBytes);
  entries_.reserve(kAppends + kLarge);
  messages_.reserve(kMessages);
  for (std::size_t k = 0; k < kHeartbeats; ++k) {
    message_view m = headed(message_type::heartbeat, 0);
    m.head.log_term = 0;
    m.head.commit = 1'000'000 + k;
    m.context = payload.subspan(k * kContext, spread(k, kHeartbeats, 0, kContext));
    messages_.push_back(m);
  }
  add_appends(payload, kAppends, kEntries, kEntry, kEntry);
  add_appends(payload, kLarge, 1, kLargeMin, kLargeMax);
  opening_ = headed(message_type::snapshot, 0);
  opening_.head.log_term = opening_.head.commit = 0;
  opening_.snapshot.index = 1'000'000;
  opening_.snapshot.term = 7;
  opening_.snapshot.has = bit(snapshot_field::metadata);
  opening_.snapshot.metadata_has = bit(metadata_field::index) | bit(metadata_field::term);
  opening_.head.has = fields_of(dialect::etcd, opening_);
  message_view whole = opening_;
  whole.snapshot.data = payload;
  whole.snapshot.has = static_cast<std::uint8_t>(whole.snapshot.has | bit(snapshot_field::data));
  messages_.push_back(whole);
  for (message_view& m : messages_) {
    m.head.has = fields_of(dialect::etcd, m);
    payload_bytes_ += m.context.size() + m.snapshot.data.size() + entry_bytes(m);
  }
  rng(seed).shuffle(messages_);
}

}  // namespace copycost::raft
