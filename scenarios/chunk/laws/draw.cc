// SPDX-License-Identifier: Apache-2.0
#include "scenarios/chunk/laws/draw.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "harness/judge/drawn.h"

namespace copycost::chunk::properties {
namespace {

constexpr std::size_t kSmallEdges[] = {0,  1,  2,  15,  16,  17,  23,  24,  25,  31,  32, 33,
                                       63, 64, 65, 127, 128, 255, 256, 257, 511, 512, 513};
constexpr std::size_t kLargeEdges[] = {4095, 4096, 4097, 65535, 65536, 65537};

rc::Gen<std::size_t> small_sizes() {
  return shrinking(rc::gen::weightedOneOf<std::size_t>({{3, one_of(kSmallEdges)}, {2, uniform<std::size_t>(0, 513)}}));
}
rc::Gen<std::size_t> sizes() {
  return shrinking(rc::gen::weightedOneOf<std::size_t>(
      {{12, one_of(kSmallEdges)}, {6, uniform<std::size_t>(0, 600)}, {3, one_of(kLargeEdges)}}));
}

rc::Gen<std::size_t> positions(std::size_t size) {
  const std::size_t ends[] = {0, std::min<std::size_t>(1, size), size / 2, size - std::min<std::size_t>(1, size), size};
  return shrinking(rc::gen::weightedOneOf<std::size_t>({{1, one_of(ends)}, {2, uniform<std::size_t>(0, size)}}));
}

rc::Gen<std::uint64_t> offsets(std::uint64_t size) {
  constexpr std::uint64_t kWord = std::uint64_t{1} << 32;
  const std::uint64_t last = kOffsetMax - size;
  const std::uint64_t edges[] = {
      0, 1, std::min<std::uint64_t>(4096, last), kWord - 1, kWord, kWord + 1, last / 2, last - 1, last};
  return shrinking(rc::gen::weightedOneOf<std::uint64_t>({{2, one_of(edges)}, {1, uniform<std::uint64_t>(0, last)}}));
}

rc::Gen<std::uint64_t> seeds() { return shrinking(uniform<std::uint64_t>(0, 9999)); }

model_chunk draw_chunk_of(const std::string& name, std::size_t size) {
  model_chunk m;
  m.stream = draw_stream_name(name + " stream");
  m.offset = draw_offset(name + " offset", size);
  m.bytes = random_bytes(size, *seeds().as(name + " payload seed"));
  return m;
}

}  // namespace

std::size_t draw_size(const std::string& name) { return *sizes().as(name); }
std::size_t draw_small_size(const std::string& name) { return *small_sizes().as(name); }
std::size_t draw_position(const std::string& name, std::size_t size) { return *positions(size).as(name); }

std::size_t draw_wild_position(const std::string& name, std::size_t size) {
  constexpr std::size_t kLast = std::numeric_limits<std::size_t>::max();
  const std::size_t beyond[] = {size + 1, size + 2, 2 * size + 1, kLast / 2, kLast - size, kLast - 1, kLast};
  return *shrinking(rc::gen::weightedOneOf<std::size_t>({{3, positions(size)}, {1, one_of(beyond)}})).as(name);
}

std::uint64_t draw_offset(const std::string& name, std::uint64_t size) { return *offsets(size).as(name); }

std::string draw_stream_name(const std::string& name) {
  static const std::vector<std::string> kNames = {
      "s", "", "stdout", "stderr", "\u00E9\u20AC\U0001F600", std::string(300, 'n')};
  return *rc::gen::map(shrinking(uniform<std::size_t>(0, kNames.size() - 1)), [](std::size_t i) {
            return kNames[i];
          }).as(name);
}

byte_string random_bytes(std::size_t size, std::uint64_t seed) {
  rng random(seed);
  return copycost::random_bytes(size, random);
}

byte_string random_text(std::size_t size, std::uint64_t seed, std::string_view alphabet) {
  byte_string bytes(size);
  rng random(seed);
  for (std::byte& b : bytes) b = static_cast<std::byte>(alphabet[random.below(alphabet.size())]);
  return bytes;
}

model_chunk draw_chunk(const std::string& name) { return draw_chunk_of(name, draw_size(name + " size")); }
model_chunk draw_small_chunk(const std::string& name) { return draw_chunk_of(name, draw_small_size(name + " size")); }

byte_string draw_almost_text(const std::string& name) {
  static const std::vector<std::string> kPieces = {"a",
                                                   "bc\n",
                                                   "plain ASCII text that is longer than a step of thirty-two bytes",
                                                   std::string("\0", 1),
                                                   "\x7F",
                                                   "\xC2\x80",
                                                   "\xDF\xBF",
                                                   "\xE0\xA0\x80",
                                                   "\xED\x9F\xBF",
                                                   "\xEE\x80\x80",
                                                   "\xEF\xBF\xBF",
                                                   "\xF0\x90\x80\x80",
                                                   "\xF4\x8F\xBF\xBF",
                                                   "\x80",
                                                   "\xBF",
                                                   "\xC0\x80",
                                                   "\xC1\xBF",
                                                   "\xC2",
                                                   "\xE0\x80\x80",
                                                   "\xE0\xA0",
                                                   "\xED\xA0\x80",
                                                   "\xED\xBF\xBF",
                                                   "\xE2\x82",
                                                   "\xF0\x80\x80\x80",
                                                   "\xF0\x90\x80",
                                                   "\xF0\x9F",
                                                   "\xF1\x80",
                                                   "\xF4\x90\x80\x80",
                                                   "\xF5\x80\x80\x80",
                                                   "\xF8\x88\x80\x80\x80",
                                                   "\xFE",
                                                   "\xFF"};
  const auto picked =
      *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, kPieces.size())).as(name);
  byte_string bytes;
  for (const std::size_t i : picked)
    for (const char c : kPieces[i]) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

