// SPDX-License-Identifier: Apache-2.0
//
// Links between real processes: a member is killed, at chosen and at random moments; the other one learns it, what it
// has is intact, and nothing stays in use on the dead one's behalf. And what a hostile member writes into the segment.
#include <thread>

#include "harness/base/now.h"
#include "impls/raft/shm/link_detail.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/impls/raft/shm_common.h"

using namespace copycost;
using namespace copycost::raft;
using namespace copycost::test;

namespace {

// Sends back what it receives.
int echo(int fd, std::uint64_t count) {
  shm_context x;
  shm_link link(x, fd, 1);
  shm_message got;
  for (std::uint64_t i = 0; i < count; ++i)
    if (!link.receive(got) || !link.send(got)) return 2;
  got.clear();
  return 0;
}

bool nothing_is_used(shm_context& x) {
  x.memory()->reclaim();
  return x.memory()->used() == slab::usage{};
}

}  // namespace

TEST_CASE("messages go to another process and back", "[raft][shm]") {
  const raft_file file;
  shm_context x;
  constexpr std::uint64_t kCount = 400;
  {
    shm_link link(x, file.fd, 0);
    const pid_t child = start_child([&] { return echo(file.fd, kCount); });
    rng random(count_from("COPYCOST_SEED", 30));
    shm_message got;
    for (std::uint64_t i = 0; i < kCount; ++i) {
      const shm_message sent = any_message(x, random);
      REQUIRE(link.send(sent).ok());
      REQUIRE(link.receive(got).ok());
      REQUIRE(flat(got.view()) == flat(sent.view()));
    }
    CHECK(end_of(child) == 0);
    CHECK(link.receive(got).error().code == errc::closed);
  }
  CHECK(nothing_is_used(x));
}

