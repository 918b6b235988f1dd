// SPDX-License-Identifier: Apache-2.0
// Goal: what the lmdb peer promises beside the laws: where its bytes lie, what happens when its map is full, and what
// it says of files that it does not like. Method: real files, real kills, and the addresses of /proc/self/maps.
#include <lmdb.h>

#include <algorithm>
#include <filesystem>

#include "impls/event_store/lmdb/design.h"
#include "property_tests/impls/event_store/peer_common.h"

namespace copycost::event_store {
namespace {

using namespace test;
using store = lmdb_design::store;
using where = std::vector<const std::byte*>;

// The ranges of addresses at which a file is mapped.
bool is_in_map(const std::byte* at, const std::string& path) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find(path) == std::string::npos) continue;
    std::uint64_t from = 0, to = 0;
    std::sscanf(line.c_str(), "%lx-%lx", &from, &to);
    const auto address = reinterpret_cast<std::uint64_t>(at);
    if (address >= from && address < to) return true;
  }
  return false;
}

template <class List>
where addresses(const List& list) {
  where all;
  list.for_each([&](const event_view& e) { all.push_back(e.payload().data()); });
  return all;
}

TEST_CASE("lmdb: what is read lies in the map, and is shared by all who read it") {
  const scratch_dir files;
  auto s = store::open(options_in(files.path()));
  REQUIRE(s.ok());
  for (std::uint64_t n = 0; n < 300; ++n) REQUIRE(append_numbered(**s, n, n % 10 == 0 ? 9000 : 64).ok());
  auto one = (*s)->reader(), other = (*s)->reader();
  REQUIRE((one.ok() && other.ok()));
  auto list = one->read(kStart);
  REQUIRE(list.ok());
  const where seen = addresses(*list);
  REQUIRE(seen.size() == 300);
  CHECK(std::ranges::all_of(seen, [&](const std::byte* p) { return is_in_map(p, files.file("data.mdb")); }));
  const auto snapshot = other->snapshot();
  CHECK(addresses(*snapshot.read(kStart)) == seen);
  CHECK(addresses(*snapshot.read(kStart)) == addresses(*list));  // a walk that is walked again
  const where of_three = addresses(*snapshot.read_entity("entity 3", kStart));
  CHECK(of_three.size() == 43);
  CHECK(std::ranges::all_of(of_three, [&](const std::byte* p) { return std::ranges::find(seen, p) != seen.end(); }));
}

TEST_CASE("lmdb: a payload in place is written into a page that the commit takes") {
  const scratch_dir files;
  auto s = store::open(options_in(files.path()));
  REQUIRE(s.ok());
  const numbered one(0, 100);
  draft d = one.view();
  d.payload = {};
  const std::byte* place = nullptr;
  REQUIRE((*s)->append_in_place(d, 100,
                                [&](std::span<std::byte> to) {
                                  place = to.data();
                                  std::ranges::copy(one.payload, to.begin());
                                })
              .ok());
  auto reader = (*s)->reader();
  CHECK(shows(reader->snapshot(), 0, 1));
  CHECK_FALSE(is_in_map(place, files.file("data.mdb")));  // the kernel copies the page into the file
}

TEST_CASE("lmdb: a snapshot that is held stays as it was, and its pages are used again when it is gone") {
  hold_and_let_go<store>("data.mdb", 4, 8000);
}

TEST_CASE("lmdb: a full map refuses, keeps everything readable, and takes truncation") { fill_and_empty<store>(); }

