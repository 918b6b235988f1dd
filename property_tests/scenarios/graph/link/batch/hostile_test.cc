// SPDX-License-Identifier: Apache-2.0
// Goal: bytes from a stranger never become items that were not sent, are never read behind, and are refused with a
// typed error and its byte. Method: every prefix, every changed byte, forged fields with right checksums, in memory
// that ends with the batch (AddressSanitizer sees one byte too far).
#include <algorithm>
#include <memory>

#include "property_tests/scenarios/graph/link/batch/made.h"

namespace copycost::graph {
namespace {

const std::vector<plain_item> kTwo = {{7, "a", {{"b", "a"}}, "xyz"}, {8, "b", {}, "0123456789"}};

// In memory that ends where the batch ends.
result<batch_view> parsed_alone(bytes_view in, std::unique_ptr<std::byte[]>& memory) {
  memory.reset(new std::byte[in.size()]);
  std::copy(in.begin(), in.end(), memory.get());
  return parsed({memory.get(), in.size()});
}
error refused(bytes_view in) {
  std::unique_ptr<std::byte[]> memory;
  const auto batch = parsed_alone(in, memory);
  REQUIRE_FALSE(batch.ok());
  return batch.error();
}

TEST_CASE("hostile batch: every prefix is truncated input") {
  const auto bytes = written(kTwo);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const error e = refused(bytes_view(bytes).first(n));
    CHECK(e.code == errc::truncated_input);
    CHECK(e.at == (n < kBatchHead ? 0 : kBatchHead));
    CHECK(e.got == (n < kBatchHead ? n : n - kBatchHead));
  }
}

TEST_CASE("hostile batch: a byte too many is refused, with its place") {
  auto bytes = written(kTwo);
  const auto size = bytes.size();
  bytes.push_back(std::byte{0});
  CHECK(refused(bytes) == error{errc::trailing_bytes, size, 0, 0});
}

TEST_CASE("hostile batch: no changed bit is accepted") {
  const auto bytes = written(kTwo);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = bytes;
      changed[i] ^= std::byte{1} << bit;
      const errc code = refused(changed).code;
      const errc expected = i < 4 ? errc::bad_magic : i < 6 ? errc::unsupported_version : errc::bad_checksum;
      CHECK(code == expected);
    }
}

// Of kTwo: items at 44 and 64, the header at 84, the ends of the names "a" and "b" at 92 and 96, their characters at
// 100, the payload from 102 to 115.
TEST_CASE("hostile batch: forged fields are refused, each with its error and its byte") {
  const auto good = written(kTwo);
  REQUIRE(good.size() == 115);
  const struct {
    std::size_t at;
    std::uint32_t value;
    error expected;
  } all[] = {
      {16, 0xFFFFFFFF, {errc::bad_length, 16, 1u << 20, 0xFFFFFFFF}},       // items
      {16, 1u << 20, {errc::truncated_input, 28, (20ull << 20) + 16, 71}},  // allowed, but not there
      {16, 0, {errc::bad_length, 28, 0, 71}},                               // bytes of no item
      {20, 0xFFFFFFFF, {errc::bad_length, 20, 1u << 22, 0xFFFFFFFF}},       // headers
      {24, 0xFFFFFFFF, {errc::bad_length, 24, 1u << 16, 0xFFFFFFFF}},       // names
      {28, 0xFFFFFFFF, {errc::bad_length, 28, kBatchMax, 0xFFFFFFFF}},      // bytes
      {28, 70, {errc::bad_length, 32, 70, 71}},                             // fewer than follow
      {28, 72, {errc::truncated_input, 32, 72, 71}},                        // more than follow
      {32, 70, {errc::truncated_input, 32, 71, 70}},
      {44 + 8, 14, {errc::truncated_input, 52, 14, 13}},  // the first payload
      {44 + 8, 0xFFFFFFFF, {errc::truncated_input, 52, 0xFFFFFFFF, 13}},
      {64 + 8, 2, {errc::bad_length, 72, 3, 2}},  // ends before the first one
      {64 + 8, 12, {errc::trailing_bytes, 114, 0, 0}},
      {44 + 12, 2, {errc::bad_length, 56, 1, 2}},  // headers
      {64 + 12, 0, {errc::bad_length, 76, 1, 0}},
      {44 + 16, 3, {errc::bad_length, 60, 2, 3}},               // the source
      {84, 3, {errc::bad_length, 84, 2, 3}},                    // a header's name
      {88, 0xFFFFFFFF, {errc::bad_length, 88, 2, 0xFFFFFFFF}},  // its value
      {92, 0, {errc::bad_length, 92, 0, 0}},                    // an empty name
      {92, 3, {errc::bad_length, 96, 3, 2}},
      {96, 16, {errc::truncated_input, 96, 16, 15}},
      {96, 0xFFFFFFFF, {errc::truncated_input, 96, 0xFFFFFFFF, 15}},
  };
  for (const auto& [at, value, expected] : all) {
    INFO("byte " << at << ", value " << value);
    auto bytes = good;
    forge(bytes, at, value);
    CHECK(refused(bytes) == expected);
  }
}

