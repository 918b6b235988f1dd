// SPDX-License-Identifier: Apache-2.0
//
// Laws about threads, which share, slice, read, hand over and drop chunks of common blocks, and about a second process.
// Built with ThreadSanitizer the first is also a test of the orderings.
#include <algorithm>
#include <atomic>
#include <deque>
#include <latch>
#include <mutex>
#include <thread>

#include "harness/base/rng.h"
#include "scenarios/chunk/laws/draw.h"
#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

// A chunk and what it must hold: `of.bytes` from `pos` on.
struct known_chunk {
  any_chunk c;
  const model_chunk* of;
  std::size_t pos;

  bool is_right() const {
    const auto expected = bytes_view(of->bytes).subspan(pos);
    return c.at().offset == of->offset + pos && c.size() <= expected.size() &&
           same_bytes(c.view(), expected.first(c.size()));
  }
};

// Where threads leave chunks for each other, so that a chunk is dropped by another thread than the one that made it.
class mailbox {
 public:
  void put(known_chunk k) {
    const std::lock_guard lock(mutex_);
    held_.push_back(std::move(k));
  }
  std::optional<known_chunk> get() {
    const std::lock_guard lock(mutex_);
    if (held_.empty()) return std::nullopt;
    std::optional<known_chunk> k(std::move(held_.front()));
    held_.pop_front();
    return k;
  }

 private:
  std::mutex mutex_;
  std::deque<known_chunk> held_;  // guarded by mutex_
};

struct common_ground {
  common_ground(const facade& design, std::ptrdiff_t threads) : f(design), start(threads) {}
  const facade& f;
  std::vector<known_chunk> sources;  // read by all threads, changed by none
  mailbox mail;
  std::latch start;
  std::atomic<int> wrong{0};
};

// Owners come and go so fast, and for so long, that threads meet at the count even when they do not start together.
constexpr int kMeetings = 20'000;

// One thread's life. Nothing here may throw: an assertion belongs to the thread that runs the property.
void live(common_ground& all, std::uint64_t seed, std::uint64_t steps) {
  rng random(seed);
  std::vector<known_chunk> own;
  all.start.arrive_and_wait();
  for (int i = 0; i < kMeetings; ++i) all.f.share_and_drop(all.sources.front().c);
  for (std::uint64_t i = 0; i < steps; ++i) {
    const auto& from = own.empty() || random.below(2) == 0 ? all.sources[random.below(all.sources.size())]
                                                           : own[random.below(own.size())];
    if (!from.is_right()) ++all.wrong;
    switch (random.below(4)) {
      case 0:
        own.push_back({from.c.share(), from.of, from.pos});
        break;
      case 1: {
        const std::size_t pos = random.below(from.c.size() + 1), len = random.below(from.c.size() - pos + 1);
        auto part = from.c.slice(pos, len);
        if (part.ok())
          own.push_back({std::move(part).value(), from.of, from.pos + pos});
        else
          ++all.wrong;
        break;
      }
      case 2:
        all.mail.put({from.c.share(), from.of, from.pos});
        break;
      default:
        if (auto k = all.mail.get(); k && !k->is_right()) ++all.wrong;
    }
    if (own.size() > 6) own.erase(own.begin() + static_cast<std::ptrdiff_t>(random.below(own.size())));
  }
}

void threads_share_and_drop(facade_maker make) {
  const auto f = design_of<facade>(make);
  std::vector<model_chunk> models;
  models.push_back(draw_small_chunk("first"));
  for (std::uint64_t n = draw_number("more blocks", 0, 2); n > 0; --n) models.push_back(draw_chunk("chunk"));
  const std::uint64_t count = draw_number("threads", 2, 4), seed = draw_number("seed", 0, 999),
                      steps = draw_number("steps", 1, 400);
  common_ground all(*f, static_cast<std::ptrdiff_t>(count));
  std::vector<std::uint64_t> owners;
  for (const model_chunk& m : models) all.sources.push_back({draw_made(*f, m, "way"), &m, 0});
  for (const known_chunk& k : all.sources) owners.push_back(k.c.use_count());

  {
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < count; ++t)
      threads.emplace_back([&all, seed, t, steps] { live(all, seed * 8 + t, steps); });
  }
  RC_ASSERT(all.wrong.load() == 0);
  while (auto k = all.mail.get()) RC_ASSERT(k->is_right());
  for (std::size_t i = 0; i < models.size(); ++i) {
    check_equals(*f, all.sources[i].c, models[i]);
    RC_ASSERT(all.sources[i].c.use_count() == owners[i]);
  }
}

void another_process_reads_the_same_bytes(facade_maker make) {
  const auto f = design_of<facade>(make);
  std::vector<byte_string> all;
  for (std::uint64_t n = draw_number("chunks", 1, 4); n > 0; --n) all.push_back(random_bytes(draw_size("size"), n));
  RC_ASSERT(f->equal_in_another_process(all) == static_cast<int>(all.size()));  // fits: a drawn list
}

}  // namespace

law_list sharing() {
  return {
      law_of<threads_share_and_drop>(
          "threads share, slice, read, hand over and drop chunks of common blocks; at the end one owner is left",
          {.cost = 10, .threads = kThreads}),
      law_of<another_process_reads_the_same_bytes>(
          "a chunk that is handed to another process has its bytes and offset there", {.cost = 20}),
  };
}

}  // namespace copycost::chunk::properties
