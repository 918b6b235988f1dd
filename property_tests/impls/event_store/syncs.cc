// SPDX-License-Identifier: Apache-2.0
//
// What happens once each thousandth time: every design that has files, over more appends to one store (kAppends) than
// the clock ever times, with every write and every sync of the process watched (sync_watch.h). After each append the
// files are as clean as the policy promises, so a sync that is skipped each n-th time is seen for every n below the
// number of syncs. The objects are those that are timed.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "property_tests/catch.h"
#include "property_tests/impls/event_store/sync_watch.h"
#include "property_tests/scratch.h"
#include "scenarios/event_store/any_store.h"

using namespace copycost;
using namespace copycost::event_store;
using copycost::testing::sync_state;
using copycost::testing::synced;

namespace {

// A batch of the clock is at most 16,384 operations where a store grows (harness/clock/schedule.h): more than twice
// that.
constexpr std::uint64_t kAppends = 40'000;
// Some 200 records: files are full more than a hundred times on the way.
constexpr std::size_t kFileBytes = std::size_t{16} << 10;

// In memory where there is room: a file that a library opens with O_DSYNC would wait for the disk all the same.
[[maybe_unused]] const bool g_in_memory = [] {
  std::error_code error;
  const auto room = std::filesystem::space("/dev/shm", error);
  const bool fits = !error && room.available >= std::uintmax_t{1} << 30 && access("/dev/shm", W_OK) == 0;
  return fits && setenv("TMPDIR", "/dev/shm", 1) == 0;  // NOLINT(concurrency-mt-unsafe): nothing else runs yet
}();

void each_durable_design(const std::function<void(facade&)>& ask) {
  unsigned asked = 0;
  for (const facade_entry& e : all_facades()) {
    if (e.system != "event_store") continue;
    const auto made = e.make();
    auto& f = static_cast<facade&>(*made);
    if (!f.durable()) continue;
    INFO("design: " << e.design);
    ask(f);
    ++asked;
  }
  CHECK(asked > 0);
}

store_options options_in(const scratch_dir& dir, sync_policy policy) {
  store_options o;
  o.dir = dir.file("store");
  o.sync = policy;
  o.file_bytes = kFileBytes;
  o.memory_bytes_max = std::size_t{1} << 30;
  return o;
}

std::unique_ptr<any_store> open(facade& f, const store_options& o) {
  auto s = f.open(o);
  if (!s.ok()) FAIL("cannot open a store: " << to_string(s.error()));
  testing::forget_dirty_files();  // a lock, a mark: what opening leaves is for the laws of crashes
  return std::move(s).value();
}

// Appends `appends` batches of `batch` events, and calls `after(number of events)` behind each.
void append(any_store& s, std::uint64_t appends, std::uint64_t batch, const std::function<void(std::uint64_t)>& after) {
  std::vector<std::uint64_t> numbers(batch);
  std::vector<draft> drafts(batch);
  for (std::uint64_t i = 0; i < appends; ++i) {
    for (std::uint64_t k = 0; k < batch; ++k) {
      numbers[k] = i * batch + k;
      drafts[k].what = kind::created;
      drafts[k].entity = "entity";
      drafts[k].payload = std::as_bytes(std::span(&numbers[k], 1));
    }
    if (const auto done = s.append(drafts); !done.ok()) FAIL("append " << i << ": " << to_string(done.error()));
    after((i + 1) * batch);
  }
}

// Collects the first places where something was wrong, so that one that is wrong everywhere stays readable.
class wrongs {
 public:
  template <class... Parts>
  void check(bool right, fmt::string_view text, const Parts&... parts) {
    if (right) return;
    if (++count_ <= 5) text_ += fmt::vformat(text, fmt::make_format_args(parts...)) + "; ";
  }
  std::string text() const { return count_ == 0 ? "" : fmt::format("{} times: {}", count_, text_); }

