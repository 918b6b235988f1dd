// SPDX-License-Identifier: Apache-2.0
//
// Small stores and events for the tests of one design: event n is of entity n % 7 and holds n. Thread-compatible.
#pragma once
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "property_tests/catch.h"
#include "scenarios/common/must.h"
#include "scenarios/event_store/contract.h"

namespace copycost::event_store::testing {

inline constexpr std::size_t kPayload = 64;

inline store_options small(std::size_t segment_bytes = 4096) {
  store_options o;
  o.segment_bytes = segment_bytes;
  o.event_bytes_max = segment_bytes / 4;
  o.memory_bytes_max = std::size_t{64} << 20;
  return o;
}

inline std::string name_of(std::uint64_t n) { return "entity " + std::to_string(n % 7); }

// Appends events that hold their numbers, one at a time. The number of those that were taken.
template <class Store>
std::uint64_t fill(Store& s, std::uint64_t from, std::uint64_t count) {
  for (std::uint64_t n = from; n < from + count; ++n) {
    std::byte payload[kPayload] = {};
    std::memcpy(payload, &n, sizeof n);
    const std::string entity = name_of(n);
    draft d;
    d.what = kind::created;
    d.entity = entity;
    d.payload = payload;
    if (!s.append({&d, 1}).ok()) return n - from;
  }
  return count;
}

inline std::uint64_t number_in(const event_view& e) {
  std::uint64_t n;
  std::memcpy(&n, e.payload().data(), sizeof n);
  return n;
}

// Whether a snapshot or reader shows events that hold the numbers [first, end), by number and by entity.
template <class Snapshot>
bool shows(Snapshot& s, std::uint64_t first, std::uint64_t end) {
  auto all = s.read(kStart);
  if (!all.ok() || all.value().size() != end - first) return false;
  std::uint64_t next = first;
  bool right = true;
  all.value().for_each([&](const event_view& e) {
    right = right && e.seq() == next && number_in(e) == next;
    ++next;
  });
  for (std::uint64_t k = first; k < end && k < first + 7; ++k) {
    auto some = s.read_entity(name_of(k), kStart);
    if (!some.ok() || some.value().size() != (end - k + 6) / 7) return false;
    some.value().for_each([&, seq = k](const event_view& e) mutable {
      right = right && e.seq() == seq;
      seq += 7;
    });
  }
  return right && next == end;
}

}  // namespace copycost::event_store::testing
