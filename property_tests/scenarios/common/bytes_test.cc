// SPDX-License-Identifier: Apache-2.0
// Goal: a byte is found where it is first, and nothing is read beside the bytes. Method: every place, by hand.
#include "scenarios/common/bytes.h"

#include <string_view>

#include "property_tests/catch.h"

namespace copycost {
namespace {

bytes_view of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

TEST_CASE("find_byte: the first from a place on, or the size") {
  CHECK(find_byte(of("ab\ncd\n"), '\n', 0) == 2);
  CHECK(find_byte(of("ab\ncd\n"), '\n', 2) == 2);
  CHECK(find_byte(of("ab\ncd\n"), '\n', 3) == 5);
  CHECK(find_byte(of("ab\ncd\n"), '\n', 6) == 6);
  CHECK(find_byte(of("ab"), '\n', 0) == 2);
  CHECK(find_byte(of("ab\n").first(2), '\n', 0) == 2);
  CHECK(find_byte(bytes_view(), '\n', 0) == 0);
  CHECK(find_byte(of("ab"), 'a', 9) == 2);
}

}  // namespace
}  // namespace copycost