 private:
  std::uint64_t count_ = 0;
  std::string text_;
};

TEST_CASE("syncs: each append of forty thousand is on the disk when it returns") {
  each_durable_design([](facade& f) {
    for (const std::uint64_t batch : {1u, 7u, 64u}) {
      const scratch_dir dir;
      const auto s = open(f, options_in(dir, sync_policy::each));
      const std::uint64_t appends = std::max<std::uint64_t>(kAppends / (batch * batch), 500);
      const std::uint64_t stats_before = s->stats().syncs;
      wrongs wrong;
      synced last = sync_state();
      append(*s, appends, batch, [&](std::uint64_t events) {
        const synced now = sync_state();
        wrong.check(now.dirty == 0, "after {} events {} files are not synced", events, now.dirty);
        wrong.check(now.files > last.files, "the append that ends with event {} synced nothing", events);
        last = now;
      });
      INFO("batches of " << batch);
      CHECK(wrong.text() == "");
      CHECK(s->stats().syncs - stats_before >= appends);
    }
  });
}

TEST_CASE("syncs: under the policy of batches no more is left unsynced than a batch") {
  each_durable_design([](facade& f) {
    for (const std::uint64_t promised : {1u, 3u, 1000u}) {
      const scratch_dir dir;
      store_options o = options_in(dir, sync_policy::batch);
      o.batch_events = promised;
      const auto s = open(f, o);
      const std::uint64_t appends = promised > 3 ? kAppends : kAppends / 2;
      std::uint64_t clean_at = 0, cleaned = 0;
      wrongs wrong;
      append(*s, appends, 1, [&](std::uint64_t events) {
        if (sync_state().dirty == 0) {
          clean_at = events;
          ++cleaned;
        }
        wrong.check(events - clean_at < promised, "after event {} the last that is on the disk is {}", events,
                    clean_at);
      });
      INFO("promised: " << promised);
      CHECK(wrong.text() == "");
      CHECK(cleaned >= appends / promised);
    }
  });
}

TEST_CASE("syncs: each of twenty thousand calls of sync leaves nothing behind") {
  each_durable_design([](facade& f) {
    const scratch_dir dir;
    store_options o = options_in(dir, sync_policy::batch);
    o.batch_events = std::uint64_t{1} << 30;
    const auto s = open(f, o);
    wrongs wrong;
    append(*s, kAppends / 2, 1, [&](std::uint64_t events) {
      wrong.check(s->sync().ok(), "sync {} failed", events);
      wrong.check(sync_state().dirty == 0, "after sync {} a file is not synced", events);
    });
    CHECK(wrong.text() == "");
  });
}

TEST_CASE("syncs: every file of a hundred is synced before the next is begun, and its name too") {
  each_durable_design([](facade& f) {
    if (!f.on_disk()) return;  // files of its own library's making
    const scratch_dir dir;
    store_options o = options_in(dir, sync_policy::batch);
    o.batch_events = std::uint64_t{1} << 30;
    const auto s = open(f, o);
    std::uint64_t files = s->stats().files, rolled = 0;
    synced last = sync_state();
    wrongs wrong;
    append(*s, kAppends, 1, [&](std::uint64_t events) {
      const std::uint64_t now_files = s->stats().files;
      if (now_files == files) return;
      const synced now = sync_state();
      files = now_files;
      ++rolled;
      wrong.check(now.dirty <= 1, "with event {} a file before the last is not synced", events);
      wrong.check(now.directories > last.directories, "with event {} a file's name was not synced", events);
      last = now;
    });
    CHECK(wrong.text() == "");
    CHECK(rolled >= 100);
  });
}

// Every event of a long log is found again, by number and through its entity, also behind what happens rarely.
TEST_CASE("syncs: after forty thousand appends every event is there, and again when the store is opened anew") {
  each_durable_design([](facade& f) {
    const scratch_dir dir;
    const store_options o = options_in(dir, sync_policy::batch);
    for (const bool again : {false, true}) {
      const auto s = open(f, o);
      if (!again) append(*s, kAppends, 1, [](std::uint64_t) {});
      auto reader = s->reader();
      REQUIRE(reader.ok());
      for (const bool by_entity : {false, true}) {
        auto all = by_entity ? reader.value().read_entity("entity", kStart) : reader.value().read(kStart);
        REQUIRE(all.ok());
        std::uint64_t next = 0, wrong = 0;
        all.value().for_each([&](const event_view& e) {
          std::uint64_t number = 0;
          std::memcpy(&number, e.payload().data(), sizeof number);
          wrong += number == next && e.seq() == next ? 0 : 1;
          ++next;
        });
        INFO((again ? "opened again" : "as appended") << (by_entity ? ", by entity" : ""));
        CHECK(next == kAppends);
        CHECK(wrong == 0);
      }
    }
  });
}

}  // namespace
