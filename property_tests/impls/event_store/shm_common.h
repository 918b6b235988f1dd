// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the shm design share: events that follow from their number, so that a process that finds one knows
// what it must be. Free of Catch's macros: children use it too.
#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "impls/event_store/shm/design.h"
#include "property_tests/memory_file.h"

namespace copycost::event_store::shm_test {

using shm_store = shm_design::store;

// 64 segments of 4 KiB, for events of up to 1 KiB.
inline store_options small_memory() {
  store_options o;
  o.segment_bytes = 4096;
  o.event_bytes_max = 1024;
  o.memory_bytes_max = 64 * 4096;
  o.now_ms = [] { return std::uint64_t{1'700'000'000'000}; };
  return o;
}

struct numbered {
  explicit numbered(std::uint64_t n, std::size_t payload = 100)
      : name("entity " + std::to_string(n % 5)), bytes(payload, static_cast<std::byte>(n * 37 + 11)) {
    event.what = kind::claimed;
    event.entity = name;
    event.time = static_cast<std::int64_t>(n);
    event.payload = bytes;
  }
  numbered(const numbered&) = delete;
  numbered& operator=(const numbered&) = delete;
  std::string name;
  std::vector<std::byte> bytes;
  draft event;
};

inline bool is_number(const event_view& e, std::uint64_t n) {
  if (e.seq() != n || e.time() != static_cast<std::int64_t>(n)) return false;
  if (e.entity() != "entity " + std::to_string(n % 5)) return false;
  for (const std::byte b : e.payload())
    if (b != static_cast<std::byte>(n * 37 + 11)) return false;
  return true;
}

// Appends the events [from, to), one at a time. Answers the error of the first that failed.
inline result<void> append_numbers(shm_store& s, std::uint64_t from, std::uint64_t to, std::size_t payload = 100) {
  for (; from < to; ++from) {
    const numbered n(from, payload);
    if (const auto done = s.append({&n.event, 1}); !done.ok()) return done.error();
  }
  return {};
}

// What is wrong with what a snapshot shows; null when nothing is.
template <class Snapshot>
const char* wrong_with(const Snapshot& s) {
  const bounds b = s.range();
  sequence next = b.first;
  bool right = true;
  const auto all = s.read(kStart);
  if (!all.ok()) return "it cannot be read";
  all->for_each([&](const event_view& e) { return right = right && is_number(e, next++); });
  if (!right) return "an event is not what it was";
  if (next != b.end) return "events are missing at the end";
  for (std::uint64_t k = 0; k < 5; ++k) {
    std::vector<sequence> wanted, got;
    for (sequence seq = b.first; seq < b.end; ++seq)
      if (seq % 5 == k) wanted.push_back(seq);
    const auto list = s.read_entity("entity " + std::to_string(k), kStart);
    if (list.ok() == wanted.empty()) return "an entity is there that has no events, or is not there";
    if (!list.ok()) continue;
    list->for_each([&](const event_view& e) { got.push_back(is_number(e, e.seq()) ? e.seq() : kStart); });
    if (got != wanted) return "an entity's events are wrong";
  }
  return nullptr;
}

using test::memory_file;

// A descriptor of the store's memory that outlives the store.
struct kept_memory {
  explicit kept_memory(int of) : fd(dup(of)) {}
  const owned_fd fd;
};

// The same bytes in a file without a lock: what is left when every process is gone. Holes stay holes.
inline void copy_memory(int from, const memory_file& to) {
  std::vector<std::byte> page;
  for (off_t at = 0; (at = lseek(from, at, SEEK_DATA)) >= 0;) {
    const off_t end = lseek(from, at, SEEK_HOLE);
    page.resize(static_cast<std::size_t>(end - at));
    if (pread(from, page.data(), page.size(), at) != end - at) std::abort();
    if (pwrite(to.fd, page.data(), page.size(), at) != end - at) std::abort();
    at = end;
  }
}

}  // namespace copycost::event_store::shm_test
