// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include "harness/base/failure.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/impls/raft/shm_common.h"

using namespace copycost;
using namespace copycost::raft;
using namespace copycost::test;

namespace {

// Two ends of a link in one process: two attachments are two processes to the segment.
struct pair {
  explicit pair(const link_options& o = {}, std::size_t bytes = std::size_t{16} << 20)
      : file(bytes), from(a, file.fd, 0, o), to(b, file.fd, 1, o) {}
  raft_file file;
  shm_context a, b;
  shm_link from, to;
};

std::ptrdiff_t place_in(shm_context& x, bytes_view v) { return v.data() - x.memory()->segment().base(); }
bool nothing_is_used(shm_context& x) { return x.memory()->used() == slab::usage{}; }

}  // namespace

TEST_CASE("messages of any kind go through a link and are the same", "[raft][shm]") {
  pair p;
  rng random(count_from("COPYCOST_SEED", 20));
  shm_message got;
  for (int i = 0; i < 1500; ++i) {
    auto sent = any_message(p.a, random);
    const std::vector<std::byte> bytes = flat(sent.view());
    REQUIRE(p.from.send(sent).ok());
    sent = shm_message();
    REQUIRE(p.to.receive(got).ok());
    REQUIRE(flat(got.view()) == bytes);
    if (random.below(3) == 0) {  // and back, as it was received
      REQUIRE(p.to.send(got).ok());
      REQUIRE(p.from.receive(got).ok());
      REQUIRE(flat(got.view()) == bytes);
    }
  }
  got.clear();
  p.from.settle();
  p.to.settle();
  CHECK(nothing_is_used(p.a));
}

