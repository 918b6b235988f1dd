// SPDX-License-Identifier: Apache-2.0
#include "impls/common/slab.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "harness/base/rng.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/impls/common/slab_bench.h"

using namespace copycost;
using namespace copycost::test;

// --- sizes and tables -------------------------------------------------------------------------------------------

TEST_CASE("size classes have room for what they are chosen for and waste at most a quarter", "[slab]") {
  for (unsigned c = 1; c < kSizeClasses; ++c) REQUIRE(class_granules(c) > class_granules(c - 1));
  std::vector<std::uint64_t> sizes;
  for (std::uint64_t g = 1; g < 5000; ++g) sizes.push_back(g);
  for (unsigned bit = 13; bit < 33; ++bit)
    for (const std::uint64_t near : {0u, 1u, 2u}) sizes.push_back((std::uint64_t{1} << bit) - 1 + near);
  for (const std::uint64_t g : sizes) {
    const unsigned above = class_above(g), below = class_below(g);
    REQUIRE(above < kSizeClasses);
    REQUIRE(class_granules(above) >= g);
    REQUIRE((above == 0 || class_granules(above - 1) < g));
    REQUIRE(class_granules(below) <= g);
    REQUIRE(class_granules(below + 1) > g);
    REQUIRE((g <= 4 || class_granules(above) * 4 <= g * 5));
  }
}

TEST_CASE("the tables of a segment do not overlap and leave most of it to data", "[slab]") {
  for (std::uint64_t bytes = kMiB; bytes <= std::uint64_t{1} << 36; bytes += bytes / 3 / 4096 * 4096) {
    const slab_layout l = slab_layout::of(bytes);
    REQUIRE(l.rings >= sizeof(slab_shared));
    REQUIRE(l.tenant >= l.rings + kSlabRings * sizeof(slab_ring));
    REQUIRE(l.rows >= l.tenant + l.tenant_bytes);
    REQUIRE(l.counts >= l.rows + l.rows_max * sizeof(block_row));
    REQUIRE(l.counts_stride >= l.rows_max * sizeof(std::uint32_t));
    REQUIRE(l.data >= l.counts + kSlabProcesses * l.counts_stride);
    REQUIRE(l.data + l.data_bytes <= bytes);
    REQUIRE(l.data_bytes >= bytes / 2);
    REQUIRE(l.rows_max % 256 == 0);
  }
}

TEST_CASE("counts of neighbouring blocks lie on different lines, each block's in a place of its own", "[slab]") {
  std::vector<bool> seen(4096);
  for (block_id id = 0; id < 4096; ++id) {
    REQUIRE(spread(spread(id)) == id);
    REQUIRE(!seen[spread(id)]);
    seen[spread(id)] = true;
    if (id % 16 != 0) REQUIRE(spread(id) / 16 != spread(id - 1) / 16);
  }
}

// --- one process ------------------------------------------------------------------------------------------------

TEST_CASE("blocks never overlap, keep their bytes, and are all accounted for", "[slab]") {
  const std::uint64_t seed = GENERATE(11u, 12u, 13u, 14u);
  INFO("seed " << seed);
  rng random(seed);
  const auto s = fresh();
  struct block {
    held_block held;
    std::size_t size;
    unsigned fill;
  };
  std::vector<block> model;
  for (unsigned step = 0; step < 4000; ++step) {
    if (random.below(5) < 3) {
      const std::size_t size = random.below(std::size_t{1} << random.between(0, 17));
      const held_block b = s->allocate(size);
      if (b.count == nullptr) continue;  // full; the test below is about that
      REQUIRE(reinterpret_cast<std::uintptr_t>(b.data) % kGranule == 0);
      REQUIRE(s->requested_bytes(*b.count) == size);
      REQUIRE(s->bytes_of(*b.count).data() == b.data);
      fill(b, size, step);
      model.push_back({b, size, step});
    } else if (!model.empty()) {
      std::swap(model[random.below(model.size())], model.back());
      REQUIRE(is_filled(model.back().held.data, model.back().size, model.back().fill));
      s->drop(*model.back().held.count);
      model.pop_back();
    }
  }
  slab::usage expected;
  for (const block& b : model) {
    ++expected.blocks;
    expected.bytes += b.size;
  }
  const slab::usage got = s->used();
  CHECK(got.blocks == expected.blocks);
  CHECK(got.bytes == expected.bytes);
  CHECK(got.capacity >= got.bytes);
  for (const block& b : model) {
    REQUIRE(is_filled(b.held.data, b.size, b.fill));
    s->drop(*b.held.count);
  }
  CHECK(s->used() == slab::usage{});
}

