// SPDX-License-Identifier: Apache-2.0
#include "impls/common/reclaim/reader_slots.h"

#include <thread>
#include <vector>

#include "property_tests/catch.h"

namespace copycost {
namespace {

TEST_CASE("a slot holds the generation of the oldest snapshot until the last one is gone") {
  for (const bool by_exchange : {true, false}) {
    std::atomic<std::uint64_t> generation{5};
    reader_slot slot;
    CHECK(slot.pinned() == reader_slot::kNobody);
    slot.pin(generation, by_exchange);
    generation = 9;
    slot.pin(generation, by_exchange);
    slot.pin(generation, by_exchange);
    CHECK(slot.pinned() == 5);
    slot.unpin();
    slot.unpin();
    CHECK(slot.pinned() == 5);
    slot.unpin();
    CHECK(slot.pinned() == reader_slot::kNobody);
    slot.pin(generation, by_exchange);
    CHECK(slot.pinned() == 9);
    slot.unpin();
  }
}

TEST_CASE("a slot is used again when its reader and the last of its snapshots are gone, in either order") {
  const std::atomic<std::uint64_t> generation{3};
  reader_slots slots;
  CHECK(slots.oldest() == reader_slot::kNobody);
  reader_slot* first = nullptr;
  {
    const slot_lease lease = slots.add();
    first = &lease.slot();
    first->pin(generation, true);
    first->pin(generation, true);
    CHECK(slots.oldest() == 3);
  }
  CHECK(slots.oldest() == 3);  // the reader is gone, its snapshots are not
  CHECK(&slots.add().slot() != first);
  first->unpin();
  CHECK(&slots.add().slot() != first);
  CHECK(slots.oldest() == 3);
  first->unpin();
  CHECK(slots.oldest() == reader_slot::kNobody);
  CHECK(&slots.add().slot() == first);
  const std::uint64_t bytes = slots.bytes();
  for (int i = 0; i < 1000; ++i) {
    const slot_lease lease = slots.add();
    lease.slot().pin(generation, true);
    lease.slot().unpin();
  }
  CHECK(slots.bytes() == bytes);
}

// What the store relies on: of a reader that enters and then looks, and a writer that takes out, sends a barrier and
// then looks at the slot, one sees the other. Each round starts both at once.
TEST_CASE("a reader that the writer does not see behind a fence does not see what was taken out", "[threads]") {
  const reader_slots slots;
  std::atomic<std::uint64_t> generation{1};
  std::atomic<int> there{0}, round{0};
  reader_slot slot;
  constexpr int kRounds = 500;
  std::atomic<int> saw{0};  // 2 * round + whether the reader saw it
  int missed = 0;
  bool fenced = true;
  {
    std::jthread reader([&] {
      for (int r = 1; r <= kRounds; ++r) {
        while (round.load(std::memory_order_acquire) != r) std::this_thread::yield();
        slot.pin(generation, slots.by_exchange());
        const bool sees = there.load() == r;
        saw.store(2 * r + (sees ? 1 : 0), std::memory_order_release);
        while (round.load(std::memory_order_acquire) == r) std::this_thread::yield();
        slot.unpin();
      }
    });
    for (int r = 1; r <= kRounds; ++r) {
      there.store(r);
      round.store(r, std::memory_order_release);
      there.store(0);
      fenced = slots.fence() && fenced;
      const bool entered = slot.pinned() != reader_slot::kNobody;
      int answer = 0;
      while ((answer = saw.load(std::memory_order_acquire)) / 2 != r) std::this_thread::yield();
      if (!entered && answer % 2 == 1) ++missed;
      round.store(-r, std::memory_order_release);
      while (slot.pinned() != reader_slot::kNobody) std::this_thread::yield();
    }
  }
  CHECK(fenced);
  CHECK(missed == 0);
}

TEST_CASE("there is a slot for every reader, a cache line each") {
  reader_slots slots;
  std::vector<slot_lease> all;
  for (int i = 0; i < 100; ++i) {
    all.push_back(slots.add());
    CHECK(reinterpret_cast<std::uintptr_t>(&all.back().slot()) % 64 == 0);
    for (int k = 0; k < i; ++k) CHECK(&all[static_cast<std::size_t>(k)].slot() != &all.back().slot());
  }
}

}  // namespace
}  // namespace copycost