TEST_CASE("hostile batch: an item's parts may be as long as any item's, and not longer") {
  std::vector<plain_item> all = {{0, "", {}, ""}};
  all[0].headers.assign(kHeadersMax, {"n", "v"});
  all.push_back(all[0]);
  auto bytes = written(all);
  REQUIRE(parsed(bytes).ok());
  forge(bytes, 44 + 12, std::uint32_t{kHeadersMax - 1});
  CHECK(refused(bytes) == error{errc::too_many_headers, 44 + 20 + 12, kHeadersMax, kHeadersMax + 1});
}

TEST_CASE("hostile batch: a name longer than a name may be is refused") {
  name_table names;
  batch_writer w;
  const std::string half(kNameMax / 2, 'x');
  REQUIRE(add(w, names, {0, half, {{half + "y", ""}}, ""}).ok());
  auto bytes = copied(w);
  const std::size_t ends = kBatchHead + kItemRecord + kHeaderRecord;
  forge(bytes, ends, std::uint32_t{1});
  REQUIRE(parsed(bytes).ok());  // the second name has kNameMax bytes
  REQUIRE(add(w, names, {0, "z", {}, ""}).ok());
  bytes = copied(w);
  forge(bytes, ends + kItemRecord, std::uint32_t{1});
  forge(bytes, ends + kItemRecord + kNameRecord, std::uint32_t{kNameMax + 2});
  CHECK(refused(bytes) == error{errc::too_large, ends + kItemRecord + kNameRecord, kNameMax, kNameMax + 1});
}

TEST_CASE("hostile batch: a form that is not known, and one that no packing gives, are refused") {
  const auto good = written(kTwo);
  auto bytes = good;
  forge(bytes, 6, std::uint16_t{2});
  CHECK(refused(bytes) == error{errc::bad_compression, 6, 0, 2});
  bytes = good;
  forge(bytes, 6, std::uint16_t{1});  // packed, and as large as unpacked
  CHECK(refused(bytes) == error{errc::bad_compression, 32, 71, 71});
}

TEST_CASE("hostile batch: a claim of two gigabytes in fifty bytes is refused before memory is taken") {
  auto bytes = written({{0, "", {}, "123456"}});
  REQUIRE(bytes.size() == 70);
  forge(bytes, 6, std::uint16_t{1});
  forge(bytes, 28, std::uint32_t{kBatchMax});
  CHECK(read_head(bytes, {}).error() == error{errc::bad_compression, 32, kBatchMax, 26});
  forge(bytes, 28, std::uint32_t{26 * kExpansionMax});
  CHECK(read_head(bytes, {}).ok());
}

TEST_CASE("hostile batch: a reader's limits hold") {
  const auto bytes = written(kTwo);
  CHECK(read_head(bytes, {.items = 2, .headers = 1, .names = 2, .bytes = 71}).ok());
  CHECK(read_head(bytes, {.items = 1}).error() == error{errc::bad_length, 16, 1, 2});
  CHECK(read_head(bytes, {.headers = 0}).error() == error{errc::bad_length, 20, 0, 1});
  CHECK(read_head(bytes, {.names = 1}).error() == error{errc::bad_length, 24, 1, 2});
  CHECK(read_head(bytes, {.bytes = 70}).error() == error{errc::bad_length, 28, 70, 71});
}

TEST_CASE("hostile batch: forged numbers anywhere are refused, or give other items without harm") {
  CHECK(rc::check("any field, any number", [] {
    auto bytes = written(*any_items());
    const int changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i) {
      const auto at = *rc::gen::inRange<std::size_t>(4, bytes.size() - 3);
      const auto value = *rc::gen::oneOf(rc::gen::arbitrary<std::uint32_t>(), rc::gen::inRange<std::uint32_t>(0, 40),
                                         rc::gen::just(0xFFFFFFFFu), rc::gen::just(0x7FFFFFFFu));
      forge(bytes, at, value);
    }
    std::unique_ptr<std::byte[]> memory;
    const auto batch = parsed_alone(bytes, memory);
    if (!batch) return;
    // Every byte of every item can be read, and all of them together are the batch.
    const auto all = items_of(batch.value());
    std::size_t payload = 0;
    for (const plain_item& one : all) payload += one.payload.size();
    RC_ASSERT(payload <= bytes.size());
  }));
}

}  // namespace
}  // namespace copycost::graph
