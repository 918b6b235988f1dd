// SPDX-License-Identifier: Apache-2.0
// What fuzzing found in the cutting of streams into units.
#include "scenarios/raft/wire/units.h"

#include <string>
#include <vector>

#include "property_tests/catch.h"

namespace copycost::raft {
namespace {

void big(std::vector<std::byte>& out, std::uint64_t v) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::byte>(v >> shift & 255));
}
// An elided append of empty entries.
std::vector<std::byte> elided(std::uint64_t entries) {
  std::vector<std::byte> out{kElided};
  big(out, entries);
  for (std::uint64_t i = 0; i < entries; ++i) big(out, 0);
  big(out, 9);  // commit
  return out;
}
result<std::size_t> scanned(const std::vector<std::byte>& in, std::size_t payload_max) {
  wire_limits l;
  l.payload = payload_max;
  unit_scanner scanner(wire_format::etcd_append, l);
  unit u;
  return scanner.scan(in, 100, u);
}

// The last entry's length and the commit index were not counted: a payload could be 15 bytes over the limit, which is
// what the encoder refuses to send.
TEST_CASE("raft units: an elided append is within the limit with its last length and its commit index") {
  const auto in = elided(3);  // a payload of 8 + 3 * 8 + 8 bytes
  REQUIRE(in.size() == 1 + 40);
  const auto fits = scanned(in, 40);
  REQUIRE(fits.ok());
  CHECK(fits.value() == in.size());
  const auto over = scanned(in, 39);
  REQUIRE(!over.ok());
  CHECK(over.error() == error{errc::payload_too_large, 100 + 1 + 8 + 16, 39, 40});
}

TEST_CASE(
    "raft units: an elided append without entries has a count and a commit index, and a limit below both refuses it") {
  CHECK(scanned(elided(0), 16).ok());
  const auto over = scanned(elided(0), 15);
  REQUIRE(!over.ok());
  CHECK(over.error() == error{errc::payload_too_large, 101, 15, 16});
}

TEST_CASE("raft units: a length of an elided append near the largest number does not wrap around") {
  std::vector<std::byte> in{kElided};
  big(in, 1);
  big(in, ~std::uint64_t{0} - 8);
  const auto over = scanned(in, ~std::size_t{0} >> 1);
  REQUIRE(!over.ok());
  CHECK(over.error().code == errc::payload_too_large);
  CHECK(over.error().got == ~std::uint64_t{0} - 8);
}

}  // namespace
}  // namespace copycost::raft