TEST_CASE("a full segment says so, and has room for anything again when all is dropped", "[slab]") {
  const auto s = fresh();
  CHECK(s->allocate(64 * kMiB).count == nullptr);
  const std::size_t size = GENERATE(64u, 1000u, 65536u);
  std::vector<held_block> all;
  for (held_block b = s->allocate(size); b.count != nullptr; b = s->allocate(size)) all.push_back(b);
  CHECK(all.size() > 10);
  for (std::size_t i = 0; i < all.size(); i += 2) s->drop(*all[i].count);
  CHECK(s->allocate(2 * kMiB).count == nullptr);  // there is room, but in pieces
  for (std::size_t i = 1; i < all.size(); i += 2) s->drop(*all[i].count);
  const held_block large = s->allocate(2 * kMiB);
  REQUIRE(large.count != nullptr);
  s->drop(*large.count);
  CHECK(s->used() == slab::usage{});
}

TEST_CASE("free neighbours are joined before an allocation fails", "[slab]") {
  const auto s = fresh();
  std::vector<held_block> all;
  for (held_block b = s->allocate(4096); b.count != nullptr; b = s->allocate(4096)) all.push_back(b);
  for (std::size_t i = 100; i < 132; ++i) s->drop(*std::exchange(all[i], {}).count);
  const held_block joined = s->allocate(32 * 4096);
  REQUIRE(joined.count != nullptr);
  fill(joined, 32 * 4096, 7);
  s->drop(*joined.count);
  for (const held_block& b : all)
    if (b.count != nullptr) s->drop(*b.count);
  CHECK(s->used() == slab::usage{});
}

TEST_CASE("blocks outlive the slab that they are from", "[slab]") {
  slab* const s = fresh().release();
  const held_block b = s->allocate(100);
  fill(b, 100, 5);
  REQUIRE(slab::add(*b.count));
  s->close();
  CHECK(is_filled(b.data, 100, 5));
  s->drop(*b.count);
  CHECK(is_filled(b.data, 100, 5));
  s->drop(*b.count);  // unmaps; a leak checker and a second drop would tell
}

// --- several processes ------------------------------------------------------------------------------------------

TEST_CASE("a block is free when the last process lets go of it", "[slab]") {
  const auto a = fresh();
  const auto b = another(*a);
  REQUIRE(b != nullptr);
  REQUIRE(a->slot() != b->slot());
  const held_block mine = a->allocate(1000);
  fill(mine, 1000, 9);
  CHECK(a->is_unique(*mine.count));
  const held_block theirs = hold_one(*b, a->message(*mine.count, mine.data + 10, 20));
  REQUIRE(theirs.count != nullptr);
  CHECK(theirs.data - b->segment().base() == mine.data + 10 - a->segment().base());
  CHECK(is_filled(theirs.data, 20, 9));
  CHECK(a->use_count(*mine.count) == 2);
  CHECK(b->use_count(*theirs.count) == 2);
  CHECK(!a->is_unique(*mine.count));
  a->drop(*mine.count);
  CHECK(b->used().blocks == 1);
  CHECK(b->is_unique(*theirs.count));
  CHECK(is_filled(theirs.data, 20, 9));
  b->drop(*theirs.count);
  CHECK(b->used() == slab::usage{});
}