TEST_CASE("what a member sent before it was killed arrives, and then the link is closed", "[raft][shm]") {
  const raft_file file;
  shm_context x;
  {
    shm_link link(x, file.fd, 0);
    const int end = run_child([&] {
      shm_context y;
      shm_link out(y, file.fd, 1);
      rng random(31);
      for (int i = 0; i < 6; ++i)
        if (!out.send(any_message(y, random, 10'000))) return 2;
      raise(SIGKILL);
      return 1;
    });
    REQUIRE(end == 1000 + SIGKILL);
    x.memory()->reclaim();
    shm_context model;
    rng random(31);
    shm_message got;
    for (int i = 0; i < 6; ++i) {
      REQUIRE(link.receive(got).ok());
      CHECK(flat(got.view()) == flat(any_message(model, random, 10'000).view()));
    }
    CHECK(link.receive(got).error().code == errc::closed);
    CHECK(nothing_is_used(x));  // although the link is still there
  }
  CHECK(nothing_is_used(x));
}

TEST_CASE("a member whose receiver was killed is told when there is no room, and loses nothing", "[raft][shm]") {
  const raft_file file;
  shm_context x;
  rng random(32);
  const shm_message small = with_entries(x, random, {64}, true);
  const std::size_t size = GENERATE(std::size_t{64}, std::size_t{5000});
  shm_message sent;
  {
    shm_link link(x, file.fd, 0);
    const int end = run_child([&] {
      shm_context y;
      const shm_link in(y, file.fd, 1);
      raise(SIGKILL);
      return 1;
    });
    REQUIRE(end == 1000 + SIGKILL);
    sent = with_entries(x, random, {size}, true);
    const std::vector<std::byte> bytes = flat(sent.view());
    raft::result<void> ok;
    int n = 0;
    while (ok && n < 100'000) {
      ok = link.send(sent);
      ++n;
    }
    REQUIRE(!ok);
    CHECK(ok.error().code == errc::closed);
    CHECK(n > 100);
    CHECK(link.send(sent).error().code == errc::closed);
    CHECK(flat(sent.view()) == bytes);
    shm_message got;
    CHECK(link.receive(got).error().code == errc::closed);
  }
  sent.clear();
  CHECK(nothing_is_used(x));
}

TEST_CASE("a receiver of a message whose rest does not come is told, and what came is free", "[raft][shm]") {
  const raft_file file(std::size_t{64} << 20);
  shm_context x;
  shm_link link(x, file.fd, 0);
  const pid_t child = start_child([&] {
    shm_context y;
    shm_link out(y, file.fd, 1);
    rng random(33);
    // More blocks than the ring takes: it waits in the middle, for the parent has stopped receiving.
    return out.send(with_entries(y, random, std::vector<std::size_t>(2 * kRingCapacity, 3000), false)).ok() ? 0 : 1;
  });
  while (x.memory()->queue(1).in_flight() < kRingCapacity) std::this_thread::yield();
  CHECK(kill_child(child) == 1000 + SIGKILL);
  shm_message got;
  CHECK(link.receive(got).error().code == errc::closed);
  CHECK(nothing_is_used(x));
}

TEST_CASE("members are killed at random moments, and nothing is lost or leaks", "[raft][shm][kill]") {
  const unsigned rounds = count_from("COPYCOST_KILLS", 40);
  rng random(count_from("COPYCOST_SEED", 34));
  for (unsigned round = 0; round < rounds; ++round) {
    const raft_file file;
    shm_context x;
    std::vector<shm_message> kept;
    std::vector<std::vector<std::byte>> bytes;
    {
      shm_link link(x, file.fd, 0);
      const pid_t child = start_child([&] { return echo(file.fd, ~std::uint64_t{0}); });
      shm_message first;  // a member that never came would be waited for longer
      REQUIRE(link.send(any_message(x, random, 100)).ok());
      REQUIRE(link.receive(first).ok());
      first.clear();
      const std::int64_t end = now_ns() + static_cast<std::int64_t>(random.below(20'000'000));
      bool killed = false;
      for (bool open = true; open;) {
        if (!killed && now_ns() > end) {
          killed = true;
          kill(child, SIGKILL);
          waitpid(child, nullptr, 0);
        }
        const auto sent = link.try_send(any_message(x, random, 20'000));
        REQUIRE((sent || sent.error().code == errc::closed || sent.error().code == errc::backpressure));
        shm_message got;
        auto some = killed ? raft::result<bool>(link.receive(got).ok()) : link.try_receive(got);
        REQUIRE((some || some.error().code == errc::closed));
        open = some && (*some || !killed);
        if (some && *some && kept.size() < 30) {
          bytes.push_back(flat(got.view()));
          kept.push_back(std::move(got));
        }
      }
      x.memory()->reclaim();
      for (std::size_t i = 0; i < kept.size(); ++i) REQUIRE(flat(kept[i].view()) == bytes[i]);
    }
    kept.clear();
    REQUIRE(nothing_is_used(x));
  }
}

// --- hostile members ------------------------------------------------------------------------------------------------

namespace {

// What the other member would write, by hand.
struct hostile {
  hostile() : link(x, file.fd, 0) { REQUIRE(y.attach(file.fd).ok()); }
  void write(std::initializer_list<std::uint32_t> words, std::span<const std::byte> rest = {}) {
    record_sender out(link_records(*y.memory(), 1));
    const auto size = static_cast<std::uint32_t>(4 * words.size() + rest.size());
    std::byte* const at = out.room(size);
    std::uint32_t i = 0;
    for (const std::uint32_t w : words) std::memcpy(at + 4 * i++, &w, 4);
    if (!rest.empty()) std::memcpy(at + 4 * i, rest.data(), rest.size());
    out.wrote(size);
    out.publish();
  }
  void send(block_message m) {
    ring_sender<block_message, kRingCapacity> out(y.memory()->queue(1));
    out.push(m);
    out.publish();
  }
  raft_file file;
  shm_context x, y;
  shm_link link;
  shm_message got;
};
constexpr raft::error kImpossible{errc::malformed_message, 0, 0, 0};

}  // namespace

TEST_CASE("records that cannot be close the link", "[raft][shm][hostile]") {
  hostile h;
  REQUIRE(h.y.memory()->take_end(1, slab::ring_end::sender));
  SECTION("shorter than its head") { h.write({8, 0}); }
  SECTION("unknown flags") { h.write({16, 2, 0, 0}); }
  SECTION("more blocks than references") { h.write({16, 0, 0, 1}); }
  SECTION("spilled without a block") { h.write({16, 1, 0, 0}); }
  SECTION("more references than a message has fields") { h.write({16, 0, 0xFFFFFFFF, 0}); }
  CHECK(h.link.receive(h.got).error() == kImpossible);
  CHECK(h.link.receive(h.got).error().code == errc::closed);
}

TEST_CASE("indices and sizes of a ring that cannot be close the link", "[raft][shm][hostile]") {
  hostile h;
  const record_memory m = link_records(*h.y.memory(), 1);
  SECTION("a tail beyond the ring") { m.lines().tail = m.capacity() + 8; }
  SECTION("a record beyond the tail") {
    m.word(0) = 64;
    m.lines().tail = 16;
  }
  SECTION("a record beyond the end") {
    m.word(0) = m.capacity() + 8;
    m.lines().tail = m.capacity();
  }
  SECTION("a record of nothing") {
    m.word(0) = 0;
    m.lines().tail = 16;
  }
  SECTION("a skip to nowhere") {
    m.word(0) = record_memory::kSkip;
    m.lines().tail = m.capacity();
  }
  CHECK(h.link.receive(h.got).error().code == errc::closed);
}

TEST_CASE("a head that runs away closes the link for its sender", "[raft][shm][hostile]") {
  hostile h;
  rng random(35);
  const shm_message sent = with_entries(h.x, random, {1000}, true);
  link_records(*h.y.memory(), 0).lines().head = 0x40000000;
  raft::result<void> ok;
  for (int i = 0; ok && i < 100'000; ++i) ok = h.link.send(sent);
  REQUIRE(!ok);
  CHECK(ok.error().code == errc::closed);
}

TEST_CASE("references that cannot be lose their message and no other", "[raft][shm][hostile]") {
  hostile h;
  REQUIRE(h.y.memory()->take_end(1, slab::ring_end::sender));
  shm_bytes block = h.y.produce(5000, [](std::span<std::byte> b) { std::memset(b.data(), 7, b.size()); }).value();
  block_message m = h.y.memory()->message(*block.block().count(), block.view().data(), 5000);
  // An append with one entry whose data (field 4) is there and empty.
  const std::byte fields[] = {std::byte{0x08}, std::byte{3},    std::byte{0x3A},
                              std::byte{2},    std::byte{0x22}, std::byte{0}};
  std::uint32_t place = 0, piece = 0, offset = 0, size = 5000;
  bool fine = false;
  SECTION("as it should be") { fine = true; }
  SECTION("a block that is not in use") { m.block = 77; }
  SECTION("an old block") { m.generation += 2; }
  SECTION("a part outside of the block") { m.size = 5001; }
  SECTION("a part that the block's end cuts") { offset = 1; }
  SECTION("an offset that wraps") { offset = 0xFFFFFFFF; }
  SECTION("nothing") { size = 0; }
  SECTION("another piece") { piece = 1; }
  SECTION("an entry that is not there") { place = 2; }
  SECTION("a field that is not there") { place = 1; }
  SECTION("a snapshot that is not there") { place = kPlaceOfSnapshot; }
  SECTION("a context that is not there") { place = kPlaceOfContext; }
  h.send(m);
  record_sender out(link_records(*h.y.memory(), 1));
  const auto write = [&](std::uint32_t at_place, std::uint32_t at_piece, std::uint32_t at_offset,
                         std::uint32_t at_size) {
    const std::uint32_t words[] = {38, 0, 1, 1, at_place, at_piece, at_offset, at_size};
    std::byte* const at = out.room(38);
    std::memcpy(at, words, sizeof words);
    std::memcpy(at + sizeof words, fields, sizeof fields);
    out.wrote(38);
    out.publish();
  };
  write(place, piece, offset, size);
  const auto ok = h.link.receive(h.got);
  CHECK(ok.ok() == fine);
  if (!fine) {
    CHECK(ok.error() == kImpossible);
    CHECK(h.got.view().entries.empty());
  }
  h.send(h.y.memory()->message(*block.block().count(), block.view().data() + 1, 4000));
  write(0, 0, 100, 3900);
  REQUIRE(h.link.receive(h.got).ok());
  CHECK(h.got.view().entries[0].data.size() == 3900);
  CHECK(h.got.view().entries[0].data[0] == std::byte{7});
}

TEST_CASE("random records and blocks are told apart from messages, and harm nobody", "[raft][shm][hostile]") {
  rng random(count_from("COPYCOST_SEED", 36));
  for (unsigned round = 0; round < count_from("COPYCOST_CASES", 300); ++round) {
    hostile h;
    REQUIRE(h.y.memory()->take_end(1, slab::ring_end::sender));
    const shm_message real = any_message(h.y, random, 3000);
    const std::vector<std::byte> bytes = flat(real.view());
    std::vector<std::byte> spoilt(
        bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(bytes.size(), 3000)));
    for (std::uint64_t k = random.below(8); k > 0 && !spoilt.empty(); --k)
      spoilt[random.below(spoilt.size())] = static_cast<std::byte>(random.next());
    const auto references = static_cast<std::uint32_t>(random.below(3)),
               pieces = static_cast<std::uint32_t>(random.below(2));
    for (std::uint32_t i = 0; i < pieces; ++i) {
      block_message m;
      m.block = static_cast<block_id>(random.below(20));
      m.generation = static_cast<std::uint32_t>(random.below(4));
      m.begin = random.next() >> random.below(64);
      m.size = static_cast<std::uint32_t>(random.below(6000));
      h.send(m);
    }
    h.write({static_cast<std::uint32_t>(16 + spoilt.size()), static_cast<std::uint32_t>(random.below(2)), references,
             pieces},
            spoilt);
    const auto ok = h.link.receive(h.got);
    if (ok)
      flat(h.got.view());  // every byte can be read
    else
      CHECK(h.got.view().entries.empty());
  }
}
