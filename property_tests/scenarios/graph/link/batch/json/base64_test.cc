// SPDX-License-Identifier: Apache-2.0
// Goal: base64 as RFC 4648 has it, and one text for some bytes. Method: its test vectors, drawn bytes, wrong texts.
#include "scenarios/graph/link/batch/json/base64.h"

#include "property_tests/scenarios/graph/link/batch/made.h"

namespace copycost::graph {
namespace {

std::string encoded(std::string_view text) {
  std::string out;
  base64::encode(bytes_of(text), out);
  return out;
}
std::optional<std::string> decoded(std::string_view text) {
  std::string out(base64::decoded_max(text.size()), '\0');
  const auto done = base64::decode(text, reinterpret_cast<std::byte*>(out.data()));
  if (done.wrong_at) return std::nullopt;
  out.resize(done.size);
  return out;
}
std::size_t wrong_at(std::string_view text) {
  std::vector<std::byte> out(base64::decoded_max(text.size()));
  const auto done = base64::decode(text, out.data());
  REQUIRE(done.wrong_at);
  return *done.wrong_at;
}

TEST_CASE("base64: the test vectors of RFC 4648") {
  const std::pair<const char*, const char*> all[] = {{"", ""},
                                                     {"f", "Zg=="},
                                                     {"fo", "Zm8="},
                                                     {"foo", "Zm9v"},
                                                     {"foob", "Zm9vYg=="},
                                                     {"fooba", "Zm9vYmE="},
                                                     {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : all) {
    CHECK(encoded(bytes) == text);
    CHECK(decoded(text) == bytes);
  }
}

TEST_CASE("base64: any bytes come back, and where the text lies too") {
  CHECK(rc::check("any bytes", [] {
    const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    std::string text = encoded(bytes);
    RC_ASSERT(text.size() == base64::encoded_size(bytes.size()));
    RC_ASSERT(decoded(text) == bytes);
    const auto done = base64::decode(text, reinterpret_cast<std::byte*>(text.data()));
    RC_ASSERT(!done.wrong_at && text.substr(0, done.size) == bytes);
  }));
}

TEST_CASE("base64: what is not base64 is refused, with its place") {
  CHECK(wrong_at("A") == 1);
  CHECK(wrong_at("AAA") == 3);
  CHECK(wrong_at("AAAAA") == 5);
  CHECK(wrong_at("AA-A") == 2);
  CHECK(wrong_at("AAAA AAA") == 4);
  CHECK(wrong_at("A===") == 1);
  CHECK(wrong_at("====") == 0);
  CHECK(wrong_at("AA=A") == 2);
  CHECK(wrong_at("AA==AAAA") == 2);
  CHECK(wrong_at("AB==") == 1);  // bits that no byte has
  CHECK(wrong_at("AAB=") == 2);
  CHECK(decoded("AQ==") == std::string(1, '\1'));
}

}  // namespace
}  // namespace copycost::graph
