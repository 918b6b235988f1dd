// SPDX-License-Identifier: Apache-2.0
// Goal: what differs between launches is drawn from the seed and nothing else, and what ran before is no company.
// Method: draws compared; payload lent under drawn places; children that write, fail and die, in a process apart.
#include "harness/clock/circumstances.h"

#include <unistd.h>

#include <csignal>
#include <set>

#include "harness/base/failure.h"
#include "harness/base/text.h"
#include "harness/judge/apart.h"
#include "harness/ledger/witness/heap_payload.h"
#include "property_tests/catch.h"
#include "property_tests/scratch.h"

namespace copycost {
namespace {

TEST_CASE("circumstances: the same seed, launch and allocator give the same, and each of them alone another") {
  std::set<std::uint64_t> orders;
  for (const std::uint64_t seed : {1u, 2u, 3u})
    for (int launch = 0; launch < 30; ++launch)
      for (const char* allocator : {"mimalloc", "glibc"}) {
        const circumstances c = drawn(seed, launch, allocator);
        CHECK(c == drawn(seed, launch, allocator));
        CHECK(orders.insert(c.order).second);
      }
}

TEST_CASE("circumstances: places of payload, heaps and stacks are spread, and stay in their bounds") {
  std::set<std::uint64_t> places, stacks, blocks;
  for (int launch = 0; launch < 500; ++launch) {
    const circumstances c = drawn(7, launch, "glibc");
    CHECK((c.payload_place < 4096 && c.payload_place % 64 == 0));
    CHECK((c.stack_bytes < 8192 && c.stack_bytes % 16 == 0));
    CHECK((c.heap_blocks >= 128 && c.heap_blocks <= 1024));
    places.insert(c.payload_place);
    stacks.insert(c.stack_bytes);
    blocks.insert(c.heap_blocks);
  }
  CHECK(places.size() == 64);  // each of them by chance 1 - 2 in 10^5
  CHECK(stacks.size() > 250);
  CHECK(blocks.size() > 250);
}

TEST_CASE("circumstances: what stands in the samples is what was drawn") {
  const circumstances c = drawn(12345, 3, "mimalloc");
  CHECK(circumstances_from(json::parse(to_json(c).dump(), "line")) == c);
}

// Each case in a process of its own, because circumstances are for life.
std::string apart_from_us(const std::function<std::string()>& work) {
  const apart done = run_apart(work, 60);
  return done.died.empty() ? done.text : done.died;
}

TEST_CASE("circumstances: payload of a page and more begins at the drawn place of its page, smaller payload anywhere") {
  circumstances c = drawn(1, 0, "mimalloc");
  for (const std::uint64_t place : {0u, 64u, 4032u}) {
    c.payload_place = place;
    CHECK(apart_from_us([&] {
            std::string said;
            meet(c, [&] {
              heap_payload payload;
              for (const std::size_t size : {4096u, 4097u, 65536u, 1u << 20}) {
                const std::span<std::byte> lent = payload.lend(size);
                lent.front() = lent.back() = std::byte{1};
                said +=
                    lent.size() == size && reinterpret_cast<std::uintptr_t>(lent.data()) % 4096 == place ? "." : "!";
              }
              said += payload.lend(100).size() == 100 ? "." : "!";
            });
            return said;
          }) == ".....");
  }
}

TEST_CASE("circumstances: a child begins from where the launch stands, and leaves nothing but its file") {
  const scratch_dir here;
  const std::string file = here.file("lines");
  CHECK(apart_from_us([&] {
          int counted = 1;
          for (int i = 0; i < 3; ++i)
            on_its_own([&] {
              ++counted;
              replace_file(file + std::to_string(i), std::to_string(counted));
            });
          return std::to_string(counted) + read_file(file + "0") + read_file(file + "2");
        }) == "122");
}

TEST_CASE("circumstances: a child that dies or fails ends its launch in the same way") {
  CHECK(apart_from_us([] {
          on_its_own([] { std::raise(SIGKILL); });
          return std::string("went on");
        }).starts_with("signal 9"));
  CHECK(apart_from_us([] {
          on_its_own([] { throw failure(exit_code::usage, "a test's own line; no harm"); });
          return std::string("went on");
        }) == "exit code 2");
}

}  // namespace
}  // namespace copycost
