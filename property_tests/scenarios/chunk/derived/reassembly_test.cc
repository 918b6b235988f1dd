// SPDX-License-Identifier: Apache-2.0
// Goal: whatever arrives in whatever order, the stream comes out once, in order, and what is wrong is refused. Method:
// a map of single bytes as the oracle.
#include "scenarios/chunk/derived/reassembly.h"

#include <map>
#include <string>

#include "harness/base/rng.h"
#include "harness/ledger/witness/counters.h"
#include "impls/chunk/copy/design.h"
#include "impls/chunk/slice/design.h"
#include "property_tests/catch.h"

namespace copycost::chunk {
namespace {

constexpr std::uint64_t kStart = 500;

template <design D>
struct buffer {
  typename D::context x;
  stream_id s = x.intern("s");
  reassembly<typename D::chunk> pieces;
  std::string out;

  explicit buffer(reassembly_limits limits = {}, std::uint64_t start = kStart) : pieces({0, 0}, limits) {
    pieces.restart({s, start});
  }
  result<void> insert(std::uint64_t offset, std::string_view text) {
    return pieces.insert(x.copy({s, offset}, std::as_bytes(std::span(text.data(), text.size()))).value());
  }
  void drain() {
    std::uint64_t at = pieces.next().offset;
    pieces.drain([&](const auto& piece) {
      REQUIRE(piece.at() == place{s, at});
      out.append(reinterpret_cast<const char*>(piece.view().data()), piece.size());
      at += piece.size();
    });
    REQUIRE(pieces.next().offset == at);
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps() const {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> all;
    pieces.gaps([&](std::uint64_t begin, std::uint64_t end) { all.emplace_back(begin, end); });
    return all;
  }
};

std::string message_of(rng& random, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>('a' + random.below(26));
  return out;
}

template <design D>
void check_one_message(rng& random) {
  const std::string message = message_of(random, 1 + random.below(400));
  buffer<D> b;
  std::map<std::uint64_t, char> oracle;  // held, not delivered
  std::uint64_t next = kStart, known = 0;
  while (b.out.size() < message.size()) {
    const std::size_t begin = random.below(message.size()),
                      size = random.below(std::min<std::size_t>(40, message.size() - begin) + 1);
    REQUIRE(b.insert(kStart + begin, std::string_view(message).substr(begin, size)).ok());
    for (std::uint64_t at = kStart + begin; at < kStart + begin + size; ++at)
      known += at < next || !oracle.emplace(at, message[at - kStart]).second;
    if (random.below(3) == 0) {
      b.drain();
      while (oracle.erase(next) != 0) ++next;
    }
    REQUIRE(b.pieces.next().offset == next);
    REQUIRE(b.pieces.held_bytes() == oracle.size());
    std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps;
    std::uint64_t expected = next;
    for (const auto& [at, letter] : oracle) {
      if (at > expected) gaps.emplace_back(expected, at);
      expected = at + 1;
    }
    REQUIRE(b.gaps() == gaps);
  }
  CHECK(b.out == message);
  CHECK(b.pieces.counts().duplicate_bytes == known);
  CHECK(b.pieces.counts().refused == 0);
  CHECK(b.pieces.held() == 0);
}

TEST_CASE("reassembly: pieces in any order, overlapping and repeated, give the message once") {
  rng random(6);
  for (int i = 0; i < 150; ++i) {
    INFO("message " << i);
    check_one_message<slice_design>(random);
    check_one_message<copy_design>(random);
  }
}

TEST_CASE("reassembly: bytes that disagree are refused with their offset, and nothing changes") {
  buffer<slice_design> b;
  REQUIRE(b.insert(kStart + 4, "efgh").ok());
  const auto wrong = b.insert(kStart + 2, "cdeXg");
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().code == errc::overlap);
  CHECK(wrong.error().got == kStart + 5);
  CHECK(b.pieces.held_bytes() == 4);
  CHECK(b.pieces.counts().refused == 1);
  REQUIRE(b.insert(kStart, "abcdefghij").ok());
  b.drain();
  CHECK(b.out == "abcdefghij");
  CHECK(b.pieces.counts() == reassembly_counts{2, 0, 4, 1});
}

TEST_CASE("reassembly: the limits hold at their last byte and piece") {
  buffer<slice_design> b({10, 2});
  CHECK(b.insert(kStart + 9, "j").ok());
  CHECK(b.insert(kStart + 10, "k").error() == error{errc::too_large, kStart + 10, 10, 11});
  CHECK(b.insert(kStart + 5, "f").ok());
  CHECK(b.insert(kStart + 7, "h").error() == error{errc::too_large, kStart + 7, 2, 3});
  CHECK(b.insert(kStart + 4, "efg").error().code == errc::too_large);  // it would be cut into two
  CHECK(b.insert(kStart + 5, "f").ok());
  CHECK(b.pieces.counts() == reassembly_counts{2, 1, 1, 3});
  CHECK(b.gaps() ==
        std::vector<std::pair<std::uint64_t, std::uint64_t>>{{kStart, kStart + 5}, {kStart + 6, kStart + 9}});
}

TEST_CASE("reassembly: another stream, empty pieces and what was delivered already") {
  buffer<slice_design> b;
  const stream_id other = b.x.intern("other");
  CHECK(b.pieces.insert(b.x.copy({other, kStart}, {}).value()).error() == error{errc::stream_mismatch, 0, b.s, other});
  CHECK(b.insert(kStart + 3, "").ok());
  CHECK(b.insert(kStart - 3, "xyz").ok());
  CHECK(b.insert(kStart - 2, "yzab").ok());
  b.drain();
  CHECK(b.out == "ab");
  CHECK(b.pieces.counts() == reassembly_counts{1, 2, 5, 1});
  CHECK(b.pieces.held() == 0);
}

TEST_CASE("reassembly: a stream that ends at the last offset") {
  buffer<slice_design> b({}, kOffsetMax - 4);
  REQUIRE(b.insert(kOffsetMax - 2, "cd").ok());
  REQUIRE(b.insert(kOffsetMax - 4, "abc").ok());
  b.drain();
  CHECK(b.out == "abcd");
  CHECK(b.pieces.next().offset == kOffsetMax);
}

TEST_CASE("reassembly: in the slice design nothing is copied, trimmed pieces included") {
  buffer<slice_design> b;
  auto first = b.x.copy({b.s, kStart + 2}, std::as_bytes(std::span("cde", 3))).value();
  auto second = b.x.copy({b.s, kStart}, std::as_bytes(std::span("abcdef", 6))).value();
  const std::uint64_t before = t_own_counts.copies;
  REQUIRE(b.pieces.insert(std::move(first)).ok());
  REQUIRE(b.pieces.insert(std::move(second)).ok());
  CHECK(t_own_counts.copies == before);
  b.drain();
  CHECK(b.out == "abcdef");
}

}  // namespace
}  // namespace copycost::chunk
