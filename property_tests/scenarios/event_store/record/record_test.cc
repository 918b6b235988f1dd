// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/record/record.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "property_tests/catch.h"
#include "scenarios/event_store/oracle/oracle.h"

namespace copycost::event_store {
namespace {

using record = std::vector<std::byte>;

std::string hex(bytes_view bytes) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  for (const std::byte b : bytes) {
    text += kDigits[std::to_integer<unsigned>(b) >> 4];
    text += kDigits[std::to_integer<unsigned>(b) & 15u];
  }
  return text;
}

owned_draft example() {
  owned_draft d;
  d.what = kind::other;
  d.kind_name = "renamed";
  d.entity = "b";
  d.related = "a";
  d.source = "9f";
  d.time = -2;
  d.payload = {std::byte{'h'}, std::byte{'i'}};
  return d;
}

// What is in memory that is not used before stays there: the writer must write every byte.
record written(const owned_draft& d, sequence seq = 0x0102, ulid id = {0x11, 0x22}) {
  record bytes(padded(d.record_bytes()), std::byte{0xEE});
  write_record(bytes.data(), seq, id, d.view());
  return bytes;
}
record sealed(const owned_draft& d, sequence behind = 3) {
  record bytes = written(d);
  seal_record(bytes.data(), behind);
  return bytes;
}

// In a block of its own size, so that a read behind the end is seen.
found look_exactly(bytes_view bytes, std::size_t& size) {
  const auto own = std::make_unique<std::byte[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), own.get());
  return look({own.get(), bytes.size()}, size);
}

TEST_CASE("the record of the README is these bytes") {
  owned_draft d;
  d.what = kind::claimed;
  d.entity = "a";
  d.related = "r";
  d.source = "s";
  d.time = 5;
  d.payload = {std::byte{'x'}, std::byte{'y'}, std::byte{'z'}};
  CHECK(hex(written(d, 7, {1, 2})) ==
        "3E000000"
        "00000000"
        "0700000000000000"
        "0100000000000000"
        "0200000000000000"
        "0500000000000000"
        "0600"
        "0000"
        "0100"
        "0100"
        "0100"
        "0000"
        "00000000"
        "78797A"
        "61"
        "72"
        "73"
        "0000");
}

TEST_CASE("a record in memory is these bytes") {
  CHECK(hex(written(example())) ==
        "45000000"
        "00000000"
        "0201000000000000"
        "1100000000000000"
        "2200000000000000"
        "FEFFFFFFFFFFFFFF"
        "0B00"
        "0700"
        "0100"
        "0100"
        "0200"
        "0000"
        "00000000"
        "6869"
        "72656E616D6564"
        "62"
        "61"
        "3966"
        "000000");
}

TEST_CASE("a record in a file is these bytes") {
  const record bytes = sealed(example());
  CHECK(hex(bytes) ==
        "45000000"
        "5D2EBCB4"
        "0201000000000000"
        "1100000000000000"
        "2200000000000000"
        "FEFFFFFFFFFFFFFF"
        "0B00"
        "0700"
        "0100"
        "0100"
        "0200"
        "0300"
        "C09AF80C"
        "6869"
        "72656E616D6564"
        "62"
        "61"
        "3966"
        "000000");
}

TEST_CASE("the top bit of the kind says in a file that the append goes on") {
  record bytes = written(example());
  seal_record(bytes.data(), 3, true);
  CHECK(hex(bytes).substr(80, 4) == "0B80");
  const event_view e(bytes.data());
  CHECK(e.more());
  CHECK(e.what() == kind::other);
  CHECK(difference(e, example()).empty());
  std::size_t size = 0;
  CHECK(look_exactly(bytes, size) == found::whole);
  for (const std::size_t byte : {40u, 41u})
    for (unsigned bit = 0; bit < 8; ++bit) {
      record flipped = bytes;
      flipped[byte] ^= static_cast<std::byte>(1u << bit);
      CHECK(look_exactly(flipped, size) == found::damaged);
    }
  CHECK_FALSE(event_view(sealed(example()).data()).more());
  CHECK_FALSE(event_view(written(example()).data()).more());
}

TEST_CASE("a view shows what was written") {
  const record bytes = written(example(), 7, {1, 2});
  const event_view e(bytes.data());
  CHECK(e.size() == 69);
  CHECK(e.seq() == 7);
  CHECK(e.id() == ulid{1, 2});
  CHECK(e.time() == -2);
  CHECK(e.what() == kind::other);
  CHECK(e.kind_name() == "renamed");
  CHECK(e.entity() == "b");
  CHECK(e.related() == "a");
  CHECK(e.source() == "9f");
  CHECK(e.payload().size() == 2);
  CHECK(e.checksum() == 0);
  CHECK(e.behind() == 0);
  CHECK(e.record().size() == 69);
  CHECK(e.next() == bytes.data() + 72);
  CHECK(difference(e, example()).empty());
}

TEST_CASE("kinds of ours show their own name") {
  for (unsigned k = 0; k + 1 < kKinds; ++k) {
    owned_draft d = example();
    d.what = static_cast<kind>(k);
    d.kind_name.clear();
    const record bytes = written(d);
    CHECK(event_view(bytes.data()).kind_name() == to_string(d.what));
  }
}

