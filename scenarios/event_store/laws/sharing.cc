// SPDX-License-Identifier: Apache-2.0
//
// Laws about threads: appenders, readers and one that truncates, all at once. Built with ThreadSanitizer they are also
// a test of the orderings. Threads complain, and the property's own thread asserts.
#include <algorithm>
#include <latch>
#include <set>
#include <thread>

#include "harness/judge/run_laws.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/laws/marks.h"
#include "scenarios/event_store/laws/twin.h"

namespace copycost::event_store::properties {
namespace {

struct common_ground {
  common_ground(any_store& s, std::uint32_t writers, std::uint32_t readers, bool truncates)
      : store(s), log{writers, !truncates}, start(writers + readers), writing(writers) {}
  any_store& store;
  marked_log log;
  std::latch start;
  std::atomic<std::uint32_t> writing;
  std::atomic<sequence> acknowledged{0};  // behind the last event that an append has acknowledged
  complaints wrong;
};

void raise(std::atomic<sequence>& to, sequence value) {
  sequence was = to.load();
  while (was < value && !to.compare_exchange_weak(was, value)) {
  }
}

// Appends `batches` batches, and notes where each of them lies.
void write(common_ground& all, std::uint64_t seed, std::uint32_t writer, std::uint32_t batches,
           std::vector<sequence>& firsts) {
  all.start.arrive_and_wait();
  for (std::uint32_t b = 0; b < batches; ++b) {
    const auto batch = marked_batch(writer, b, marked_size(seed, writer, b));
    const auto done = all.store.append(views(batch));
    if (!done.ok()) {
      all.wrong.add("append: " + to_string(done.error()));
      break;
    }
    if (done->last + 1 - done->first != batch.size()) all.wrong.add("an append answers another number of events");
    raise(all.acknowledged, done->last + 1);
    firsts.push_back(done->first);
  }
  --all.writing;
}

// Takes snapshots as long as a thread writes, and three more; looks at an older one again and again.
void read(common_ground& all, std::uint64_t seed) {
  rng random(seed);
  std::optional<any_reader> reader;
  std::optional<any_snapshot> old;
  bounds seen{};
  all.start.arrive_and_wait();
  for (int more = 3; more > 0; more -= all.writing.load() == 0) {
    if (!reader || (random.below(8) == 0 && !old)) {
      reader.reset();
      auto r = all.store.reader();
      if (!r.ok()) return all.wrong.add("reader: " + to_string(r.error()));
      reader.emplace(std::move(r).value());
    }
    const sequence before = all.acknowledged.load();
    any_snapshot now = reader->snapshot();
    const bounds range = now.range();
    if (range.end < before) all.wrong.add("an acknowledged event is not there");
    if (range.end < seen.end || range.first < seen.first) all.wrong.add("a later snapshot shows less");
    seen = range;
    all.wrong.add(wrong_with(now, all.log));
    if (old) all.wrong.add(wrong_with(*old, all.log));
    if (random.below(3) == 0)
      old.reset();
    else if (!old)
      old.emplace(std::move(now));
  }
}

void truncate(common_ground& all, std::uint64_t seed) {
  rng random(seed);
  auto reader = all.store.reader();
  if (!reader.ok()) return all.wrong.add("reader: " + to_string(reader.error()));
  while (all.writing.load() > 0) {
    const bounds b = reader->snapshot().range();
    const sequence before = b.first + random.below(b.count() + 1);
    if (const auto done = all.store.truncate_before(before); !done.ok())
      all.wrong.add("truncate: " + to_string(done.error()));
    if (reader->snapshot().range().first < before) all.wrong.add("truncated events are still there");
    std::this_thread::yield();
  }
}

// What the appenders did, one behind the other in some order: every batch where its append said.
void check_interleaving(any_store& store, std::uint64_t seed, const std::vector<std::vector<sequence>>& firsts) {
  any_reader reader = must(store.reader());
  std::vector<std::pair<sequence, mark>> batches;
  for (std::uint32_t w = 0; w < firsts.size(); ++w)
    for (std::uint32_t b = 0; b < firsts[w].size(); ++b)
      batches.push_back({firsts[w][b], {w, b, 0, marked_size(seed, w, b)}});
  std::ranges::sort(batches, {}, [](const auto& batch) { return batch.first; });
  std::vector<owned_draft> expected;
  for (const auto& [first, m] : batches) {
    RC_ASSERT(first == expected.size());
    for (owned_draft& d : marked_batch(m.writer, m.batch, m.size)) expected.push_back(std::move(d));
  }
  RC_ASSERT(reader.snapshot().range().end == expected.size());
  must(reader.read(kStart)).for_each([&](const event_view& e) {
    const std::string text = event_store::difference(e, expected[e.seq()]);
    no_difference(text);
  });
}

void run_threads(facade_maker make, const store_options& o, bool truncates) {
  const auto f = design_of<facade>(make);
  const auto store = must(f->open(o));
  const auto writers = static_cast<std::uint32_t>(draw_number("writers", 1, 3)),
             readers = static_cast<std::uint32_t>(draw_number("readers", 1, 3)),
             batches = static_cast<std::uint32_t>(draw_number("batches", 1, 80));
  const std::uint64_t seed = draw_number("seed", 0, 999);
  common_ground all(*store, writers, readers, truncates || o.events_max != 0);
  std::vector<std::vector<sequence>> firsts(writers);
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t w = 0; w < writers; ++w)
      threads.emplace_back([&, w] { write(all, seed, w, batches, firsts[w]); });
    for (std::uint32_t r = 0; r < readers; ++r) threads.emplace_back([&, r] { read(all, seed + r); });
    if (truncates) threads.emplace_back([&] { truncate(all, seed); });
  }
  all.wrong.check();
  if (all.log.from_the_start) check_interleaving(*store, seed, firsts);
}

