// SPDX-License-Identifier: Apache-2.0
// Goal: JSON strings are found and decoded as JSON says, and what is none is refused at its place. Method: texts that
// another library wrote, and any bytes, which that library must refuse as well.
#include "scenarios/graph/workloads/parts/json_text.h"

#include <rapidcheck.h>

#include <optional>

#include "harness/base/failure.h"
#include "harness/base/json.h"
#include "property_tests/catch.h"

namespace copycost::graph::workloads {
namespace {

bytes_view bytes_of(const std::string& text) { return std::as_bytes(std::span(text.data(), text.size())); }

// What the string at `at` says, or nothing.
std::optional<std::string> said_at(const std::string& text, std::size_t at) {
  const auto found = string_at(bytes_of(text), at);
  if (!found) return std::nullopt;
  const std::string raw = text.substr(found->begin, found->end - found->begin);
  std::string out(raw.size(), '?');
  auto n = decode(bytes_of(raw), std::as_writable_bytes(std::span(out.data(), out.size())));
  if (!n) return std::nullopt;
  if (!found->has_escapes) RC_ASSERT(out == raw);
  return out.substr(0, *n);
}

// What the library reads, or nothing.
std::optional<std::string> parsed_from(const std::string& text) {
  try {
    return std::string(json::parse(text, "text").text());
  } catch (const failure&) {
    return std::nullopt;
  }
}

std::string any_text() {
  std::string out;
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "a", "0123456789", "\"", "\\", "/", "\n", "\t", "\x01", "é", "日本", "😀", "\x7f", "\b\f\r"));
  for (const std::string& one : pieces) out += one;
  return out;
}

TEST_CASE("graph json_text: what a library writes is read as it was") {
  CHECK(rc::check("characters of all sizes", [] {
    const std::string text = any_text();
    const std::string before(*rc::gen::inRange<std::size_t>(0, 9), ' ');
    const std::string written = before + json(text).dump() + ",";
    RC_ASSERT(said_at(written, before.size()) == text);
  }));
}

TEST_CASE("graph json_text: what a library refuses is refused, and what it reads is read") {
  CHECK(rc::check("pieces of strings in any order", [] {
    std::string inside;
    const auto pieces = *rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("a", "bcdefghij", "\\", "\\n", "\\/", "\\u00e9", "\\u00E", "\\ud83d", "\\ude00",
                                      "\\x", "\x1f", "u", "\\\"", "\\u0000"));
    for (const std::string& one : pieces) inside += one;
    const std::string text = '"' + inside + '"';
    const auto parsed = parsed_from(text);
    const auto said = said_at(text, 0);
    if (!parsed) {
      const auto found = string_at(bytes_of(text), 0);
      RC_ASSERT((!said.has_value() || found->end + 1 < text.size()));  // a whole string, and something behind it
    } else {
      RC_ASSERT(said == parsed);
    }
  }));
}

TEST_CASE("graph json_text: an error says at which byte no string is") {
  const auto at = [](const std::string& text, std::size_t from) { return string_at(bytes_of(text), from).error(); };
  CHECK(at("x", 0) == error{errc::bad_text, 0});
  CHECK(at("", 0) == error{errc::bad_text, 0});
  CHECK(at("\"abc", 0) == error{errc::bad_text, 4});
  CHECK(at("\"abc\\", 0) == error{errc::bad_text, 5});
  CHECK(at("  \"a\x1f\"", 2) == error{errc::bad_text, 4});
  std::byte to[16];
  CHECK(decode(bytes_of("ab\\q"), to).error() == error{errc::bad_text, 2});
  CHECK(decode(bytes_of("\\ud83d"), to).error() == error{errc::bad_text, 0});
}

TEST_CASE("graph json_text: made texts have as many strings with escapes as asked for, and say what they should") {
  for (const std::uint64_t escaped : {0u, 1u, 50u, 100u}) {
    const auto made = make_json_strings(7, 100, 64, escaped);
    CHECK(json::parse(made.text, "text") == json(json::array(made.strings.begin(), made.strings.end())));
    std::size_t at = 1, with = 0;
    for (const std::string& says : made.strings) {
      const auto found = string_at(bytes_of(made.text), at);
      REQUIRE(found.ok());
      CHECK(found->end - found->begin == 64);
      CHECK(found->has_escapes == (says.size() != 64));
      with += found->has_escapes ? 1u : 0u;
      at = found->end + 2;
    }
    CHECK(with == escaped);
  }
}

}  // namespace
}  // namespace copycost::graph::workloads
