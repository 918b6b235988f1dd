// SPDX-License-Identifier: Apache-2.0
// Live bytes and their peak are exact in requested bytes.
#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include "property_tests/catch.h"
#include "property_tests/harness/hooks/support.h"

using namespace hooks_test;

namespace {

struct step {
  unsigned place;
  std::size_t size;
  unsigned how;  // 0 free, 1 malloc, 2 calloc, 3 aligned, 4 and 5 realloc
};

// The plain model: what each place holds, and the sums.
struct model {
  std::vector<std::int64_t> held = std::vector<std::int64_t>(64, -1);
  std::int64_t live = 0, peak = 0;

  void replace(unsigned place, std::int64_t size) {
    if (held[place] >= 0) live -= held[place];
    held[place] = size;
    if (size >= 0) live += size;
    if (live > peak) peak = live;
  }
};

void apply(std::vector<void*>& blocks, const step& s) {
  void*& block = blocks[s.place];
  if (s.how >= 4) {
    block = escape(std::realloc(block, s.size));
    return;
  }
  std::free(block);
  block = s.how == 0   ? nullptr
          : s.how == 1 ? escape(std::malloc(s.size))
          : s.how == 2 ? escape(std::calloc(1, s.size))
                       : escape(aligned_alloc(64, s.size));
}

}  // namespace

TEST_CASE("live and peak follow a model over random work") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<step> steps;
    model expected;
    for (int i = 0; i < 500; ++i) {
      const step s = {static_cast<unsigned>(random() % 64), 1 + random() % (i % 10 == 0 ? 100000 : 700),
                      static_cast<unsigned>(random() % 6)};
      steps.push_back(s);
      if (s.how < 4) expected.replace(s.place, -1);
      if (s.how > 0) expected.replace(s.place, static_cast<std::int64_t>(s.size));
    }
    std::vector<void*> blocks(64, nullptr);
    cch_peak_reset();
    const std::int64_t start = cch_live();
    const std::int64_t peak_at_start = cch_peak();
    for (const step& s : steps) apply(blocks, s);
    const std::int64_t live = cch_live() - start;
    const std::int64_t peak = cch_peak() - start;
    for (void* block : blocks) std::free(block);
    const std::int64_t left = cch_live() - start;
    CAPTURE(seed);
    REQUIRE(peak_at_start == start);
    REQUIRE(live == expected.live);
    REQUIRE(peak == expected.peak);
    REQUIRE(left == 0);
  }
}

TEST_CASE("a peak that threads build together is the sum of what they hold") {
  constexpr std::size_t kSize = 10000;
  constexpr int kThreads = 4;
  constexpr int kBlocks = 50;
  std::atomic<int> holding = 0;
  std::atomic<bool> release = false;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&] {
      void* blocks[kBlocks];
      while (!release.load()) std::this_thread::yield();
      for (void*& block : blocks) block = escape(std::malloc(kSize));
      ++holding;
      while (holding.load() < kThreads) std::this_thread::yield();
      for (void* block : blocks) std::free(block);
    });
  cch_peak_reset();
  const std::int64_t start = cch_peak();
  release = true;
  while (holding.load() < kThreads) std::this_thread::yield();
  const std::int64_t peak = cch_peak() - start;
  for (std::thread& t : threads) t.join();
  CHECK(peak == static_cast<std::int64_t>(kSize) * kThreads * kBlocks);
}

TEST_CASE("peak tracking can be switched off and on again") {
  void* before = escape(std::malloc(1000));
  cch_track_peak(CCH_PEAK_OFF);
  void* unseen = escape(std::malloc(5000));
  const std::int64_t peak_while_off = cch_peak();
  cch_track_peak(CCH_PEAK_HEAP);
  const std::int64_t live = cch_live();
  const std::int64_t peak_at_start = cch_peak();
  void* seen = escape(std::malloc(300));
  std::free(before);
  const std::int64_t peak = cch_peak();
  std::free(unseen);
  std::free(seen);
  CHECK(peak_while_off < live);
  CHECK(peak_at_start == live);
  CHECK(peak == live + 300);
}

TEST_CASE("the peak follows single bytes") {
  cch_peak_reset();
  const std::int64_t start = cch_peak();
  void* blocks[10];
  std::int64_t peaks[10];
  for (int i = 0; i < 10; ++i) {
    blocks[i] = escape(std::malloc(1));
    peaks[i] = cch_peak() - start;
  }
  for (void* block : blocks) std::free(block);
  for (int i = 0; i < 10; ++i) CHECK(peaks[i] == i + 1);
}

TEST_CASE("a realloc never holds both blocks in the peak") {
  void* block = escape(std::malloc(100000));
  cch_peak_reset();
  const std::int64_t start = cch_peak();
  block = escape(std::realloc(block, 400000));  // must move
  const std::int64_t peak = cch_peak() - start;
  std::free(block);
  CHECK(peak == 300000);
}