TEST_CASE("lmdb: a map that a snapshot has filled is as before when the snapshot is gone") {
  store_options o;
  o.segment_bytes = 4096;
  o.event_bytes_max = 1024;
  o.memory_bytes_max = 64 * o.segment_bytes;
  o.events_max = 50;
  auto s = store::open(o);
  REQUIRE(s.ok());
  auto reader = (*s)->reader();
  std::uint64_t n = 0;
  {
    const auto held = reader->snapshot();
    auto last = append_numbered(**s, n);
    while (last.ok() && n < 100'000) last = append_numbered(**s, ++n);
    REQUIRE_FALSE(last.ok());
    CHECK(last.error().code == errc::store_full);
    CHECK(shows(reader->snapshot(), n - 50, n));
    CHECK(shows(held, 0, 0));
  }
  for (int more = 0; more < 200; ++more, ++n) REQUIRE(append_numbered(**s, n).ok());
  CHECK(shows(reader->snapshot(), n - 50, n));
}

TEST_CASE("lmdb: more snapshots than there are places for say so, and do nobody harm") {
  auto s = store::open({});
  REQUIRE(s.ok());
  for (std::uint64_t n = 0; n < 10; ++n) REQUIRE(append_numbered(**s, n).ok());
  auto reader = (*s)->reader();
  std::vector<lmdb_snapshot> held;
  held.reserve(5000);
  while (held.size() < 5000) {
    held.push_back(reader->snapshot());
    if (held.back().range().count() == 0) break;
  }
  CHECK(held.size() > 4000);
  REQUIRE(held.size() < 5000);
  const auto none = held.back().read(kStart);
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().code == errc::store_full);
  CHECK_FALSE(reader->read(kStart).ok());
  CHECK(shows(held[4000], 0, 10));
  CHECK(append_numbered(**s, 10).ok());
  held.erase(held.begin() + 1, held.end());
  CHECK(shows(reader->snapshot(), 0, 11));
  CHECK(shows(held.front(), 0, 10));
}

TEST_CASE("lmdb: long names are told apart, wherever they differ") {
  auto s = store::open({});
  REQUIRE(s.ok());
  std::vector<std::string> names;
  for (const std::size_t size : {510u, 511u, 512u, 1024u})
    for (const char last : {'a', 'b'}) names.push_back(std::string(size - 1, 'n') + last);
  for (const std::string& name : names) {
    draft d;
    d.what = kind::claimed;
    d.entity = name;
    REQUIRE((*s)->append({&d, 1}).ok());
  }
  auto reader = (*s)->reader();
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto list = reader->read_entity(names[i], kStart);
    REQUIRE(list.ok());
    CHECK(list->size() == 1);
    list->for_each([&](const event_view& e) { CHECK(e.seq() == i); });
    CHECK_FALSE(reader->read_entity(names[i] + "x", kStart).ok());
  }
}

TEST_CASE("lmdb: what a killed process has committed is there, and its place as a reader is not") {
  const scratch_dir files;
  for (const sync_policy policy : {sync_policy::each, sync_policy::batch}) {
    store_options o = options_in(files.file(policy == sync_policy::each ? "each" : "batch"));
    o.sync = policy;
    killed_with_events<store>(o, 500);
    store_goes_on<store>(o, 500);
  }
}

TEST_CASE("regression: a file whose last pages were free when they would have been written was called damaged") {
  const scratch_dir files;
  store_options o = options_in(files.path());
  o.events_max = 1;
  {
    auto s = store::open(o);
    REQUIRE(s.ok());
    std::vector<numbered> events;
    std::vector<draft> batch;
    for (std::uint64_t n = 0; n < 200; ++n) events.emplace_back(n, 300);
    for (const numbered& e : events) batch.push_back(e.view());
    REQUIRE((*s)->append(batch).ok());  // pages that are taken and given back by one transaction
  }
  auto s = store::open(o);
  REQUIRE(s.ok());
  auto reader = (*s)->reader();
  CHECK(shows(reader->snapshot(), 199, 200));
}

