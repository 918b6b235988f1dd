// SPDX-License-Identifier: Apache-2.0
#include "impls/common/robust_lock.h"

#include <sys/mman.h>

#include <thread>
#include <vector>

#include "property_tests/catch.h"
#include "property_tests/child.h"

using namespace copycost;

namespace {

// Every owner whose slot is not `dead_slot` is alive.
struct dead_slot_judge final : robust_lock::judge_of_death {
  explicit dead_slot_judge(unsigned dead = 99) : dead_slot(dead) {}
  bool is_dead(std::uint32_t word) const override { return lock_owner::slot(word) == dead_slot; }
  std::atomic<unsigned> dead_slot;
};

}  // namespace

TEST_CASE("an owner's word gives back its slot and generation", "[robust_lock]") {
  for (const unsigned slot : {0u, 1u, 15u, 61u})
    for (const std::uint32_t generation : {0u, 1u, 77u, lock_owner::kGenerations - 1}) {
      const std::uint32_t word = lock_owner::word(slot, generation);
      CHECK(word != 0);
      CHECK((word & lock_owner::kSleepers) == 0);
      CHECK(lock_owner::slot(word) == slot);
      CHECK(lock_owner::generation(word) == generation);
      CHECK(lock_owner::slot(word | lock_owner::kSleepers) == slot);
    }
}

TEST_CASE("one at a time has the lock", "[robust_lock][threads]") {
  robust_lock lock;
  const dead_slot_judge nobody_dies;
  std::uint64_t sum = 0;  // guarded by lock
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5000; ++i) {
        // Threads 0 and 1 are of one process and have the same word.
        if (lock.acquire(lock_owner::word(t / 2, 1), nobody_dies)) std::abort();
        ++sum;
        lock.release();
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(sum == 20'000);
}

TEST_CASE("a dead owner's lock is taken over once, and the taker is told", "[robust_lock][threads]") {
  robust_lock lock;
  dead_slot_judge deaths;
  REQUIRE(!lock.acquire(lock_owner::word(3, 1), deaths));
  std::atomic<int> told{0};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 3; ++t)
    threads.emplace_back([&, t] {
      told += lock.acquire(lock_owner::word(t, 1), deaths) ? 1 : 0;
      lock.release();
    });
  deaths.dead_slot = 3;  // its holder never releases it
  for (std::thread& t : threads) t.join();
  CHECK(told == 1);
  CHECK(!lock.acquire(lock_owner::word(0, 1), deaths));
}

TEST_CASE("a process that is killed while it has the lock leaves it to the next one", "[robust_lock]") {
  void* memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  auto& lock = *static_cast<robust_lock*>(memory);  // zeros are a free lock
  const pid_t pid = test::start_child([&]() -> int {
    lock.acquire(lock_owner::word(1, 1), dead_slot_judge());
    raise(SIGKILL);
    return 0;
  });
  CHECK(test::end_of(pid) == 1000 + SIGKILL);
  CHECK(lock.acquire(lock_owner::word(0, 1), dead_slot_judge(1)));
  lock.release();
  CHECK(!lock.acquire(lock_owner::word(0, 1), dead_slot_judge(1)));
  munmap(memory, 4096);
}