TEST_CASE("what is not a block in use cannot be held", "[slab]") {
  const auto a = fresh();
  const held_block b = a->allocate(100);
  const block_message good = a->message(*b.count, b.data, 100);
  auto refused = [&](auto change) {
    block_message m = good;
    change(m);
    return hold_one(*a, m).count == nullptr;
  };
  CHECK(refused([](auto& m) { m.block = kNoBlock; }));
  CHECK(refused([](auto& m) { m.block += 1; }));
  CHECK(refused([](auto& m) { m.block = 1u << 30; }));
  CHECK(refused([](auto& m) { m.generation += 2; }));
  CHECK(refused([](auto& m) { m.generation += 1; }));
  CHECK(refused([](auto& m) { m.begin -= 1; }));
  CHECK(refused([](auto& m) { m.begin += 1; }));  // the end is then one past the block's
  CHECK(refused([](auto& m) { m.begin += 1u << 20; }));
  CHECK(refused([](auto& m) { m.size += 1; }));
  CHECK(refused([](auto& m) { m.size = 0xFFFFFFFFu; }));
  CHECK(!refused([](auto&) {}));
  a->drop(*b.count);  // that one
  a->drop(*b.count);
  CHECK(refused([](auto&) {}));  // free
  const held_block again = a->allocate(100);
  REQUIRE(a->message(*again.count, again.data, 0).block == good.block);
  CHECK(refused([](auto&) {}));  // the same row, but another block
  a->drop(*again.count);
}

TEST_CASE("there are slots for so many processes, and a leaver's is given away again", "[slab]") {
  const auto first = fresh();
  std::vector<slab_ptr> others;
  for (unsigned i = 1; i < kSlabProcesses; ++i) {
    others.push_back(another(*first));
    REQUIRE(others.back() != nullptr);
  }
  CHECK(another(*first) == nullptr);
  others.erase(others.begin() + 3);
  CHECK(another(*first) != nullptr);
}

TEST_CASE("reclaim gives back what a killed process held, and only that", "[slab]") {
  const auto a = fresh();
  const held_block kept = a->allocate(5000);
  fill(kept, 5000, 3);
  const block_message about = a->message(*kept.count, kept.data, 5000);
  const int end = test::run_child([&] {
    const auto b = another(*a);
    for (std::size_t i = 0; i < 100; ++i)
      if (b->allocate(100 * i).count == nullptr) return 1;
    if (hold_one(*b, about).count == nullptr) return 2;
    raise(SIGKILL);
    return 3;
  });
  REQUIRE(end == 1000 + SIGKILL);
  CHECK(a->used().blocks == 101);
  CHECK(a->reclaim() == 100u * 4950u);
  CHECK(a->reclaim() == 0);
  CHECK(a->used().blocks == 1);
  CHECK(a->is_unique(*kept.count));
  CHECK(is_filled(kept.data, 5000, 3));
  a->drop(*kept.count);
  CHECK(a->used() == slab::usage{});
}

TEST_CASE("reclaim does not touch what a living process holds", "[slab]") {
  const auto a = fresh();
  const auto b = another(*a);
  const held_block theirs = b->allocate(777);
  fill(theirs, 777, 1);
  CHECK(a->reclaim() == 0);
  CHECK(b->reclaim() == 0);
  CHECK(is_filled(theirs.data, 777, 1));
  b->drop(*theirs.count);
}

TEST_CASE("a dead process whose number belongs to a living one is still dead", "[slab]") {
  const auto a = fresh();
  unsigned slot = 0;
  const int end = test::run_child([&] {
    slab* const b = another(*a).release();  // never closed
    return b->allocate(100).count != nullptr ? static_cast<int>(b->slot()) : 99;
  });
  slot = static_cast<unsigned>(end);
  REQUIRE(slot < kSlabProcesses);
  reinterpret_cast<slab_shared*>(a->segment().base())->processes[slot].pid = static_cast<std::uint32_t>(getpid());
  CHECK(a->used().blocks == 1);
  CHECK(a->reclaim() == 100);
}

TEST_CASE("an allocation that finds no room reclaims by itself", "[slab]") {
  const auto a = fresh();
  const int end = test::run_child([&] {
    const auto b = another(*a);
    while (b->allocate(65536).count != nullptr) {
    }
    raise(SIGKILL);
    return 1;
  });
  REQUIRE(end == 1000 + SIGKILL);
  const held_block b = a->allocate(2 * kMiB);
  REQUIRE(b.count != nullptr);
  a->drop(*b.count);
}

