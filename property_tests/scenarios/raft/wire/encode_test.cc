// SPDX-License-Identifier: Apache-2.0
// What looking for hostile input found in encoding.
#include "scenarios/raft/wire/encode.h"

#include <string>
#include <vector>

#include "property_tests/catch.h"
#include "scenarios/raft/wire/parse.h"

namespace copycost::raft {
namespace {

// For every entry all unknown fields of the message were looked at: a message of 5 MiB, decoded in milliseconds, took a
// member that passed it on some minutes. (A test that hangs is the failure: 10^12 steps.)
TEST_CASE("raft encode: a million entries and a million unknown fields are encoded in one pass") {
  constexpr std::size_t kEntries = 1'000'000, kUnknown = 500'000;
  std::vector<std::byte> in;
  const auto put = [&](std::initializer_list<int> list) {
    for (const int b : list) in.push_back(static_cast<std::byte>(b));
  };
  // An entry with the unknown field 7.
  for (std::size_t i = 0; i < kUnknown; ++i) put({0x3A, 0x02, 0x38, 0x01});
  // Unknown field 17 of the message.
  for (std::size_t i = 0; i < kUnknown; ++i) put({0x88, 0x01, 0x01});
  for (std::size_t i = kUnknown; i < kEntries; ++i) put({0x3A, 0x02, 0x08, 0x01});  // an entry
  message_parts parts;
  entry_vector entries;
  REQUIRE(parse_message(in, 0, {.unknown_fields = 1u << 21}, parts, entries).ok());
  REQUIRE(entries.size() == kEntries);
  REQUIRE(parts.unknown.size() == 2 * kUnknown);
  REQUIRE(encoded_size(parts.view) == in.size());
  std::vector<std::byte> out(in.size() + wire::kVarintMax + wire::kSlack);
  flat_writer w{out.data()};
  encode_message(parts.view, w);
  REQUIRE(w.at == out.data() + in.size());
  // The message's own unknown fields have moved behind its entries.
  CHECK(std::equal(out.begin(), out.begin() + 4 * kUnknown, in.begin()));
  CHECK(std::equal(out.end() - 18 - 3 * kUnknown, out.end() - 18, in.begin() + 4 * kUnknown));
}

TEST_CASE("raft encode: unknown fields stay with their entries, those of the message between them") {
  const std::vector<std::string> kParts = {"\x3A\x04\x38\x01\x38\x02", "\x88\x01\x05", "\x3A\x02\x08\x01",
                                           "\x3A\x02\x38\x03"};
  std::string in;
  for (const std::string& p : kParts) in += p;
  message_parts parts;
  entry_vector entries;
  REQUIRE(parse_message(std::as_bytes(std::span(in)), 0, {}, parts, entries).ok());
  std::vector<std::byte> out(encoded_size(parts.view) + wire::kVarintMax + wire::kSlack);
  flat_writer w{out.data()};
  encode_message(parts.view, w);
  const std::string got(reinterpret_cast<const char*>(out.data()), static_cast<std::size_t>(w.at - out.data()));
  CHECK(got == kParts[0] + kParts[2] + kParts[3] + kParts[1]);
}

}  // namespace
}  // namespace copycost::raft
