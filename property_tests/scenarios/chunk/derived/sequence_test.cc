// SPDX-License-Identifier: Apache-2.0
// Goal: a row of chunks behaves as one string, however it is cut. Method: std::string as the oracle, seeded cuts, and
// the primitive witness for what is copied.
#include "scenarios/chunk/derived/sequence.h"

#include <string>

#include "harness/base/rng.h"
#include "harness/ledger/witness/counters.h"
#include "impls/chunk/copy/design.h"
#include "impls/chunk/slice/design.h"
#include "property_tests/catch.h"

namespace copycost::chunk {
namespace {

bytes_view as_bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }
template <class C>
std::string text_of(const C& c) {
  return {reinterpret_cast<const char*>(c.view().data()), c.size()};
}

constexpr std::uint64_t kStart = 1'000'000'007;

// The text in pieces of up to `piece_max` bytes, empty ones too.
template <design D>
sequence<D> row_of(typename D::context& x, std::string_view text, std::size_t piece_max, rng& random) {
  sequence<D> row(x);
  std::uint64_t at = 0;
  const auto push = [&](std::string_view piece) {
    REQUIRE(row.push(x.copy({x.intern("s"), kStart + at}, as_bytes(piece)).value()).ok());
    at += piece.size();
  };
  push("");
  while (at < text.size()) push(text.substr(at, random.below(piece_max + 1)));
  return row;
}

std::string random_text(rng& random, std::size_t size, std::string_view letters) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += letters[random.below(letters.size())];
  return out;
}

std::vector<std::string> oracle_lines(const std::string& text) {
  std::vector<std::string> out;
  std::string line;
  for (const char c : text) {
    if (c == '\n')
      out.push_back(std::exchange(line, {}));
    else
      line += c;
  }
  if (!line.empty()) out.push_back(line);
  return out;
}

std::optional<std::uint64_t> position(std::size_t found) {
  return found == std::string::npos ? std::nullopt : std::optional<std::uint64_t>(found);
}

template <design D>
void check_one_text(rng& random) {
  typename D::context x;
  const std::string text = random_text(random, random.below(300), "ab\n");
  const auto row = row_of<D>(x, text, 1 + random.below(12), random);
  REQUIRE(row.size() == text.size());

  for (int i = 0; i < 10; ++i) {
    const std::string pattern = random_text(random, random.below(15), "ab\n");
    const std::size_t from = random.below(text.size() + 2);
    REQUIRE(row.find(as_bytes(pattern), from) == position(text.find(pattern, from)));
    REQUIRE(row.find(std::byte{'\n'}, from) == position(text.find('\n', from)));
  }
  const auto lines = row.lines();
  REQUIRE(lines.ok());
  const auto want = oracle_lines(text);
  REQUIRE(lines.value().size() == want.size());
  std::uint64_t offset = kStart;
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto& line = lines.value()[i];
    REQUIRE(text_of(line) == want[i]);
    REQUIRE(line.at() == place{x.intern("s"), offset});
    offset += want[i].size() + 1;
  }
  const std::size_t begin = random.below(text.size() + 1), end = begin + random.below(text.size() - begin + 1);
  const auto part = row.cut(begin, end);
  REQUIRE(part.ok());
  REQUIRE(text_of(part.value()) == text.substr(begin, end - begin));
  REQUIRE(part.value().at().offset == kStart + begin);
}

TEST_CASE("sequence: finds and cuts as a string does, however it lies in chunks") {
  rng random(4);
  for (int i = 0; i < 400; ++i) {
    INFO("text " << i);
    check_one_text<slice_design>(random);
    check_one_text<copy_design>(random);
  }
}

