// SPDX-License-Identifier: Apache-2.0
// Goal: what a hostile or a damaged peer sends ends the link with its own error, and no item of it is popped. Method:
// one end is a link, the other one a stream that is written and read by hand.
#include "scenarios/graph/link/stream_ends.h"

#include <algorithm>

#include "impls/graph/slice/design.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/scenarios/graph/link/batch/made.h"
#include "property_tests/scenarios/graph/link/in_time.h"
#include "property_tests/scenarios/graph/link/numbered.h"

namespace copycost::graph {
namespace {

using D = slice_design;
constexpr std::int64_t kPast = 0;

void write(byte_stream& to, std::span<const std::byte> bytes) {
  iovec part{const_cast<std::byte*>(bytes.data()), bytes.size()};
  REQUIRE(write_all(to, {&part, 1}, kForever).is(io_state::done));
}
void write_word(byte_stream& to, std::uint64_t word) {
  std::byte bytes[8];
  wire::store(bytes, word);
  write(to, bytes);
}
const std::vector<plain_item> kItems = {{1, "s", {{"a", "b"}}, "one"}, {2, "s", {}, "two"}, {3, "", {}, ""}};

// A consumer's end, and the producer's by hand.
struct consumer {
  consumer(const link_options& options = {}) {
    auto pair = make_stream_pair(stream_kind::socketpair);
    hand = std::move(pair.first);
    in = std::make_unique<stream_link_in<D>>(names, std::move(pair.second), options);
  }
  errc end() {
    D::item got;
    auto ok = in->pop(got, test::in_time());
    while (ok) {
      ++popped;
      ok = in->pop(got, test::in_time());
    }
    CHECK(in->pop(got, test::in_time()).error() == ok.error());  // from then on
    return ok.error().code;
  }
  process_names names;
  std::unique_ptr<byte_stream> hand;
  std::unique_ptr<stream_link_in<D>> in;
  std::uint64_t popped = 0;
};

// A producer's end, and the consumer's by hand.
struct producer {
  producer() {
    auto pair = make_stream_pair(stream_kind::socketpair);
    hand = std::move(pair.second);
    out = std::make_unique<stream_link_out<D>>(names, std::move(pair.first));
  }
  result<void> push() {
    D::item one = test::numbered<D>(names, 1, 10);
    return out->push(one, kPast);
  }
  process_names names;
  std::unique_ptr<stream_link_out<D>> out;
  std::unique_ptr<byte_stream> hand;  // goes first: the link does not wait for it
};

}  // namespace

TEST_CASE("graph link: batches in any pieces are popped as they were sent", "[graph][link]") {
  const std::size_t piece = GENERATE(1u, 7u, 43u, 44u, 45u, 88u, 100u, 1000u);
  consumer c;
  std::vector<std::byte> all;
  for (std::uint64_t number = 0; number < 4; ++number) {
    const auto batch = written(kItems, number);
    all.insert(all.end(), batch.begin(), batch.end());
  }
  const auto last = written({}, 4);
  all.insert(all.end(), last.begin(), last.end());
  D::item got;
  std::uint64_t n = 0;
  errc end = errc::late;
  for (std::size_t at = 0; at < all.size(); at += piece) {
    write(*c.hand, std::span(all).subspan(at, std::min(piece, all.size() - at)));
    auto ok = c.in->pop(got, kPast);
    for (; ok; ok = c.in->pop(got, kPast)) {
      CHECK(text_of(got.bytes()) == kItems[n % 3].payload);
      CHECK(c.names.name(got.meta().source) == kItems[n % 3].source);
      ++n;
    }
    end = ok.error().code;
  }
  CHECK(n == 12);
  CHECK(end == errc::closed);
}

TEST_CASE("graph link: a batch that is wrong ends the link, and nothing of it is popped", "[graph][link][hostile]") {
  consumer c;
  write(*c.hand, written(kItems, 0));
  auto batch = written(kItems, 1);
  errc expected{};
  SECTION("no batch at all") {
    std::fill(batch.begin(), batch.end(), std::byte{'x'});
    expected = errc::bad_magic;
  }
  SECTION("another version") {
    batch[4] = std::byte{9};
    expected = errc::unsupported_version;
  }
  SECTION("a damaged head") {
    batch[20] ^= std::byte{1};
    expected = errc::bad_checksum;
  }
  SECTION("a damaged body") {
    batch.back() ^= std::byte{1};
    expected = errc::bad_checksum;
  }
  SECTION("the same batch once more") {
    batch = written(kItems, 0);
    expected = errc::broken_link;
  }
  SECTION("a batch that is missing") {
    batch = written(kItems, 2);
    expected = errc::broken_link;
  }
  SECTION("an end that comes too early") {
    batch = written({}, 2);
    expected = errc::broken_link;
  }
  SECTION("more bytes than a batch can have") {
    wire::store(batch.data() + 28, std::uint32_t{0x7FFFFFFF});
    forge(batch, 32, std::uint32_t{0x7FFFFFFF});
    expected = errc::bad_length;
  }
  SECTION("more items than a batch can have") {
    forge(batch, 16, std::uint32_t{257});
    expected = errc::bad_length;
  }
  SECTION("an item that ends behind the batch") {
    forge(batch, kBatchHead + 8, std::uint32_t{1000});
    expected = errc::truncated_input;
  }
  write(*c.hand, batch);
  CHECK(c.end() == expected);
  CHECK(c.popped == 3);
  CHECK(c.in->stats().refused == 1);
  std::byte word[16];
  const io_result told = read_all(*c.hand, word, kForever);
  CHECK(told.is(io_state::closed));
  CHECK(told.bytes == 8);
  CHECK(wire::load<std::uint64_t>(word) == 3);
}

TEST_CASE("graph link: a producer that goes in the middle of a batch is reported as gone", "[graph][link][hostile]") {
  const auto batch = written(kItems, 1);
  const std::size_t n =
      GENERATE_COPY(std::size_t{0}, std::size_t{1}, kBatchHead - 1, kBatchHead, kBatchHead + 1, batch.size() - 1);
  consumer c;
  write(*c.hand, written(kItems, 0));
  write(*c.hand, std::span(batch).first(n));
  c.hand.reset();
  CHECK(c.end() == errc::peer_gone);
  CHECK(c.popped == 3);
}

TEST_CASE("graph link: random damage is refused or is a batch, and never anything else", "[graph][link][hostile]") {
  rng random(copycost::test::count_from("COPYCOST_SEED", 50));
  for (unsigned round = 0; round < copycost::test::count_from("COPYCOST_CASES", 300); ++round) {
    consumer c;
    auto batch = written(kItems, 0);
    for (std::uint64_t n = random.between(1, 4); n > 0; --n)
      batch[random.below(batch.size())] = static_cast<std::byte>(random.below(256));
    if (random.below(2) == 0) forge(batch, 8, std::uint64_t{0});  // with the right checksums
    write(*c.hand, batch);
    c.hand->shutdown_write();
    const errc end = c.end();
    CHECK(end != errc::late);
    CHECK((c.popped == 0 || c.popped == 3 || end == errc::peer_gone));
  }
}

TEST_CASE("graph link: a consumer is believed only where it can have taken so much", "[graph][link][hostile]") {
  producer p;
  for (int i = 0; i < 5; ++i) REQUIRE(p.push().ok());
  errc expected = errc::broken_link;
  SECTION("more than was pushed") { write_word(*p.hand, 6); }
  SECTION("less than before") {
    write_word(*p.hand, 3);
    write_word(*p.hand, 2);
  }
  SECTION("everything") {
    write_word(*p.hand, 3);
    write_word(*p.hand, 5);
    CHECK(p.out->drain(test::in_time()).ok());
    CHECK(p.out->stats().taken == 5);
    return;
  }
  SECTION("half a number, and it is gone") {
    const std::byte half[4] = {};
    write(*p.hand, half);
    p.hand.reset();
    expected = errc::peer_gone;
  }
  CHECK(p.out->drain(test::in_time()).error().code == expected);
  CHECK(p.push().error().code == expected);
  CHECK(p.out->stats().taken + p.out->stats().undelivered == 5);
}

}  // namespace copycost::graph
