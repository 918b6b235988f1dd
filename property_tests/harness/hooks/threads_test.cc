// SPDX-License-Identifier: Apache-2.0
// Counters belong to threads while they run, and to the process when they have ended.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "property_tests/catch.h"
#include "property_tests/harness/hooks/support.h"

using namespace hooks_test;

namespace {

constexpr int kThreads = 8;
constexpr int kRounds = 2000;

void churn(char* area) {
  void* (*volatile copy)(void*, const void*, std::size_t) = std::memcpy;
  for (int i = 0; i < kRounds; ++i) {
    void* block = escape(std::malloc(48));
    copy(area, area + 64, 32);
    std::free(block);
  }
}

}  // namespace

TEST_CASE("a thread counts its own work from zero, and nobody else's") {
  char area[128] = {};
  cch_counts at_start = {};
  cch_counts at_end = {};
  const cch_counts outside = counted([] {});
  std::thread([&] {
    cch_thread(&at_start);
    churn(area);
    cch_thread(&at_end);
  }).join();
  CHECK(outside.allocs == 0);
  CHECK(at_start.allocs <= 1);  // what libc may allocate before the thread's function
  CHECK(at_start.copy_calls == 0);
  CHECK(at_end.allocs - at_start.allocs == kRounds);
  CHECK(at_end.frees - at_start.frees == kRounds);
  CHECK(at_end.copy_bytes == 32u * kRounds);
}

TEST_CASE("the total keeps what ended threads counted") {
  for (int repetition = 0; repetition < 3; ++repetition) {
    char areas[kThreads][128] = {};
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    const cch_counts c = counted_everywhere([&] {
      for (int t = 0; t < kThreads; ++t) threads.emplace_back(churn, areas[t]);
      for (std::thread& t : threads) t.join();
    });
    CHECK(c.copy_calls == kThreads * kRounds);
    CHECK(c.copy_bytes == 32u * kThreads * kRounds);
    // std::thread allocates its start state, libc its table of thread-local storage unless it has a cached one.
    CHECK(c.allocs >= kThreads * (kRounds + 1));
    CHECK(c.allocs <= kThreads * (kRounds + 2));
    CHECK(c.alloc_bytes >= 48u * kThreads * kRounds);
    CHECK(c.frees >= kThreads * (kRounds + 1));
  }
}

TEST_CASE("a block freed by another thread keeps its size") {
  void* blocks[100];
  for (std::size_t i = 0; i < 100; ++i) blocks[i] = escape(std::malloc(i * 37));
  cch_counts before = {};
  cch_counts after = {};
  std::thread([&] {
    cch_thread(&before);
    for (void* block : blocks) std::free(block);
    cch_thread(&after);
  }).join();
  CHECK(after.frees - before.frees == 100);
  CHECK(after.freed_bytes - before.freed_bytes == 37u * 99 * 100 / 2);
}

TEST_CASE("counting at the end of a thread, after its slot was given back, is not lost") {
  struct late {
    ~late() { std::free(escape(std::malloc(71))); }
  };
  constexpr int kEnding = 20;
  std::thread threads[kEnding];
  const cch_counts c = counted_everywhere([&] {
    for (std::thread& t : threads)
      t = std::thread([] {
        thread_local late at_exit;
        escape(&at_exit);
      });
    for (std::thread& t : threads) t.join();
  });
  CHECK(c.alloc_bytes >= 71u * kEnding);
  CHECK(c.allocs >= 2u * kEnding);
  CHECK(c.frees >= 2u * kEnding);
}

TEST_CASE("a forked child allocates and counts on its own") {
  const pid_t child = fork();
  if (child == 0) {
    const cch_counts c = counted_everywhere([] { std::free(escape(std::malloc(123))); });
    _exit(c.allocs == 1 && c.frees == 1 && c.alloc_bytes == 123 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
