// SPDX-License-Identifier: Apache-2.0
//
// What the tests of both peers of the event store do alike. Templates of the design's store; thread-compatible.
#pragma once
#include <signal.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "impls/event_store/common/peer_store.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/scratch.h"

namespace copycost::event_store::test {

inline store_options options_in(const std::string& dir) {
  store_options o;
  o.dir = dir;
  return o;
}

// Event `n` says so in its payload, which has `size` bytes, all of them made of n.
struct numbered {
  numbered(std::uint64_t n, std::size_t size) : payload(size, static_cast<std::byte>(n % 251)) {
    std::memcpy(payload.data(), &n, sizeof n);
    entity = "entity " + std::to_string(n % 7);
  }
  draft view() const {
    draft d;
    d.what = kind::claimed;
    d.entity = entity;
    d.payload = payload;
    return d;
  }
  std::vector<std::byte> payload;
  std::string entity;
};

template <class Store>
result<appended> append_numbered(Store& s, std::uint64_t n, std::size_t size = 64) {
  const numbered one(n, size);
  const draft d = one.view();
  return s.append({&d, 1});
}

// Whether the snapshot shows [first, end), each event as it was appended, and each entity's events.
template <class Snapshot>
bool shows(const Snapshot& s, sequence first, sequence end) {
  if (s.range() != bounds{first, end}) return false;
  const auto all = s.read(kStart);
  if (!all.ok() || all->size() != end - first) return false;
  bool right = true;
  sequence next = first;
  std::size_t of_three = 0;
  all->for_each([&](const event_view& e) {
    const numbered expected(next, e.payload().size());
    right = right && e.seq() == next && e.entity() == expected.entity &&
            std::memcmp(e.payload().data(), expected.payload.data(), e.payload().size()) == 0;
    of_three += e.entity() == "entity 3" ? 1 : 0;
    ++next;
  });
  const auto three = s.read_entity("entity 3", kStart);
  return right && next == end && (three.ok() ? three->size() == of_three : of_three == 0);
}

// Appends until it is refused; how many events went in. Everything that went in is there, and truncation makes room.
template <class Store>
void fill_and_empty() {
  store_options o;
  o.segment_bytes = 4096;
  o.event_bytes_max = 1024;
  o.memory_bytes_max = 64 * o.segment_bytes;
  auto store = Store::open(o);
  REQUIRE(store.ok());
  Store& s = **store;
  auto reader = s.reader();
  REQUIRE(reader.ok());
  std::uint64_t n = 0;
  auto last = append_numbered(s, n, 200);
  while (last.ok() && n < 10'000) last = append_numbered(s, ++n, 200);
  REQUIRE_FALSE(last.ok());
  CHECK(last.error().code == errc::store_full);
  CHECK(last.error().expected == o.memory_bytes_max);
  CHECK(n > 100);
  CHECK(shows(reader->snapshot(), 0, n));
  CHECK(s.stats().held_bytes <= o.memory_bytes_max);
  CHECK_FALSE(append_numbered(s, n, 200).ok());  // again, and nothing has changed
  CHECK(shows(reader->snapshot(), 0, n));
  REQUIRE(s.truncate_before(n - 50).ok());
  CHECK(shows(reader->snapshot(), n - 50, n));
  CHECK(append_numbered(s, n, 200).ok());
  CHECK(shows(reader->snapshot(), n - 50, n + 1));
}

// A process appends `events`, holds a snapshot, and is killed. Its files are found as it left them.
template <class Store>
void killed_with_events(const store_options& o, std::uint64_t events) {
  const int end = copycost::test::run_child([&] {
    auto store = Store::open(o);
    if (!store.ok()) return 1;
    auto reader = (*store)->reader();
    if (!reader.ok()) return 2;
    const auto held = reader->snapshot();
    for (std::uint64_t n = 0; n < events; ++n)
      if (!append_numbered(**store, n).ok()) return 3;
    return raise(SIGKILL);
  });
  REQUIRE(end == 1000 + SIGKILL);
}

template <class Store>
void store_goes_on(const store_options& o, std::uint64_t events) {
  auto store = Store::open(o);
  REQUIRE(store.ok());
  auto reader = (*store)->reader();
  REQUIRE(reader.ok());
  CHECK(shows(reader->snapshot(), 0, events));
  CHECK(append_numbered(**store, events).ok());
  CHECK(shows(reader->snapshot(), 0, events + 1));
}

inline std::string read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// What opening says of a directory.
template <class Store>
errc refusal(const std::string& dir) {
  auto store = Store::open(options_in(dir));
  REQUIRE_FALSE(store.ok());
  return store.error().code;
}

// A snapshot of a store that truncates all the time makes `file` grow, to more than `times` as much, which the README
// warns of; it shows the same as before, and once it is gone the file grows no more up to event `then`.
template <class Store>
void hold_and_let_go(const char* file, std::uint64_t times, std::uint64_t then) {
  const scratch_dir files;
  store_options o = options_in(files.path());
  o.events_max = 100;
  o.sync = sync_policy::batch;
  auto s = Store::open(o);
  REQUIRE(s.ok());
  auto reader = (*s)->reader();
  REQUIRE(reader.ok());
  const auto file_bytes = [&] { return std::filesystem::file_size(files.file(file)); };
  std::uint64_t n = 0;
  while (n < 1000) REQUIRE(append_numbered(**s, n++).ok());
  const std::uint64_t early = file_bytes();
  {
    const auto held = reader->snapshot();
    while (n < 4000) REQUIRE(append_numbered(**s, n++).ok());
    CHECK(shows(held, 900, 1000));
  }
  const std::uint64_t late = file_bytes();
  CHECK(late > times * early);
  while (n < then) REQUIRE(append_numbered(**s, n++).ok());
  CHECK(file_bytes() < late + (1 << 20));
  CHECK(shows(reader->snapshot(), then - 100, then));
}

}  // namespace copycost::event_store::test