TEST_CASE("large payload lies where it was made, in both processes, and small payload does not", "[raft][shm]") {
  pair p;
  rng random(1);
  const auto sent = with_entries(p.a, random, {5000, 10, 2048, 2047, 70'000}, true);
  REQUIRE(p.from.send(sent).ok());
  shm_message got;
  REQUIRE(p.to.receive(got).ok());
  CHECK(p.to.settle() == 0);
  const auto& e = got.view().entries;
  REQUIRE(e.size() == 5);
  for (const std::size_t i : {0u, 2u, 4u})
    CHECK(place_in(p.b, e[i].data) == place_in(p.a, sent.view().entries[i].data));
  for (const std::size_t i : {1u, 3u}) {
    const std::byte* const base = p.b.memory()->segment().base();
    CHECK((e[i].data.data() < base || e[i].data.data() >= base + p.b.memory()->segment().bytes()));
  }
  CHECK(p.b.memory()->used().blocks == 1);  // one block, one descriptor, one count
}

TEST_CASE("what is kept of a received message outlives the message, the link and the sender's", "[raft][shm]") {
  shm_bytes large, small;
  std::vector<std::byte> first, second;
  {
    pair p;
    rng random(2);
    auto sent = with_entries(p.a, random, {3000, 100}, false);
    first.assign(sent.view().entries[0].data.begin(), sent.view().entries[0].data.end());
    second.assign(sent.view().entries[1].data.begin(), sent.view().entries[1].data.end());
    REQUIRE(p.from.send(sent).ok());
    shm_message got;
    REQUIRE(p.to.receive(got).ok());
    large = got.share_data(0).value();
    small = got.share_data(1).value();
    REQUIRE(p.from.send(with_entries(p.a, random, {100, 100}, false)).ok());
    REQUIRE(p.to.receive(got).ok());  // does not use the private block that is kept
  }
  CHECK(std::equal(first.begin(), first.end(), large.view().begin(), large.view().end()));
  CHECK(std::equal(second.begin(), second.end(), small.view().begin(), small.view().end()));
  CHECK(large.retained_bytes() == 3000);
  REQUIRE(small.compact().ok());
  CHECK(small.retained_bytes() == 100 + sizeof(ref_block));
  CHECK(std::equal(second.begin(), second.end(), small.view().begin(), small.view().end()));
}

TEST_CASE("a message with more blocks than the ring holds, and one with more entries than a record",
          "[raft][shm][threads]") {
  pair p({}, std::size_t{64} << 20);
  rng random(3);
  const auto blocks = with_entries(p.a, random, std::vector<std::size_t>(3 * kRingCapacity, 2500), false);
  const auto entries = with_entries(p.a, random, std::vector<std::size_t>(40'000, 20), true);
  const auto both = with_entries(p.a, random, std::vector<std::size_t>(8000, 2050), true);
  std::thread sender([&] {
    for (const shm_message* m : {&blocks, &entries, &both, &blocks})
      if (!p.from.send(*m)) std::abort();
  });
  shm_message got;
  for (const shm_message* m : {&blocks, &entries, &both, &blocks}) {
    REQUIRE(p.to.receive(got).ok());
    CHECK(flat(got.view()) == flat(m->view()));
  }
  sender.join();
}

TEST_CASE("two threads fill the ring and empty it, small and large", "[raft][shm][threads]") {
  pair p({}, std::size_t{64} << 20);
  constexpr int kCount = 20'000;
  std::thread other([&] {
    rng random(4);
    shm_message got;
    for (int i = 0; i < kCount; ++i) {
      if (!p.to.receive(got)) std::abort();
      if (got.view().head.commit != static_cast<std::uint64_t>(i)) std::abort();
      if (i % 16 == 0 && !p.to.send(got)) std::abort();
    }
  });
  rng random(5);
  std::vector<shm_message> made;
  for (int i = 0; i < 16; ++i) made.push_back(any_message(p.a, random, 3000));
  int back = 0;
  shm_message got;
  for (int i = 0; i < kCount; ++i) {
    shm_message& m = made[static_cast<std::size_t>(i) % made.size()];
    m.parts().view.head.commit = static_cast<std::uint64_t>(i);
    m.parts().view.head.has |= bit(field::commit);
    REQUIRE(p.from.send(m).ok());
    for (auto one = p.from.try_receive(got); one.value(); one = p.from.try_receive(got)) ++back;
  }
  for (; back < kCount / 16; ++back) REQUIRE(p.from.receive(got).ok());
  other.join();
  made.clear();
  got.clear();
  p.from.settle();
  p.to.settle();
  CHECK(nothing_is_used(p.a));
}

TEST_CASE("a sender that must not wait is told that there is no room, and that there is room again", "[raft][shm]") {
  pair p;
  rng random(11);
  const std::size_t size = GENERATE(std::size_t{900}, std::size_t{3000});
  const auto sent = with_entries(p.a, random, {size, size, size}, false);
  int n = 0;
  auto ok = p.from.try_send(sent);
  for (; ok && n < 10'000; ok = p.from.try_send(sent)) ++n;
  REQUIRE(!ok);
  CHECK(ok.error().code == errc::backpressure);
  CHECK(n >= static_cast<int>(size < 2048 ? 8 : kRingCapacity / 3));
  shm_message got;
  for (int i = 0; i < n; ++i) {
    REQUIRE(p.to.receive(got).ok());
    REQUIRE(flat(got.view()) == flat(sent.view()));
  }
  CHECK(p.to.try_receive(got).value() == false);
  CHECK(p.from.try_send(sent).ok());
}

TEST_CASE("limits hold on both sides of a link", "[raft][shm]") {
  link_options strict;
  strict.limit.payload = 4000;
  strict.limit.entries = 3;
  raft_file file;
  shm_context a, b;
  shm_link from(a, file.fd, 0), to(b, file.fd, 1, strict);
  rng random(6);
  shm_message got;
  const auto large = with_entries(a, random, {3000, 3000}, false), many = with_entries(a, random, {1, 1, 1, 1}, true),
             fine = with_entries(a, random, {3000}, true);
  for (const shm_message* m : {&large, &many, &fine}) REQUIRE(from.send(*m).ok());
  CHECK(to.receive(got).error().code == errc::payload_too_large);
  CHECK(got.view().entries.empty());
  CHECK(to.receive(got).error().code == errc::too_many_entries);
  REQUIRE(to.receive(got).ok());
  CHECK(flat(got.view()) == flat(fine.view()));
  CHECK(to.send(large).error().code == errc::payload_too_large);
  CHECK(to.send(many).error().code == errc::too_many_entries);
}

TEST_CASE("payload from elsewhere is brought into the segment", "[raft][shm]") {
  pair p;
  shm_context elsewhere;
  rng random(7);
  const auto sent = with_entries(elsewhere, random, {5000, 100, 9000}, true);
  REQUIRE(p.from.send(sent).ok());
  shm_message got;
  REQUIRE(p.to.receive(got).ok());
  CHECK(flat(got.view()) == flat(sent.view()));
  CHECK(p.b.memory()->used().blocks == 2);
}

TEST_CASE("a segment without room refuses the message and goes on", "[raft][shm]") {
  pair p({}, shm_segment::kBytesMin);
  shm_context elsewhere;
  rng random(8);
  const auto sent = with_entries(elsewhere, random, {5000, 900'000}, false),
             small = with_entries(p.a, random, {5000}, true);
  CHECK(p.from.send(sent).error().code == errc::out_of_memory);
  REQUIRE(p.from.send(small).ok());
  shm_message got;
  REQUIRE(p.to.receive(got).ok());
  CHECK(flat(got.view()) == flat(small.view()));
  CHECK(p.b.memory()->used().blocks == 1);
}

TEST_CASE("each end of a link is taken once", "[raft][shm]") {
  pair p;
  shm_context c;
  CHECK_THROWS_AS(shm_link(c, p.file.fd, 0), failure);
  CHECK_THROWS_AS(shm_link(c, p.file.fd, 1), failure);
  const shm_link other(c, p.file.fd, 0, {}, 1);  // another pair of rings
  CHECK_THROWS_AS(shm_link(c, -1, 0), failure);
}

TEST_CASE("an end that hangs up is told to the other one, after what it sent", "[raft][shm]") {
  pair p;
  rng random(9);
  const auto sent = with_entries(p.b, random, {5000, 3}, false);
  REQUIRE(p.to.send(sent).ok());
  p.to.hang_up();
  CHECK(p.to.send(sent).error().code == errc::closed);
  shm_message got;
  REQUIRE(p.from.receive(got).ok());
  CHECK(flat(got.view()) == flat(sent.view()));
  CHECK(p.from.receive(got).error().code == errc::closed);
  CHECK(p.from.send(sent).error().code == errc::closed);
}

TEST_CASE("a message with payload outlives its context", "[raft][shm]") {
  shm_message kept;
  std::vector<std::byte> bytes;
  {
    shm_context x;
    rng random(10);
    kept = any_message(x, random);
    bytes = flat(kept.view());
  }
  CHECK(flat(kept.view()) == bytes);
}
