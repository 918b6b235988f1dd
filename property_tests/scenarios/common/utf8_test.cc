// SPDX-License-Identifier: Apache-2.0
// Goal: strict UTF-8 and its repair, in one piece and in any pieces. Method: an oracle that knows well-formed sequences
// by code point arithmetic and maximal subparts by trying completions; all sequences over the bytes where the rules
// change.
#include "scenarios/common/utf8.h"

#include <optional>
#include <vector>

#include "harness/base/rng.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

using bytes = std::vector<unsigned char>;

std::span<const std::byte> as_span(const bytes& b) { return std::as_bytes(std::span(b)); }

// The length of the well-formed character at the front, by the definition of the encoding form.
std::optional<std::size_t> oracle_character(const unsigned char* p, std::size_t size) {
  if (p[0] < 0x80) return 1;
  const std::size_t length = p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;
  if (length == 0 || length > size) return std::nullopt;
  std::uint32_t point = p[0] & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (p[i] >> 6 != 2) return std::nullopt;
    point = point << 6 | (p[i] & 63u);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kSmallest[length] || surrogate || point > 0x10FFFF) return std::nullopt;
  return length;
}

// Whether some continuation makes the bytes one character.
bool oracle_can_be_completed(bytes start) {
  if (start.size() >= 4) return false;
  for (const unsigned char b : bytes{0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF}) {
    start.push_back(b);
    if (oracle_character(start.data(), start.size()) == start.size() || oracle_can_be_completed(start)) return true;
    start.pop_back();
  }
  return false;
}

// The longest start of the bytes that a character could begin with; one byte when there is none.
std::size_t oracle_subpart(const unsigned char* p, std::size_t size) {
  std::size_t length = 1;
  for (std::size_t n = 1; n <= size && n <= 3; ++n)
    if (oracle_can_be_completed(bytes(p, p + n))) length = n;
  return length;
}

struct oracle_reading {
  std::size_t valid = 0;     // length of the valid prefix
  std::size_t complete = 0;  // length without an incomplete character at the end
  std::string lossy;
};
oracle_reading read(const bytes& in) {
  oracle_reading out;
  bool valid = true;
  out.complete = in.size();
  for (std::size_t i = 0; i < in.size();) {
    const auto length = oracle_character(in.data() + i, in.size() - i);
    if (valid) out.valid = i;
    if (length) {
      out.lossy.append(reinterpret_cast<const char*>(in.data()) + i, *length);
      i += *length;
      if (valid) out.valid = i;
      continue;
    }
    valid = false;
    const std::size_t part = oracle_subpart(in.data() + i, in.size() - i);
    if (i + part == in.size() && oracle_can_be_completed(bytes(in.begin() + static_cast<std::ptrdiff_t>(i), in.end())))
      out.complete = i;
    out.lossy += utf8::kReplacement;
    i += part;
  }
  return out;
}

bool agrees(const bytes& in) {
  const oracle_reading want = read(in);
  const utf8::lossy_text lossy = utf8::to_lossy(as_span(in));
  return utf8::valid_prefix(as_span(in)) == want.valid && utf8::complete_prefix(as_span(in)) == want.complete &&
         lossy.text() == want.lossy && lossy.copied() == (want.valid != in.size());
}

// Both sides of every border in table 3-7 of the standard.
const bytes kBorders = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                        0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};

