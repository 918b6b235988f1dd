// SPDX-License-Identifier: Apache-2.0
// Goal: what a store wrote is found in its files without opening it, by mapping and by reading, and damage is reported.
// Method: stores with several files, small ones and records larger than the reader's buffer; files cut and changed.
#include "impls/event_store/common/file_replay.h"

#include <filesystem>
#include <fstream>

#include "impls/event_store/slice/design.h"
#include "property_tests/catch.h"
#include "property_tests/scratch.h"
#include "scenarios/event_store/oracle/oracle.h"

namespace copycost::event_store {
namespace {

constexpr file_access kWays[] = {file_access::mapped, file_access::read};

owned_draft event(std::uint64_t i, std::size_t size) {
  owned_draft d;
  d.what = kind::claimed;
  d.entity = "e" + std::to_string(i % 7);
  d.time = static_cast<std::int64_t>(i);
  d.payload.assign(size, static_cast<std::byte>(i));
  return d;
}

struct stored {
  explicit stored(std::uint64_t events, std::size_t size, std::size_t file_bytes, sequence before = 0) {
    options.dir = home.file("store");
    options.file_bytes = file_bytes;
    options.sync = sync_policy::batch;
    options.segment_bytes = std::size_t{64} << 20;
    options.event_bytes_max = std::size_t{16} << 20;
    const auto store = slice_design::store::open(options);
    REQUIRE(store.ok());
    for (std::uint64_t i = 0; i < events; ++i) {
      all.push_back(event(i, size));
      const draft one = all.back().view();
      REQUIRE(store.value()->append({&one, 1}).ok());
    }
    REQUIRE(store.value()->truncate_before(before).ok());
  }
  // The number of events that are shown, each of them compared.
  result<std::uint64_t> replayed(file_access how, sequence from = 0) const {
    sequence next = from;
    return replay_stored(options.dir, how, [&](const event_view& e) {
      CHECK(e.seq() == next);
      CHECK(difference(e, all[next]).empty());
      ++next;
    });
  }
  std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(options.dir))
      if (entry.path().extension() == ".events") out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
  }
  scratch_dir home;
  store_options options;
  std::vector<owned_draft> all;
};

TEST_CASE("file replay: every event of all files, mapped and read") {
  const stored s(500, 100, 8192);
  CHECK(s.files().size() > 3);
  for (const file_access how : kWays) {
    const auto seen = s.replayed(how);
    REQUIRE(seen.ok());
    CHECK(seen.value() == 500);
  }
}

TEST_CASE("file replay: records that are larger than the buffer") {
  const stored s(3, std::size_t{3} << 20, std::size_t{64} << 20);
  for (const file_access how : kWays) {
    const auto seen = s.replayed(how);
    REQUIRE(seen.ok());
    CHECK(seen.value() == 3);
  }
}

TEST_CASE("file replay: what was truncated inside of a file is not shown") {
  const stored s(500, 100, 8192, 123);
  for (const file_access how : kWays) {
    const auto seen = s.replayed(how, 123);
    REQUIRE(seen.ok());
    CHECK(seen.value() == 377);
  }
}

TEST_CASE("file replay: a torn tail ends it, damage in front of it is told with its place") {
  const stored s(20, 100, 1 << 20);
  const auto file = s.files().back();
  const auto size = std::filesystem::file_size(file);
  std::string bytes(size, '\0');
  std::ifstream(file, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(size));
  const std::size_t record = padded(record_size(s.all[0].view(), 100)), begin = first_record_at();
  {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes.substr(0, begin + 19 * record + 50);
    for (const file_access how : kWays) {
      const auto seen = s.replayed(how);
      REQUIRE(seen.ok());
      CHECK(seen.value() == 19);
    }
  }
  std::string changed = bytes;
  changed[begin + 5 * record + 80] ^= 1;
  std::ofstream(file, std::ios::binary | std::ios::trunc) << changed;
  for (const file_access how : kWays) {
    const auto seen = s.replayed(how);
    REQUIRE_FALSE(seen.ok());
    CHECK(seen.error() == error{.code = errc::corrupt_record, .seq = 5, .at = begin + 5 * record});
  }
}

TEST_CASE("file replay: a batch is shown as a whole or not at all, also one that is larger than the buffer") {
  stored s(2, 100, 1 << 20);
  {
    const auto store = slice_design::store::open(s.options);
    REQUIRE(store.ok());
    std::vector<draft> batch;
    for (std::uint64_t i = 2; i < 4002; ++i) s.all.push_back(event(i, 100));
    for (std::uint64_t i = 2; i < 4002; ++i) batch.push_back(s.all[i].view());
    REQUIRE(store.value()->append(batch).ok());
  }
  const auto file = s.files().back();
  const std::size_t record = padded(record_size(s.all[0].view(), 100));
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, record, record + 1, 3000 * record, 4000 * record}) {
    std::filesystem::resize_file(file, first_record_at() + 4002 * record - cut);
    for (const file_access how : kWays) {
      const auto seen = s.replayed(how);
      REQUIRE(seen.ok());
      CHECK(seen.value() == (cut == 0 ? 4002 : 2));
    }
  }
}

TEST_CASE("file replay: no store there, and a file that is missing") {
  const scratch_dir empty;
  CHECK(replay_stored(empty.path(), file_access::read, [](const event_view&) {}).error().code == errc::missing_segment);
  const stored s(500, 100, 8192);
  std::filesystem::remove(s.files()[1]);
  for (const file_access how : kWays) {
    const auto seen = replay_stored(s.options.dir, how, [](const event_view&) {});
    REQUIRE_FALSE(seen.ok());
    CHECK(seen.error().code == errc::missing_segment);
  }
}

}  // namespace
}  // namespace copycost::event_store
