// SPDX-License-Identifier: Apache-2.0
//
// Laws about stores in shared memory: readers in other processes, and processes that are killed.
#include <unistd.h>

#include <chrono>
#include <thread>

#include "harness/base/fd.h"
#include "harness/judge/run_laws.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/laws/marks.h"
#include "scenarios/event_store/laws/other_process.h"
#include "scenarios/event_store/laws/twin.h"

namespace copycost::event_store::properties {
namespace {

std::unique_ptr<facade> shared_design(facade_maker make) {
  auto f = design_of<facade>(make);
  if (!f->shared()) throw not_offered{"shared memory"};
  return f;
}

// A store's memory that outlives the store.
owned_fd kept_memory(const any_store& s) { return owned_fd(::dup(s.memory_fd())); }

// What a process does that reads along until the order to stop, and has then seen everything.
void read_along(facade& f, int fd, notes& on, const marked_log& log, std::uint64_t seed) {
  auto store = f.attach(fd);
  if (!store.ok()) return on.add("attach: " + to_string(store.error()));
  auto reader = store.value()->reader();
  if (!reader.ok()) return on.add("reader: " + to_string(reader.error()));
  rng random(seed);
  std::optional<any_snapshot> old;
  on.begun() = 1;
  for (bool last = false; !last;) {
    last = on.stop() != 0;
    const sequence there = on.acknowledged();
    any_snapshot now = reader->snapshot();
    if (now.range().end < there) on.add("an acknowledged event is not there");
    on.add(wrong_with(now, log));
    if (old) on.add(wrong_with(*old, log));
    if (random.below(3) == 0)
      old.reset();
    else if (!old)
      old.emplace(std::move(now));
  }
  const owned_draft d = marked({0, 0, 0, 1});
  if (const draft one = d.view(); store.value()->append({&one, 1}).ok()) on.add("a reading process can append");
}

void another_process_reads_along(facade_maker make) {
  const auto f = shared_design(make);
  store_options o = small_options();
  o.events_max = draw_bool("retention") ? draw_number("events_max", 5, 60) : 0;
  const auto store = must(f->open(o));
  const std::uint64_t seed = draw_number("seed", 0, 999), before = draw_number("batches before", 0, 30),
                      batches = draw_number("batches", 1, 200), readers = draw_number("readers", 1, 2);
  const bool truncates = draw_bool("truncates");
  const marked_log log{1, !truncates && o.events_max == 0};
  notes on;
  std::uint32_t b = 0;
  const auto append = [&] {
    on.acknowledged() = must(store->append(views(marked_batch(0, b, marked_size(seed, 0, b))))).last + 1;
    if (++b; truncates && b % 16 == 0) must(store->truncate_before(on.acknowledged() - b % 5));
  };
  while (b < before) append();
  std::vector<std::unique_ptr<other_process>> others;
  for (std::uint64_t i = 0; i < readers; ++i)
    others.push_back(
        std::make_unique<other_process>(on, [&, i] { read_along(*f, store->memory_fd(), on, log, seed + i); }));
  while (on.begun() == 0 && !others.front()->has_ended()) std::this_thread::yield();
  for (std::uint64_t n = 0; n < batches; ++n) append();
  on.stop() = 1;
  for (auto& p : others) RC_ASSERT(p->wait());
  on.check();
}

// A writer is killed; the next writer finds everything that was acknowledged, and goes on.
void killed_writer_leaves_a_readable_store(facade_maker make) {
  const auto f = shared_design(make);
  store_options o = small_options();
  o.memory_bytes_max = std::size_t{64} << 20;
  std::unique_ptr<any_store> first = must(f->open(o));
  const owned_fd memory = kept_memory(*first);
  first.reset();
  o.memory_fd = memory;
  const std::uint64_t seed = draw_number("seed", 0, 999);
  std::uint32_t next_batch = 0;
  for (std::uint64_t kills = draw_number("kills", 1, 3); kills > 0; --kills) {
    notes on;
    other_process writer(on, [&] {
      auto store = f->open(o);
      if (!store.ok()) return on.add("open: " + to_string(store.error()));
      for (std::uint32_t b = next_batch; b < 100'000; ++b) {
        const auto done = store.value()->append(views(marked_batch(0, b, marked_size(seed, 0, b))));
        if (!done.ok()) return on.add("append: " + to_string(done.error()));
        on.acknowledged() = done->last + 1;
        on.begun() = 1;
      }
      for (;;) ::pause();
    });
    while (on.begun() == 0 && !writer.has_ended()) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::microseconds(draw_number("microseconds", 0, 300)));
    writer.kill();
    on.check();
    {
      const auto seen = must(f->attach(memory));
      any_reader reader = must(seen->reader());
      RC_ASSERT(reader.snapshot().range().end >= on.acknowledged());
      if (const std::string text = wrong_with(reader.snapshot(), {}); !text.empty()) RC_FAIL(text);
    }
    const auto store = must(f->open(o));
    any_reader reader = must(store->reader());
    const bounds range = reader.snapshot().range();
    RC_ASSERT((range.first == 0 && range.end >= on.acknowledged()));
    std::uint32_t last_batch = 0;
    must(reader.read(range.end - 2, 1)).for_each([&](const event_view& e) {
      last_batch = static_cast<std::uint32_t>(e.time());
    });
    next_batch = last_batch + 1;
    const auto more = must(store->append(views(marked_batch(0, next_batch, 3))));
    RC_ASSERT(more.first == range.end);
    ++next_batch;
    if (const std::string text = wrong_with(reader.snapshot(), {}); !text.empty()) RC_FAIL(text);
    RC_ASSERT(store->stats().events == range.end + 3);
  }
}

// A reader is killed while it holds a snapshot. What it held is given back, or else the store would fill.
void killed_reader_lets_go(facade_maker make) {
  const auto f = shared_design(make);
  store_options o = small_options();
  o.memory_bytes_max = 64 * o.segment_bytes;
  o.events_max = draw_number("events_max", 1, 60);
  const auto store = must(f->open(o));
  rng random = draw_rng("content");
  const auto flow = [&](std::uint64_t bytes) {
    for (std::uint64_t sum = 0; sum < bytes;) {
      const auto batch = random_batch(random, 8);
      for (const owned_draft& d : batch) sum += d.record_bytes();
      must(store->append(views(batch)));
    }
  };
  for (std::uint64_t n = draw_number("readers", 1, 6); n > 0; --n) {
    flow(4096);
    notes on;
    other_process reader(on, [&] {
      auto seen = f->attach(store->memory_fd());
      if (!seen.ok()) return on.add("attach: " + to_string(seen.error()));
      auto r = seen.value()->reader();
      if (!r.ok()) return on.add("reader: " + to_string(r.error()));
      const any_snapshot held = r->snapshot();
      const auto list = r->read(kStart);
      on.begun() = 1;
      for (;;) ::pause();
    });
    while (on.begun() == 0 && !reader.has_ended()) std::this_thread::yield();
    flow(draw_number("bytes while it holds", 0, 8) * 1024);
    reader.kill();
    on.check();
  }
  flow(1 << 20);
}

void two_writers_are_one_too_many(facade_maker make) {
  const auto f = shared_design(make);
  store_options o = small_options();
  const auto store = must(f->open(o));
  must(store->append(views(marked_batch(0, 0, 2))));
  o.memory_fd = store->memory_fd();
  notes on;
  other_process second(on, [&] {
    const auto opened = f->open(o);
    if (opened.ok()) return on.add("a second process may write");
    if (opened.error().code != errc::locked) on.add("open: " + to_string(opened.error()));
  });
  RC_ASSERT(second.wait());
  on.check();
  must(store->append(views(marked_batch(0, 1, 2))));
  any_reader reader = must(store->reader());
  if (const std::string text = wrong_with(reader.snapshot(), {}); !text.empty()) RC_FAIL(text);
}

}  // namespace

law_list processes() {
  return {
      law_of<another_process_reads_along>("a process that attaches sees whole prefixes while another one appends",
                                          {.cost = 20}),
      law_of<killed_writer_leaves_a_readable_store>(
          "a writer that is killed leaves what it acknowledged, nothing invented, and its place to another one",
          {.cost = 20}),
      law_of<killed_reader_lets_go>("what a killed reader held is given back", {.cost = 40}),
      law_of<two_writers_are_one_too_many>("shared memory that has a writer is locked for others", {.cost = 40}),
  };
}

}  // namespace copycost::event_store::properties
