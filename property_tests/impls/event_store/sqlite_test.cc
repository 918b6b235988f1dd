// SPDX-License-Identifier: Apache-2.0
// Goal: what the sqlite peer promises beside the laws: the write-ahead log, its limit, its connections, and what it
// says of files that it does not like. Method: real files, real kills, and damage by hand.
#include <sys/resource.h>

#include <filesystem>

#include "impls/event_store/sqlite/design.h"
#include "property_tests/impls/event_store/peer_common.h"

namespace copycost::event_store {
namespace {

using namespace test;
using store = sqlite_design::store;

TEST_CASE("sqlite: events stay where they are as long as their list, whatever else is read") {
  auto s = store::open({});
  REQUIRE(s.ok());
  for (std::uint64_t n = 0; n < 3000; ++n) REQUIRE(append_numbered(**s, n, n % 100 == 0 ? 9000 : 64).ok());
  auto reader = (*s)->reader();
  REQUIRE(reader.ok());
  auto list = reader->read(kStart);
  REQUIRE(list.ok());
  std::vector<event_view> seen;
  list->for_each([&](const event_view& e) { seen.push_back(e); });
  const sqlite_list moved = std::move(list).value();
  for (std::uint64_t n = 3000; n < 3100; ++n) REQUIRE(append_numbered(**s, n).ok());
  CHECK(shows(reader->snapshot(), 0, 3100));
  REQUIRE(seen.size() == 3000);
  for (std::size_t n = 0; n < seen.size(); ++n) {
    const numbered expected(n, seen[n].payload().size());
    if (seen[n].seq() != n ||
        std::memcmp(seen[n].payload().data(), expected.payload.data(), expected.payload.size()) != 0)
      FAIL("event " << n << " has changed");
  }
}

TEST_CASE("sqlite: a snapshot that is held stays as it was, and the log is given back behind it") {
  hold_and_let_go<store>("events.db-wal", 2, 6000);  // the log is used again from its start
}

TEST_CASE("sqlite: a full database refuses, keeps everything readable, and takes truncation") {
  fill_and_empty<store>();
}

TEST_CASE("sqlite: the write-ahead log of a killed process is recovered") {
  const scratch_dir files;
  for (const sync_policy policy : {sync_policy::each, sync_policy::batch}) {
    store_options o = options_in(files.file(policy == sync_policy::each ? "each" : "batch"));
    o.sync = policy;
    killed_with_events<store>(o, 100);
    CHECK(std::filesystem::file_size(o.dir + "/events.db-wal") > 100 * 4096);
    store_goes_on<store>(o, 100);
    CHECK_FALSE(std::filesystem::exists(o.dir + "/events.db-wal"));  // closed: all of it is in the database
    store_goes_on<store>(o, 101);
  }
}

TEST_CASE("sqlite: of a log that ends too early, or in something else, the whole commits are there") {
  const scratch_dir files;
  const store_options o = options_in(files.file("store"));
  const std::string log = o.dir + "/events.db-wal";
  killed_with_events<store>(o, 100);
  const std::string database = read_bytes(o.dir + "/events.db"), whole = read_bytes(log);
  const auto opened_with = [&](const std::string& bytes) {
    std::filesystem::remove(o.dir + "/events.db-shm");
    write_bytes(o.dir + "/events.db", database);
    write_bytes(log, bytes);
  };
  opened_with(whole + std::string(10'000, 'x'));
  store_goes_on<store>(o, 100);
  opened_with(whole.substr(0, whole.size() - 1));
  store_goes_on<store>(o, 99);
  std::string flipped = whole;
  flipped[whole.size() - 100] =
      static_cast<char>(flipped[whole.size() - 100] ^ 1);  // frames have checksums, pages none
  opened_with(flipped);
  store_goes_on<store>(o, 99);
}

TEST_CASE("sqlite: where no connection is to be had a snapshot says so, and later ones are as ever") {
  auto s = store::open({});
  REQUIRE(s.ok());
  for (std::uint64_t n = 0; n < 10; ++n) REQUIRE(append_numbered(**s, n).ok());
  auto reader = (*s)->reader();
  REQUIRE(reader.ok());
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const auto one = reader->snapshot();  // the connection that came with the reader
  const rlimit none{3, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const auto two = reader->snapshot();
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(two.range() == bounds{0, 0});
  auto list = two.read(kStart);
  REQUIRE_FALSE(list.ok());
  CHECK(list.error().code == errc::io_failed);
  CHECK(shows(one, 0, 10));
  CHECK(append_numbered(**s, 10).ok());
  CHECK(shows(reader->snapshot(), 0, 11));
}

TEST_CASE("sqlite: files that are cut, foreign, or newer are refused") {
  const scratch_dir files;
  const std::string dir = files.file("store"), data = dir + "/events.db";
  {
    auto s = store::open(options_in(dir));
    REQUIRE(s.ok());
    for (std::uint64_t n = 0; n < 500; ++n) REQUIRE(append_numbered(**s, n).ok());
  }
  const std::string whole = read_bytes(data);
  for (const std::size_t left : {whole.size() - 4096, whole.size() / 2, std::size_t{8192}}) {
    write_bytes(data, whole.substr(0, left));
    CHECK(refusal<store>(dir) == errc::corrupt_record);
  }
  write_bytes(data, std::string(whole.size(), 'x'));
  CHECK(refusal<store>(dir) == errc::foreign_file);
  const auto with = [&](const char* sql) {
    write_bytes(data, whole);
    sqlite_connection c;
    REQUIRE(c.open(data).ok());
    REQUIRE(c.execute(sql).ok());
  };
  with("PRAGMA application_id=7");
  CHECK(refusal<store>(dir) == errc::foreign_file);
  with("PRAGMA user_version=2");
  CHECK(refusal<store>(dir) == errc::unsupported_version);
  with("DELETE FROM state");
  CHECK(refusal<store>(dir) == errc::corrupt_record);
  with("UPDATE events SET record = x'00' WHERE seq = 499");
  CHECK(refusal<store>(dir) == errc::corrupt_record);
  write_bytes(data, whole);
  store_goes_on<store>(options_in(dir), 500);
}

TEST_CASE("sqlite: a damaged record is an error of the read that meets it, and of no other") {
  const scratch_dir files;
  {
    auto s = store::open(options_in(files.path()));
    REQUIRE(s.ok());
    for (std::uint64_t n = 0; n < 50; ++n) REQUIRE(append_numbered(**s, n).ok());
  }
  {
    sqlite_connection c;
    REQUIRE(c.open(files.file("events.db")).ok());
    REQUIRE(c.execute("UPDATE events SET record = x'0102' WHERE seq = 20; DELETE FROM events WHERE seq = 30").ok());
  }
  auto s = store::open(options_in(files.path()));
  REQUIRE(s.ok());
  auto reader = (*s)->reader();
  CHECK(reader->read(kStart).error() == error{.code = errc::corrupt_record, .seq = 20});
  CHECK(reader->read(20, 20).error() == error{.code = errc::corrupt_record, .seq = 30});
  CHECK(reader->read_entity("entity 6", kStart).error() == error{.code = errc::corrupt_record, .seq = 20});
  CHECK(reader->read(kStart, 20).ok());
  CHECK((*s)->truncate_before(25).error() == error{.code = errc::corrupt_record, .seq = 20});
  CHECK(reader->snapshot().range() == bounds{0, 50});
  CHECK(append_numbered(**s, 50).ok());
}

TEST_CASE("sqlite: the policies sync when they say") {
  const scratch_dir files;
  const auto syncs_of = [&](sync_policy policy, const char* name) {
    store_options o = options_in(files.file(name));
    o.sync = policy;
    o.batch_events = 10;
    o.interval_ms = 3'600'000;
    auto s = store::open(o);
    REQUIRE(s.ok());
    for (std::uint64_t n = 0; n < 25; ++n) REQUIRE(append_numbered(**s, n).ok());
    const std::uint64_t appending = (*s)->stats().syncs;
    REQUIRE((*s)->sync().ok());
    return std::pair(appending, (*s)->stats().syncs);
  };
  CHECK(syncs_of(sync_policy::each, "each") == std::pair<std::uint64_t, std::uint64_t>(25, 25));
  CHECK(syncs_of(sync_policy::batch, "batch") == std::pair<std::uint64_t, std::uint64_t>(2, 3));
  CHECK(syncs_of(sync_policy::interval, "interval") == std::pair<std::uint64_t, std::uint64_t>(0, 1));
}

}  // namespace
}  // namespace copycost::event_store