// What is looked for lies behind pieces of all sizes, and the search begins deep inside of one.
TEST_CASE("sequence: finds behind pieces of more than 64 KiB") {
  slice_design::context x;
  rng random(6);
  for (int i = 0; i < 20; ++i) {
    std::string text = random_text(random, 300'000, "ab");
    text[200'000 + random.below(90'000)] = '\n';
    const auto row = row_of<slice_design>(x, text, 150'000, random);
    const std::size_t place = 200'000 + random.below(90'000);
    const std::string pattern = text.substr(place, 40);
    for (int k = 0; k < 5; ++k) {
      const std::size_t from = random.below(200'000);
      REQUIRE(row.find(as_bytes(pattern), from) == position(text.find(pattern, from)));
      REQUIRE(row.find(std::byte{'\n'}, from) == position(text.find('\n', from)));
    }
  }
}

TEST_CASE("sequence: a pattern that overlaps itself is found where it begins first") {
  slice_design::context x;
  rng random(5);
  const std::string text = "aabaabaaab" + std::string(40, 'a') + "b";
  for (std::size_t piece = 1; piece < 20; ++piece) {
    const auto row = row_of<slice_design>(x, text, piece, random);
    for (const std::string_view pattern : {"aabaaab", "aaab", "abaa", "aaaaaaaaab"})
      CHECK(row.find(as_bytes(pattern)) == position(text.find(pattern)));
  }
}

TEST_CASE("sequence: pushes only what follows, and is unchanged by what does not") {
  slice_design::context x;
  const stream_id s = x.intern("s"), other = x.intern("other");
  const auto piece = [&](stream_id id, std::uint64_t offset, std::string_view text) {
    return x.copy({id, offset}, as_bytes(text)).value();
  };
  sequence<slice_design> row(x);
  REQUIRE(row.push(piece(s, 10, "abc")).ok());
  CHECK(row.push(piece(other, 13, "d")).error() == error{errc::stream_mismatch, 0, s, other});
  CHECK(row.push(piece(s, 14, "d")).error() == error{errc::gap, 0, 13, 14});
  CHECK(row.push(piece(s, 12, "d")).error() == error{errc::overlap, 0, 13, 12});
  CHECK(row.push(piece(s, 14, "")).error().code == errc::gap);
  CHECK(row.size() == 3);
  CHECK(row.push(piece(s, 13, "d")).ok());
  CHECK(row.end_offset() == 14);
  CHECK(row.cut(2, 1).error().code == errc::out_of_range);
  CHECK(row.cut(0, 5).error() == error{errc::out_of_range, 5, 4, 0});
  CHECK_FALSE(row.find(std::byte{'a'}, 4).has_value());
  CHECK_FALSE(row.find(as_bytes(""), 5).has_value());
  row.clear();
  CHECK(row.push(piece(other, 99, "x")).ok());
  CHECK(row.at() == place{other, 99});
}

TEST_CASE("sequence: a line inside a chunk is a slice; a line that crosses copies itself and nothing else") {
  slice_design::context x;
  const stream_id s = x.intern("s");
  sequence<slice_design> row(x);
  std::uint64_t at = 0;
  for (const std::string_view text : {"one\ntwo\nth", "re", "e\n", "four\n\nfive"}) {
    REQUIRE(row.push(x.copy({s, at}, as_bytes(text)).value()).ok());
    at += text.size();
  }
  const std::uint64_t before = t_own_counts.copied_bytes;
  const auto lines = row.lines();
  REQUIRE(lines.ok());
  CHECK(t_own_counts.copied_bytes - before == std::string("three").size());
  std::vector<std::string> got;
  for (const auto& line : lines.value()) got.push_back(text_of(line));
  CHECK(got == std::vector<std::string>{"one", "two", "three", "four", "", "five"});
  CHECK(lines.value()[0].view().data() == row.chunks()[0].view().data());
  CHECK(lines.value()[5].view().data() == row.chunks()[3].view().data() + 6);
}

TEST_CASE("sequence: text at the end of the offsets") {
  slice_design::context x;
  sequence<slice_design> row(x);
  const std::uint64_t start = kOffsetMax - 8;
  REQUIRE(row.push(x.copy({0, start}, as_bytes("ab\nc")).value()).ok());
  REQUIRE(row.push(x.copy({0, start + 4}, as_bytes("d\nef")).value()).ok());
  CHECK(row.end_offset() == kOffsetMax);
  const auto lines = row.lines();
  REQUIRE(lines.ok());
  REQUIRE(lines.value().size() == 3);
  CHECK(lines.value()[2].at().offset == start + 6);
  CHECK(text_of(lines.value()[1]) == "cd");
}

}  // namespace
}  // namespace copycost::chunk