TEST_CASE("drafts are checked as the oracle checks them") {
  store_options o;
  o.event_bytes_max = 5000;
  const model_store model(o);
  const std::string names[] = {"", "n", std::string(kNameMax, 'n'), std::string(kNameMax + 1, 'n'),
                               std::string(70'000, 'n')};
  for (unsigned what = 0; what < kKinds; ++what)
    for (const auto& kind_name : names)
      for (const auto& entity : names)
        for (const auto& other : names)
          for (const std::size_t payload :
               {std::size_t{0}, std::size_t{2000}, std::size_t{5000}, ~std::size_t{0} - 10}) {
            const std::vector<std::byte> bytes(std::min<std::size_t>(payload, 6000));
            draft d{static_cast<kind>(what), kind_name, entity, other, other, 0, bytes};
            const auto got = check_draft(d, bytes.size(), 5000);
            const auto expected = model.would_append({&d, 1});
            REQUIRE(got.ok() == expected.ok());
            if (!got.ok()) REQUIRE(to_string(got.error()) == to_string(expected.error()));
            if (payload > 6000) REQUIRE_FALSE(check_draft(d, payload, 5000).ok());
          }
}

TEST_CASE("a whole record is whole, whatever follows it") {
  record bytes = sealed(example());
  std::size_t size = 0;
  CHECK(look_exactly(bytes, size) == found::whole);
  CHECK(size == 72);
  bytes.push_back(std::byte{0xFF});
  CHECK(look_exactly(bytes, size) == found::whole);
  CHECK(size == 72);
}

TEST_CASE("the front of a record is partial, at every length") {
  owned_draft d = example();
  for (const std::size_t payload : {0u, 1u, 7u, 8u, 300u}) {
    d.payload.assign(payload, std::byte{0x5A});
    const record bytes = sealed(d);
    for (std::size_t n = 1; n < bytes.size(); ++n) {
      std::size_t size = 1;
      INFO(n);
      REQUIRE(look_exactly(bytes_view(bytes).first(n), size) == found::partial);
      REQUIRE(size == (n < kRecordHeader ? 0 : bytes.size()));
    }
  }
}

TEST_CASE("zeros are nothing, and a record in front of which there are some is damage") {
  std::size_t size = 1;
  for (const std::size_t n : {0u, 1u, 55u, 56u, 57u, 1000u}) {
    CHECK(look_exactly(record(n), size) == found::nothing);
    CHECK(size == 0);
  }
  record bytes(8);
  const record follows = sealed(example());
  bytes.insert(bytes.end(), follows.begin(), follows.end());
  CHECK(look_exactly(bytes, size) == found::damaged);
  CHECK(size == 0);
}

TEST_CASE("every flipped bit is found") {
  owned_draft d = example();
  for (const std::size_t payload : {0u, 3u, 100u}) {
    d.payload.assign(payload, std::byte{0});
    const record bytes = sealed(d);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      record flipped = bytes;
      flipped[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      std::size_t size = 0;
      INFO(bit);
      REQUIRE(look_exactly(flipped, size) == found::damaged);
      const bool in_head = bit / 8 < 4 || (bit / 8 >= 8 && bit / 8 < kRecordHeader);
      REQUIRE(size == (in_head ? 0 : bytes.size()));
    }
  }
}

TEST_CASE("every flipped bit is found in a record that is cut short, or it is still partial") {
  const record bytes = sealed(example());
  for (std::size_t n = kRecordHeader; n < bytes.size(); ++n)
    for (std::size_t bit = 0; bit < 8 * n; ++bit) {
      record flipped(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
      flipped[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      std::size_t size = 0;
      const bool in_head = bit / 8 < 4 || (bit / 8 >= 8 && bit / 8 < kRecordHeader);
      REQUIRE(look_exactly(flipped, size) == (in_head ? found::damaged : found::partial));
    }
}

TEST_CASE("a record with right checksums and lengths that do not add up is damage") {
  const auto resealed = [](std::size_t at, std::uint16_t value) {
    record bytes = written(example());
    std::memcpy(bytes.data() + at, &value, sizeof value);
    seal_record(bytes.data(), 0);
    std::size_t size = 0;
    return look_exactly(bytes, size);
  };
  CHECK(resealed(40, 11) == found::whole);        // the kind that it is
  CHECK(resealed(40, 12) == found::damaged);      // no kind
  CHECK(resealed(40, 0x800B) == found::whole);    // more follows
  CHECK(resealed(40, 0x800C) == found::damaged);  // more of no kind
  CHECK(resealed(40, 0x400B) == found::damaged);  // another bit that says nothing
  CHECK(resealed(40, 0) == found::damaged);       // a kind of ours with a name of its own
  CHECK(resealed(42, 0) == found::damaged);       // `other` without a name
  CHECK(resealed(44, 1025) == found::damaged);    // a name that is too long
  CHECK(resealed(44, 9) == found::damaged);       // names longer than the record
  CHECK(resealed(44, 2) == found::whole);         // takes a byte from the payload: this cannot be known
}

TEST_CASE("what is behind says how far, and not more than it can") {
  for (const std::uint64_t behind : {0ull, 1ull, 65'534ull, 65'535ull, 65'536ull, ~0ull}) {
    const record bytes = sealed(example(), behind);
    CHECK(event_view(bytes.data()).behind() == std::min<std::uint64_t>(behind, 65'535));
    std::size_t size = 0;
    CHECK(look_exactly(bytes, size) == found::whole);
  }
}

}  // namespace
}  // namespace copycost::event_store