bytes random_bytes(rng& random, std::size_t size) {
  static const std::string_view kGood[] = {
      "a", "line\n", "é", "€", "😀", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF", "0123456789abcdef0123456789abcdef"};
  bytes out;
  while (out.size() < size) {
    if (random.below(4) == 0) {
      out.push_back(kBorders[random.below(kBorders.size())]);
    } else {
      const std::string_view good = kGood[random.below(std::size(kGood))];
      out.insert(out.end(), good.begin(), good.end());
    }
  }
  out.resize(size);
  return out;
}

TEST_CASE("utf8: one and two bytes, all of them") {
  std::size_t wrong = 0;
  for (unsigned a = 0; a < 256; ++a) {
    wrong += agrees({static_cast<unsigned char>(a)}) ? 0 : 1;
    for (unsigned b = 0; b < 256; ++b)
      wrong += agrees({static_cast<unsigned char>(a), static_cast<unsigned char>(b)}) ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("utf8: three and four bytes over both sides of every border") {
  std::size_t wrong = 0, tried = 0;
  for (const unsigned char a : kBorders)
    for (const unsigned char b : kBorders)
      for (const unsigned char c : kBorders) {
        wrong += agrees({a, b, c}) ? 0 : 1;
        ++tried;
        if (a < 0xE0) continue;  // what follows a short character was tried above
        for (const unsigned char d : kBorders) {
          wrong += agrees({a, b, c, d}) ? 0 : 1;
          ++tried;
        }
      }
  CHECK(wrong == 0);
  CHECK(tried > 100'000);
}

TEST_CASE("utf8: texts of any length, at any alignment") {
  rng random(1);
  for (int i = 0; i < 3000; ++i) {
    const bytes in = random_bytes(random, random.below(200));
    INFO("text " << i << " of " << in.size() << " bytes");
    REQUIRE(agrees(in));
  }
}

TEST_CASE("utf8: maximal subparts as in the standard's table 3-8") {
  const bytes in = {0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62, 0x80, 0x63, 0x80, 0xBF, 0x64};
  CHECK(utf8::to_lossy(as_span(in)).text() == "a\uFFFD\uFFFD\uFFFDb\uFFFDc\uFFFD\uFFFDd");
}

TEST_CASE("utf8: valid text is borrowed, and a moved lossy text keeps its bytes") {
  const std::string valid = "größer";
  const utf8::lossy_text borrowed = utf8::to_lossy(std::as_bytes(std::span(valid)));
  CHECK(borrowed.text().data() == valid.data());
  utf8::lossy_text own = utf8::to_lossy(as_span({0x61, 0xFF}));
  const utf8::lossy_text moved = std::move(own);
  CHECK(moved.text() == "a\uFFFD");
}

struct decoded {
  std::string text;
  bool ok = true;
  std::uint64_t valid_up_to = 0;
  std::size_t carried_max = 0;
};
decoded decode(const bytes& in, utf8::mode m, rng& random) {
  decoded out;
  utf8::decoder d(m);
  const auto sink = [&](std::string_view text) { out.text += text; };
  for (std::size_t i = 0; i < in.size() && out.ok;) {
    const std::size_t n = std::min<std::size_t>(in.size() - i, random.below(8));
    out.ok = d.feed(as_span(in).subspan(i, n), sink);
    out.carried_max = std::max(out.carried_max, d.carried());
    i += n;
  }
  out.valid_up_to = d.valid_up_to();
  out.ok = d.finish(sink) && out.ok;
  return out;
}

TEST_CASE("utf8: a decoder sees the same text however the stream is cut") {
  rng random(2);
  for (int i = 0; i < 3000; ++i) {
    const bytes in = random_bytes(random, random.below(60));
    const oracle_reading want = read(in);
    INFO("text " << i << " of " << in.size() << " bytes");
    const decoded strict = decode(in, utf8::mode::strict, random);
    REQUIRE(strict.ok == (want.valid == in.size()));
    REQUIRE(strict.text == std::string(reinterpret_cast<const char*>(in.data()), want.valid));
    REQUIRE(strict.valid_up_to == want.valid);
    const decoded lossy = decode(in, utf8::mode::lossy, random);
    REQUIRE(lossy.text == want.lossy);
    REQUIRE(lossy.ok == (want.complete == in.size()));
    REQUIRE(lossy.valid_up_to == want.complete);
    REQUIRE(std::max(strict.carried_max, lossy.carried_max) <= 3);
  }
}

TEST_CASE("utf8: a strict decoder that failed delivers nothing until it is finished") {
  utf8::decoder d;
  std::string text;
  const auto sink = [&](std::string_view t) { text += t; };
  CHECK_FALSE(d.feed(as_span({0x61, 0xFF, 0x62}), sink));
  CHECK_FALSE(d.feed(as_span({0x63}), sink));
  CHECK(text == "a");
  CHECK(d.valid_up_to() == 1);
  CHECK_FALSE(d.finish(sink));
  CHECK(d.feed(as_span({0x64}), sink));
  CHECK(d.finish(sink));
  CHECK(text == "ad");
}

}  // namespace
}  // namespace copycost