void threads_see_whole_prefixes(facade_maker make) { run_threads(make, small_options(), false); }

void threads_truncate_under_readers(facade_maker make) {
  store_options o = small_options();
  o.events_max = draw_bool("retention") ? draw_number("events_max", 10, 60) : 0;
  run_threads(make, o, draw_bool("truncates"));
}

void threads_append_durably(facade_maker make) {
  const auto f = design_of<facade>(make);
  if (!f->durable()) throw not_offered{"a directory"};
  const home files;
  store_options o = small_options();
  o.dir = files.path();
  o.sync = static_cast<sync_policy>(draw_number("sync policy", 0, 2));
  o.file_bytes = std::size_t{4096} << draw_number("file size", 0, 4);
  o.batch_events = draw_number("batch_events", 1, 20);
  o.interval_ms = 1;
  run_threads(make, o, draw_bool("truncates"));
}

// Every thread appends behind the last event that it knows of. Of those who know the same one, only one may succeed.
void expected_sequence_has_one_winner(facade_maker make) {
  const auto f = design_of<facade>(make);
  const auto store = must(f->open(small_options()));
  const std::uint64_t count = draw_number("threads", 2, 4), tries = draw_number("tries", 1, 60);
  complaints wrong;
  std::latch start(static_cast<std::ptrdiff_t>(count));
  std::vector<std::vector<sequence>> won(count);
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t i = 0; i < count; ++i)
      threads.emplace_back([&, i] {
        auto reader = store->reader();
        start.arrive_and_wait();
        if (!reader.ok()) return wrong.add("reader: " + to_string(reader.error()));
        for (std::uint64_t k = 0; k < tries; ++k) {
          const sequence last = reader->snapshot().range().last();
          const owned_draft d = marked({static_cast<std::uint32_t>(i), 0, 0, 1});
          const draft one = d.view();
          const auto done = store->append({&one, 1}, last);
          if (done.ok()) {
            if (done->first != last + 1) wrong.add("appended behind another event than expected");
            won[i].push_back(done->first);
          } else if (const error& e = done.error();
                     e.code != errc::wrong_expected_version || e.expected != last || e.seq + 1 <= last + 1) {
            wrong.add(to_string(e));
          }
        }
      });
  }
  wrong.check();
  std::set<sequence> all;
  std::size_t sum = 0;
  for (const auto& w : won) {
    all.insert(w.begin(), w.end());
    sum += w.size();
  }
  any_reader reader = must(store->reader());
  RC_ASSERT(all.size() == sum);
  RC_ASSERT(reader.snapshot().range().count() == sum);
  for (std::uint64_t i = 0; i < count; ++i)
    for (const sequence seq : won[i])
      must(reader.read(seq - 1, 1)).for_each([&](const event_view& e) {
        RC_ASSERT(e.entity() == writer_name(static_cast<std::uint32_t>(i)));
      });
}

}  // namespace

law_list sharing() {
  return {
      law_of<threads_see_whole_prefixes>(
          "every snapshot is a prefix without gaps, of whole batches, and so is what it says of each entity",
          {.cost = 20, .threads = kThreads}),
      law_of<threads_truncate_under_readers>("what a snapshot shows stays while others truncate and append",
                                             {.cost = 20, .threads = kThreads}),
      law_of<threads_append_durably>("the same with files, where appends of several threads are written together",
                                     {.cost = 20, .threads = kThreads}),
      law_of<expected_sequence_has_one_winner>("of several who append behind the same event one succeeds",
                                               {.cost = 20, .threads = kThreads}),
  };
}

}  // namespace copycost::event_store::properties
