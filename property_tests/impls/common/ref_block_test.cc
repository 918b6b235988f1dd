// SPDX-License-Identifier: Apache-2.0
// Goal: a counted block dies with its last owner, once, whichever that is. Method: count releases, in every order.
#include "impls/common/ref_block.h"

#include <csignal>
#include <cstring>
#include <numeric>
#include <thread>
#include <vector>

#include "harness/base/rng.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"

namespace copycost {
namespace {

// Foreign memory that counts how often it is given back.
struct lender {
  std::vector<std::byte> bytes{100, std::byte{42}};
  int released = 0;
  foreign_bytes lend() {
    return {bytes,
            [](void* self, std::byte* data, std::size_t size) {
              auto& l = *static_cast<lender*>(self);
              CHECK(data == l.bytes.data());
              CHECK(size == l.bytes.size());
              ++l.released;
            },
            this};
  }
};

TEST_CASE("a block of its own has the room that was asked for, behind its header") {
  for (const std::size_t capacity : {0u, 1u, 15u, 16u, 17u, 4096u, 1'000'000u}) {
    ref block(ref_block::make(capacity));
    REQUIRE(block.get() != nullptr);
    CHECK(block.get()->capacity() == capacity);
    CHECK(block.get()->held_bytes() == capacity + sizeof(ref_block));
    CHECK(block.get()->is_unique());
    std::memset(block.get()->data(), 1, capacity);
    CHECK(reinterpret_cast<std::uintptr_t>(block.get()->data()) % 16 == 0);
  }
}

TEST_CASE("adopted memory is not copied, and is given back by the last owner in every order of dropping") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    lender l;
    {
      std::vector<ref> owners;
      owners.emplace_back(ref_block::adopt(l.lend()));
      REQUIRE(owners[0].get() != nullptr);
      CHECK(owners[0].get()->data() == l.bytes.data());
      CHECK(owners[0].get()->capacity() == l.bytes.size());
      // The bytes, our header, and the note that says how to give them back: one allocation of 48 bytes.
      CHECK(owners[0].get()->held_bytes() == l.bytes.size() + sizeof(ref_block) + 32);
      rng random(seed);
      for (int i = 0; i < 5; ++i) owners.push_back(owners[random.below(owners.size())].share());
      CHECK(owners[0].get()->use_count() == owners.size());
      random.shuffle(owners);
      while (owners.size() > 1) {
        owners.pop_back();
        CHECK(l.released == 0);
        CHECK(owners[0].get()->use_count() == owners.size());
      }
      CHECK(owners[0].get()->is_unique());
    }
    CHECK(l.released == 1);
  }
}

TEST_CASE("several owners can be added at once, and each drops for itself") {
  lender l;
  ref_block* block = ref_block::adopt(l.lend());
  block->add(3);
  CHECK(block->use_count() == 4);
  for (int i = 0; i < 4; ++i) {
    CHECK(l.released == 0);
    block->drop();
  }
  CHECK(l.released == 1);
}

TEST_CASE("moving an owner moves its count; assigning lets go of the old one; assignment to itself changes nothing") {
  lender a, b;
  ref first(ref_block::adopt(a.lend()));
  ref moved(std::move(first));
  CHECK(first.get() == nullptr);
  CHECK(moved.get()->use_count() == 1);
  ref& same = moved;
  moved = std::move(same);
  REQUIRE(moved.get() != nullptr);
  CHECK(a.released == 0);
  moved = ref(ref_block::adopt(b.lend()));
  CHECK(a.released == 1);
  CHECK(b.released == 0);
  moved = ref();
  CHECK(b.released == 1);
  CHECK(ref().share().get() == nullptr);
}

TEST_CASE("every operation on a count is reported where counting is compiled in, and none elsewhere") {
  const std::uint64_t before = t_own_counts.refcount_ops;
  ref_block* block = ref_block::make(10);
  block->add();
  block->drop();
  block->drop();
  CHECK(t_own_counts.refcount_ops - before == (kCounts ? 3u : 0u));
}

TEST_CASE("threads share and drop one block: the bytes stay, and are given back once, by whoever is last",
          "[threads]") {
  for (int round = 0; round < 20; ++round) {
    lender l;
    {
      ref mine(ref_block::adopt(l.lend()));
      std::vector<std::thread> threads;
      for (int t = 0; t < 4; ++t)
        threads.emplace_back([theirs = mine.share()]() mutable {
          std::size_t sum = 0;
          for (int i = 0; i < 500; ++i) {
            const ref one = theirs.share();
            sum += std::to_integer<std::size_t>(one.get()->data()[i % 100]);
          }
          if (sum != 500 * 42) std::abort();
          const ref gone = std::move(theirs);
        });
      mine = ref();  // the last owner is one of the threads
      for (std::thread& t : threads) t.join();
    }
    CHECK(l.released == 1);
  }
}

TEST_CASE("a count aborts before it can wrap") {
  const int end = test::run_child([] {
    std::signal(SIGABRT, SIG_DFL);  // or Catch would report the child's end as a failure of its own
    ref_block* block = ref_block::make(1);
    block->add(1u << 31);
    block->add();
    return 0;
  });
  CHECK(end == 1000 + SIGABRT);
}

}  // namespace
}  // namespace copycost
