// SPDX-License-Identifier: Apache-2.0
// Goal: two digests are equal exactly when the same things were added. Method: cuts, orders, lengths and single bits.
#include "harness/core/digest.h"

#include <set>
#include <string>
#include <vector>

#include "property_tests/catch.h"

namespace copycost {
namespace {

std::vector<std::byte> bytes_of(std::size_t size) {
  std::vector<std::byte> out(size);
  rng numbers(7);
  for (auto& b : out) b = static_cast<std::byte>(numbers.next());
  return out;
}

std::uint64_t whole(std::span<const std::byte> bytes) {
  digest d;
  d.add(bytes);
  return d.value();
}

TEST_CASE("digest: how a piece is cut into parts does not matter") {
  const auto bytes = bytes_of(61);
  for (std::size_t first = 0; first <= bytes.size(); ++first)
    for (std::size_t second = first; second <= bytes.size(); second += 5) {
      digest d;
      d.part(std::span(bytes).first(first));
      d.part(std::span(bytes).subspan(first, second - first));
      d.part(std::span(bytes).subspan(second));
      d.add(bytes.size());
      CAPTURE(first, second);
      CHECK(d.value() == whole(bytes));
    }
}

TEST_CASE("digest: neighbouring pieces cannot trade bytes, and an empty piece counts") {
  const auto bytes = bytes_of(24);
  std::set<std::uint64_t> seen;
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    digest d;
    d.add(std::span(bytes).first(cut));
    d.add(std::span(bytes).subspan(cut));
    seen.insert(d.value());
  }
  CHECK(seen.size() == bytes.size() + 1);
  CHECK(seen.count(whole(bytes)) == 0);
}

TEST_CASE("digest: order matters, of pieces and of numbers") {
  digest ab, ba;
  ab.add("alpha");
  ab.add("beta");
  ba.add("beta");
  ba.add("alpha");
  CHECK_FALSE(ab == ba);
  digest twelve, twenty_one;
  twelve.add(1);
  twelve.add(2);
  twenty_one.add(2);
  twenty_one.add(1);
  CHECK_FALSE(twelve == twenty_one);
}

TEST_CASE("digest: every single bit of a piece counts") {
  auto bytes = bytes_of(37);
  std::set<std::uint64_t> seen = {whole(bytes)};
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    seen.insert(whole(bytes));
    bytes[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
  }
  CHECK(seen.size() == bytes.size() * 8 + 1);
}

TEST_CASE("digest: zeros of different lengths differ, and so does nothing from an empty piece") {
  const std::vector<std::byte> zeros(64);
  std::set<std::uint64_t> seen = {digest().value()};
  for (std::size_t size = 0; size <= zeros.size(); ++size) seen.insert(whole(std::span(zeros).first(size)));
  CHECK(seen.size() == zeros.size() + 2);
}

TEST_CASE("digest: values are the same on every machine") {
  digest d;
  d.add(std::string_view("what a copy costs"));
  d.add(42);
  CHECK(digest().value() == 7789859270911320849ull);
  CHECK(d.value() == 1797242321452229455ull);
}

}  // namespace
}  // namespace copycost
