// SPDX-License-Identifier: Apache-2.0
// Goal: what is encoded is decoded, and nothing that a stranger sends does harm. Method: the worked example byte by
// byte, round trips, every truncation, every changed bit, and lengths that lie.
#include "scenarios/chunk/derived/codec.h"

#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/ledger/witness/counters.h"
#include "impls/chunk/copy/design.h"
#include "impls/chunk/slice/design.h"
#include "property_tests/catch.h"
#include "scenarios/chunk/derived/operations.h"

namespace copycost::chunk {
namespace {

using bytes = std::vector<std::byte>;
bytes_view as_bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

bytes encoded(std::string_view name, std::uint64_t offset, bytes_view payload, bool checksum) {
  slice_design::context x;
  const auto c = x.copy({x.intern(name), offset}, payload).value();
  const auto out = encode<slice_design>(x, c, {checksum});
  REQUIRE(out.ok());
  REQUIRE(out.value().size() == encoded_size(name.size(), payload.size(), {checksum}));
  return to_vector(out.value());
}
errc failure_of(bytes_view in, decode_limits limits = {}) {
  slice_design::context x;
  const auto d = decode_copy<slice_design>(x, in, limits);
  REQUIRE_FALSE(d.ok());
  return d.error().code;
}

// scenarios/chunk/README.md shows this frame.
const std::vector<unsigned> kExample = {0xCC, 0x01, 0x01, 0x03, 0x00, 0x00, 0x00, 0x6C, 0x6F, 0x67,
                                        0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00,
                                        0x00, 0x00, 0x68, 0x69, 0xAD, 0x1D, 0x56, 0xCB};

TEST_CASE("codec: the worked example of the README, byte by byte") {
  bytes want;
  for (const unsigned b : kExample) want.push_back(static_cast<std::byte>(b));
  CHECK(encoded("log", 4096, as_bytes("hi"), true) == want);
}

template <design D>
void check_round_trip(rng& random, bool checksum) {
  typename D::context x;
  bytes payload(random.below(3) * random.below(3000));
  for (std::byte& b : payload) b = static_cast<std::byte>(random.below(256));
  const std::string name(1 + random.below(255), static_cast<char>('a' + random.below(26)));
  const std::uint64_t offset = random.below(2) == 0 ? random.next() >> 1 : kOffsetMax - payload.size();
  const auto c = x.copy({x.intern(name), offset}, payload).value();

  auto out = x.build({}, random.below(2) * 100);
  REQUIRE(out.ok());
  REQUIRE(out->write(as_bytes("in front")).ok());
  const auto size = encode_to<D>(x, c, *out, {checksum});
  REQUIRE(size.ok());
  REQUIRE(size.value() == encoded_size(name.size(), payload.size(), {checksum}));
  REQUIRE(out->write(as_bytes("behind")).ok());
  const auto whole = x.seal(std::move(out).value());
  REQUIRE(whole.ok());

  const auto aliased = decode_alias<D>(x, whole.value(), {}, 8);
  const auto copied = decode_copy<D>(x, whole.value().view().subspan(8));
  REQUIRE(aliased.ok());
  REQUIRE(copied.ok());
  CHECK(equal(aliased.value().chunk, c));
  CHECK(equal(copied.value().chunk, c));
  CHECK(aliased.value().consumed == size.value());
  CHECK(copied.value().consumed == size.value());
}

TEST_CASE("codec: round trips, in the middle of other bytes, by copy and by alias") {
  rng random(7);
  for (int i = 0; i < 200; ++i) {
    INFO("chunk " << i);
    check_round_trip<slice_design>(random, i % 2 == 0);
    check_round_trip<copy_design>(random, i % 2 == 0);
  }
}

TEST_CASE("codec: encoding copies the payload once; an alias copies nothing and outlives the frame's handle") {
  slice_design::context x;
  const bytes payload(1000, std::byte{7});
  const auto c = x.copy({x.intern("s"), 5}, payload).value();
  std::uint64_t before = t_own_counts.copied_bytes;
  auto frame = encode<slice_design>(x, c);
  REQUIRE(frame.ok());
  CHECK(t_own_counts.copied_bytes - before == payload.size());
  before = t_own_counts.copied_bytes;
  const auto alias = decode_alias<slice_design>(x, frame.value());
  REQUIRE(alias.ok());
  CHECK(t_own_counts.copied_bytes == before);
  { auto gone = std::move(frame).value(); }
  CHECK(to_vector(alias.value().chunk) == payload);
}

TEST_CASE("codec: every truncation is truncated_input, and says what was needed") {
  for (const bool checksum : {false, true}) {
    const bytes whole = encoded("stream", 77, as_bytes("the payload"), checksum);
    for (std::size_t n = 0; n < whole.size(); ++n) {
      slice_design::context x;
      const auto d = decode_copy<slice_design>(x, bytes_view(whole).first(n));
      REQUIRE_FALSE(d.ok());
      CHECK(d.error().code == errc::truncated_input);
      CHECK(d.error().at == n);
      CHECK(d.error().expected > n);
      CHECK(d.error().expected <= whole.size());
    }
  }
}

TEST_CASE("codec: with a checksum every changed bit is an error") {
  const bytes whole = encoded("stream", 77, as_bytes("the payload"), true);
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    bytes changed = whole;
    changed[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    if (bit / 8 == 2 && bit % 8 == 0) continue;  // the flag itself: then there is no checksum to check
    slice_design::context x;
    INFO("bit " << bit);
    CHECK_FALSE(decode_copy<slice_design>(x, changed).ok());
  }
  bytes without_flag = whole;
  without_flag[2] = std::byte{0};
  decode_limits strict;
  strict.needs_checksum = true;
  CHECK(failure_of(without_flag, strict) == errc::bad_checksum);
}

// Writes `value` over `size` bytes.
bytes with(bytes in, std::size_t at, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) in[at + i] = static_cast<std::byte>(value >> 8 * i & 255u);
  return in;
}

TEST_CASE("codec: each field that lies has its error") {
  const bytes good = encoded("stream", 77, as_bytes("the payload"), false);
  const std::size_t name_at = 7, offset_at = name_at + 6, size_at = offset_at + 8;
  CHECK(failure_of(with(good, 0, 0xCD, 1)) == errc::bad_magic);
  CHECK(failure_of(with(good, 1, 2, 1)) == errc::unsupported_version);
  CHECK(failure_of(with(good, 2, 2, 1)) == errc::unsupported_version);
  CHECK(failure_of(with(good, 3, 0, 4)) == errc::bad_stream_name);
  CHECK(failure_of(with(good, 3, 256, 4)) == errc::bad_stream_name);
  CHECK(failure_of(with(good, 3, 0xFFFFFFFF, 4)) == errc::bad_stream_name);
  CHECK(failure_of(with(good, name_at, 0xFF, 1)) == errc::bad_stream_name);
  CHECK(failure_of(with(good, offset_at, kOffsetMax, 8)) == errc::offset_overflow);
  CHECK(failure_of(with(good, offset_at, kOffsetMax - 10, 8)) == errc::offset_overflow);
  CHECK(failure_of(with(good, size_at, 12, 4)) == errc::truncated_input);
  CHECK(failure_of(with(good, size_at, 0xFFFFFFFF, 4)) == errc::too_large);
  decode_limits small;
  small.payload_bytes_max = 10;
  CHECK(failure_of(good, small) == errc::too_large);
  small.payload_bytes_max = 11;
  small.name_bytes_max = 5;
  CHECK(failure_of(good, small) == errc::bad_stream_name);
  slice_design::context x;
  CHECK(decode_copy<slice_design>(x, with(good, offset_at, kOffsetMax - 11, 8)).ok());
}

// Without a checksum, or the change itself would be noticed and hide what is done with the flag.
TEST_CASE("codec: every unknown flag is refused") {
  slice_design::context x;
  bytes form = encoded("stream", 7, as_bytes("text"), false);
  REQUIRE(decode_copy<slice_design>(x, form).ok());
  for (unsigned flags = 2; flags < 256; flags += 2) {
    form[2] = static_cast<std::byte>(flags);
    const auto d = decode_copy<slice_design>(x, form);
    REQUIRE_FALSE(d.ok());
    REQUIRE(d.error() == error{errc::unsupported_version, 2, codec::kFlagChecksum, flags});
  }
}

TEST_CASE("codec: a lying length is refused before anything is allocated") {
  slice_design::context x;
  const bytes lies = with(encoded("stream", 0, as_bytes("x"), false), 7 + 6 + 8, 16 * 1024 * 1024, 4);
  const auto before = t_own_counts;
  const auto d = decode_copy<slice_design>(x, lies);
  REQUIRE_FALSE(d.ok());
  CHECK(d.error() == error{errc::truncated_input, lies.size(), 7 + 6 + 8 + 4 + 16 * 1024 * 1024, 0});
  CHECK(t_own_counts.copies == before.copies);
}

TEST_CASE("codec: names that cannot be encoded") {
  slice_design::context x;
  const auto try_name = [&](std::string_view name) {
    return encode<slice_design>(x, x.copy({x.intern(name), 0}, as_bytes("x")).value());
  };
  CHECK(try_name("").error() == error{errc::bad_stream_name, 0, 0, 0});
  CHECK(try_name(std::string(256, 'n')).error() == error{errc::bad_stream_name, 255, 0, 0});
  CHECK(try_name("ab\xFF").error() == error{errc::bad_stream_name, 2, 0, 0});
  CHECK(try_name(std::string(255, 'n')).ok());
}

TEST_CASE("codec: noise never decodes into more than there is") {
  rng random(8);
  for (int i = 0; i < 20'000; ++i) {
    bytes noise(random.below(60));
    for (std::byte& b : noise) b = static_cast<std::byte>(random.below(256));
    const std::size_t good = random.below(8);
    constexpr unsigned kStart[] = {0xCC, 1, 0, 3, 0, 0, 0};
    for (std::size_t k = 0; k < std::min({good, noise.size(), std::size(kStart)}); ++k)
      noise[k] = static_cast<std::byte>(kStart[k]);
    slice_design::context x;
    const auto d = decode_copy<slice_design>(x, noise);
    if (d.ok()) REQUIRE(d.value().consumed <= noise.size());
  }
}

}  // namespace
}  // namespace copycost::chunk