byte_string draw_text(const std::string& name) {
  static const std::string kPieces[] = {"a",
                                        "bc",
                                        "\n",
                                        "\r\n",
                                        "\r",
                                        "\n\n",
                                        "\r\r\n",
                                        std::string("\0", 1),
                                        "\u00E9",
                                        "\u20AC\U0001F600",
                                        "a line of some letters",
                                        std::string(60, 'l')};
  rng random(*seeds().as(name));
  byte_string bytes;
  const std::uint64_t plain = random.below(8);  // 0: nothing, 1: no ends of lines at all
  for (std::uint64_t n = plain == 0 ? 0 : 1 + random.below(plain < 4 ? 8 : 40); n > 0; --n) {
    const std::string& piece = kPieces[random.below(std::size(kPieces))];
    if (plain == 1 && piece.find('\n') != std::string::npos) continue;
    for (const char c : piece) bytes.push_back(static_cast<std::byte>(c));
  }
  return bytes;
}

void classify_text(const byte_string& text, const std::vector<std::size_t>& ends) {
  const std::string_view all(reinterpret_cast<const char*>(text.data()), text.size());
  const auto inside = [&](std::size_t at) { return (static_cast<unsigned char>(all[at]) & 0xC0u) == 0x80u; };
  drawn("no text at all", all.empty());
  drawn("a CR before the end of a line", all.find("\r\n") != all.npos);
  for (std::size_t at = all.find('\r'); at != all.npos; at = all.find('\r', at + 1))
    drawn(at + 1 == all.size() ? "a CR at the end of the text" : "a CR inside of a line",
          at + 1 == all.size() || all[at + 1] != '\n');
  drawn("a NUL byte", all.find('\0') != all.npos);
  drawn("an empty line", all.starts_with('\n') || all.find("\n\n") != all.npos);
  drawn("an end of the last line", all.ends_with('\n'));
  drawn("no end of the last line", !all.empty() && !all.ends_with('\n'));
  drawn("text without any line end", !all.empty() && all.find('\n') == all.npos);
  std::size_t before = 0, line_ends = 0;  // of chunks behind which the same line goes on
  for (const std::size_t end : ends) {
    drawn("an empty chunk in the row", end == before && !all.empty());
    if (end < all.size()) {
      drawn("a CR and its LF in two chunks", end > 0 && all[end - 1] == '\r' && all[end] == '\n');
      drawn("a character in two chunks", end > before && inside(end));
    }
    line_ends = all.substr(before, end - before).find('\n') != all.npos ? 0 : line_ends + (end > before);
    drawn("a line over three chunks", line_ends >= 2 && end < all.size());
    before = end;
  }
}

way draw_way(const std::string& name) {
  return *rc::gen::map(shrinking(uniform<unsigned>(0, kWays - 1)), [](unsigned i) {
            return static_cast<way>(i);
          }).as(name);
}

}  // namespace copycost::chunk::properties