TEST_CASE("a process that is killed with the lock does not stop the others", "[slab]") {
  const auto a = fresh();
  const held_block kept = a->allocate(300);
  fill(kept, 300, 8);
  const int end = test::run_child([&]() -> int {
    const auto b = another(*a);
    b->allocate(4000);
    const slab::guard locked(*b);
    raise(SIGKILL);
    return 1;
  });
  REQUIRE(end == 1000 + SIGKILL);
  const held_block next = a->allocate(5000);  // takes the lock over
  REQUIRE(next.count != nullptr);
  CHECK(a->reclaim() == 4000);
  CHECK(is_filled(kept.data, 300, 8));
  a->drop(*next.count);
  a->drop(*kept.count);
  CHECK(a->used() == slab::usage{});
}

TEST_CASE("a slot's new owner takes over the lock that its former owner died with", "[slab]") {
  const auto a = fresh();
  const int end = test::run_child([&]() -> int {
    const auto b = another(*a);
    const slab::guard locked(*b);
    raise(SIGKILL);
    return 1;
  });
  REQUIRE(end == 1000 + SIGKILL);
  const auto heir = another(*a);  // without the generation in the lock's word it would wait for itself
  REQUIRE(heir != nullptr);
  CHECK(heir->slot() == 1);
}

TEST_CASE("lists that were half done when their owner died are made anew", "[slab]") {
  const auto a = fresh();
  std::vector<held_block> kept;
  for (unsigned i = 0; i < 50; ++i) {
    kept.push_back(a->allocate(1000));
    fill(kept.back(), 1000, i);
  }
  for (unsigned i = 0; i < 50; i += 5) a->drop(*std::exchange(kept[i], {}).count);
  const int end = test::run_child([&]() -> int {
    const auto b = another(*a);
    const slab::guard locked(*b);
    auto& tables = *reinterpret_cast<slab_shared*>(b->segment().base());
    tables.frontier = 0;
    for (auto& list : tables.free_list) list = 1;
    raise(SIGKILL);
    return 1;
  });
  REQUIRE(end == 1000 + SIGKILL);
  std::vector<held_block> more;
  for (unsigned i = 0; i < 100; ++i) {
    more.push_back(a->allocate(1000));
    fill(more.back(), 1000, 99);
  }
  for (unsigned i = 0; i < 50; ++i)
    if (kept[i].count != nullptr) CHECK(is_filled(kept[i].data, 1000, i));
  for (const auto& blocks : {kept, more})
    for (const held_block& b : blocks)
      if (b.count != nullptr) a->drop(*b.count);
  CHECK(a->used() == slab::usage{});
}

// --- threads ----------------------------------------------------------------------------------------------------

TEST_CASE("threads of two processes share, pass on and drop the same blocks", "[slab][threads]") {
  const auto a = fresh();
  const auto b = another(*a);
  constexpr unsigned kBlocks = 4;
  std::vector<held_block> sources;
  std::vector<block_message> messages;
  for (unsigned i = 0; i < kBlocks; ++i) {
    sources.push_back(a->allocate(256));
    fill(sources.back(), 256, i);
    messages.push_back(a->message(*sources.back().count, sources.back().data, 256));
  }
  std::atomic<unsigned> wrong{0};
  auto work = [&](slab& s, std::uint64_t seed) {
    rng random(seed);
    for (int i = 0; i < 3000; ++i) {
      const auto k = static_cast<unsigned>(random.below(kBlocks));
      const held_block got = hold_one(s, messages[k]);  // 0 to 1 and back again, in step with the other threads
      if (got.count == nullptr || !slab::add(*got.count)) return void(++wrong);
      s.drop(*got.count);
      wrong += is_filled(got.data, 256, k) ? 0 : 1;
      s.drop(*got.count);
      const held_block own = s.allocate(random.below(2000));
      if (own.count != nullptr) s.drop(*own.count);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) threads.emplace_back([&, t] { work(t % 2 == 0 ? *a : *b, 100 + t); });
  for (std::thread& t : threads) t.join();
  CHECK(wrong == 0);
  for (const held_block& s : sources) {
    CHECK(a->is_unique(*s.count));
    a->drop(*s.count);
  }
  CHECK(a->used() == slab::usage{});
}