TEST_CASE("lmdb: files that are cut, foreign, or newer are refused, and stay as they are") {
  const scratch_dir files;
  const std::string dir = files.file("store"), data = dir + "/data.mdb";
  {
    auto s = store::open(options_in(dir));
    REQUIRE(s.ok());
    for (std::uint64_t n = 0; n < 500; ++n) REQUIRE(append_numbered(**s, n).ok());
  }
  const std::string whole = read_bytes(data);
  std::size_t refused = 0;
  for (std::size_t left = 8192; left < whole.size(); left += 1000) {
    write_bytes(data, whole.substr(0, left));
    auto s = store::open(options_in(dir));
    if (s.ok()) {  // what is missing is not needed
      auto reader = (*s)->reader();
      CHECK(shows(reader->snapshot(), 0, 500));
    } else {
      CHECK(s.error().code == errc::corrupt_record);
      CHECK(std::filesystem::file_size(data) == left);
      ++refused;
    }
  }
  CHECK(refused > whole.size() / 2000);
  write_bytes(data, whole.substr(0, 100));
  CHECK(refusal<store>(dir) == errc::foreign_file);
  write_bytes(data, std::string(whole.size(), 'x'));
  CHECK(refusal<store>(dir) == errc::foreign_file);
  write_bytes(data, whole);
  auto s = store::open(options_in(dir));
  REQUIRE(s.ok());
  auto reader = (*s)->reader();
  CHECK(shows(reader->snapshot(), 0, 500));
}

// Something in the main database under a name.
void put_in_main(const std::string& dir, std::string_view name, std::string value) {
  MDB_env* env = nullptr;
  MDB_txn* txn = nullptr;
  MDB_dbi main = 0;
  REQUIRE(mdb_env_create(&env) == 0);
  REQUIRE(mdb_env_open(env, dir.c_str(), 0, 0666) == 0);
  REQUIRE(mdb_txn_begin(env, nullptr, 0, &txn) == 0);
  REQUIRE(mdb_dbi_open(txn, nullptr, 0, &main) == 0);
  MDB_val key = lmdb_value(name), bytes{value.size(), value.data()};
  REQUIRE(mdb_put(txn, main, &key, &bytes, 0) == 0);
  REQUIRE(mdb_txn_commit(txn) == 0);
  mdb_env_close(env);
}

TEST_CASE("lmdb: a database of somebody else is foreign, one of a later format is too new") {
  const scratch_dir files;
  std::filesystem::create_directory(files.file("foreign"));
  put_in_main(files.file("foreign"), "something", "else");
  CHECK(refusal<store>(files.file("foreign")) == errc::foreign_file);
  { REQUIRE(store::open(options_in(files.file("newer"))).ok()); }
  const std::uint64_t format = kLmdbFormat + 1;
  std::string state(100, '\0');
  std::memcpy(state.data(), &format, sizeof format);
  put_in_main(files.file("newer"), kLmdbStateName, state);
  CHECK(refusal<store>(files.file("newer")) == errc::unsupported_version);
}

TEST_CASE("lmdb: the policies sync when they say") {
  const scratch_dir files;
  const auto syncs_of = [&](sync_policy policy, const char* name) {
    store_options o = options_in(files.file(name));
    o.sync = policy;
    o.batch_events = 10;
    o.interval_ms = 3'600'000;
    auto s = store::open(o);
    REQUIRE(s.ok());
    const std::uint64_t before = (*s)->stats().syncs;
    for (std::uint64_t n = 0; n < 25; ++n) REQUIRE(append_numbered(**s, n).ok());
    const std::uint64_t appending = (*s)->stats().syncs - before;
    REQUIRE((*s)->sync().ok());
    return std::pair(appending, (*s)->stats().syncs - before);
  };
  CHECK(syncs_of(sync_policy::each, "each") == std::pair<std::uint64_t, std::uint64_t>(25, 25));
  CHECK(syncs_of(sync_policy::batch, "batch") == std::pair<std::uint64_t, std::uint64_t>(2, 3));
  CHECK(syncs_of(sync_policy::interval, "interval") == std::pair<std::uint64_t, std::uint64_t>(0, 1));
}

}  // namespace
}  // namespace copycost::event_store
