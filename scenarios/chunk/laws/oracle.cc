// SPDX-License-Identifier: Apache-2.0
#include "scenarios/chunk/oracle.h"

#include <algorithm>
#include <array>
#include <limits>

namespace copycost::chunk::oracle {
namespace {

constexpr std::uint64_t kOffsetLast = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kChunkMax = std::numeric_limits<std::uint32_t>::max();

std::vector<std::byte> cut(const std::vector<std::byte>& bytes, std::uint64_t pos, std::uint64_t len) {
  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(pos);
  return {begin, begin + static_cast<std::ptrdiff_t>(len)};
}

// One row of Unicode 15.0, table 3-7: which values each byte of a character may have.
struct well_formed {
  unsigned length;
  std::array<std::pair<unsigned, unsigned>, 4> byte;
};
constexpr std::pair<unsigned, unsigned> kTail = {0x80, 0xBF}, kNone = {1, 0};
constexpr well_formed kTable[] = {
    {1, {{{0x00, 0x7F}, kNone, kNone, kNone}}},        {2, {{{0xC2, 0xDF}, kTail, kNone, kNone}}},
    {3, {{{0xE0, 0xE0}, {0xA0, 0xBF}, kTail, kNone}}}, {3, {{{0xE1, 0xEC}, kTail, kTail, kNone}}},
    {3, {{{0xED, 0xED}, {0x80, 0x9F}, kTail, kNone}}}, {3, {{{0xEE, 0xEF}, kTail, kTail, kNone}}},
    {4, {{{0xF0, 0xF0}, {0x90, 0xBF}, kTail, kTail}}}, {4, {{{0xF1, 0xF3}, kTail, kTail, kTail}}},
    {4, {{{0xF4, 0xF4}, {0x80, 0x8F}, kTail, kTail}}},
};

// What stands at a position: a whole character, the longest start of one that the end of the bytes cuts off, or the
// longest start of one that something else follows (one byte where not even that).
struct found {
  std::size_t length = 1;
  bool whole = false, cut_off = false;
};

found at(const std::vector<std::byte>& bytes, std::size_t pos) {
  found best;
  for (const well_formed& row : kTable) {
    std::size_t n = 0;
    while (n < row.length && pos + n < bytes.size()) {
      const auto value = static_cast<unsigned>(bytes[pos + n]);
      if (value < row.byte[n].first || value > row.byte[n].second) break;
      ++n;
    }
    if (n == row.length) return {n, true, false};
    if (n > 0 && n >= best.length) best = {n, false, pos + n == bytes.size()};
  }
  return best;
}

}  // namespace

result<void> fits(std::uint64_t offset, std::uint64_t size) {
  if (size > kChunkMax) return error{errc::too_large, 0, kChunkMax, size};
  if (offset + size < offset) return error{errc::offset_overflow, offset, 0, size};
  return {};
}

result<void> inside(std::uint64_t pos, std::uint64_t len, std::uint64_t size) {
  if (pos > size) return error{errc::out_of_range, pos, size, 0};
  if (len > size - pos) return error{errc::out_of_range, pos + len < pos ? kOffsetLast : pos + len, size, 0};
  return {};
}

result<model_chunk> slice(const model_chunk& c, std::uint64_t pos, std::uint64_t len) {
  if (const auto ok = inside(pos, len, c.size()); !ok) return ok.error();
  return model_chunk{c.stream, c.offset + pos, cut(c.bytes, pos, len)};
}

result<std::pair<model_chunk, model_chunk>> split_at(const model_chunk& c, std::uint64_t pos) {
  if (const auto ok = inside(pos, 0, c.size()); !ok) return ok.error();
  return std::pair(slice(c, 0, pos).value(), slice(c, pos, c.size() - pos).value());
}

result<void> advance(model_chunk& c, std::uint64_t n) {
  if (const auto ok = inside(n, 0, c.size()); !ok) return ok;
  c = slice(c, n, c.size() - n).value();
  return {};
}

result<void> truncate(model_chunk& c, std::uint64_t n) {
  if (const auto ok = inside(n, 0, c.size()); !ok) return ok;
  c = slice(c, 0, n).value();
  return {};
}

result<model_chunk> rebind(const model_chunk& c, std::uint64_t pos, std::uint64_t len, std::string stream,
                           std::uint64_t offset) {
  if (const auto ok = fits(offset, len); !ok) return ok.error();
  if (const auto ok = inside(pos, len, c.size()); !ok) return ok.error();
  return model_chunk{std::move(stream), offset, cut(c.bytes, pos, len)};
}

result<void> append(model_chunk& c, const model_chunk& next) {
  if (c.stream != next.stream) return error{errc::stream_mismatch, 0, 0, 0};
  if (next.offset > c.end()) return error{errc::gap, 0, c.end(), next.offset};
  if (next.offset < c.end()) return error{errc::overlap, 0, c.end(), next.offset};
  c.bytes.insert(c.bytes.end(), next.bytes.begin(), next.bytes.end());
  return {};
}

std::size_t valid_prefix(const std::vector<std::byte>& bytes) {
  std::size_t pos = 0;
  for (found c; pos < bytes.size(); pos += c.length)
    if (c = at(bytes, pos); !c.whole) return pos;
  return pos;
}

std::size_t complete_prefix(const std::vector<std::byte>& bytes) {
  std::size_t pos = 0;
  for (found c; pos < bytes.size(); pos += c.length)
    if (c = at(bytes, pos); c.cut_off) return pos;
  return pos;
}

std::string lossy(const std::vector<std::byte>& bytes) {
  std::string text;
  found c;
  for (std::size_t pos = 0; pos < bytes.size(); pos += c.length) {
    c = at(bytes, pos);
    if (!c.whole) text += "\uFFFD";
    for (std::size_t i = 0; c.whole && i < c.length; ++i) text += static_cast<char>(bytes[pos + i]);
  }
  return text;
}

std::optional<std::uint64_t> find(const std::vector<std::byte>& bytes, const std::vector<std::byte>& pattern,
                                  std::uint64_t from) {
  for (std::uint64_t pos = from; pos <= bytes.size() && pattern.size() <= bytes.size() - pos; ++pos)
    if (std::equal(pattern.begin(), pattern.end(), bytes.begin() + static_cast<std::ptrdiff_t>(pos))) return pos;
  return std::nullopt;
}

std::vector<model_chunk> lines(const model_chunk& c) {
  std::vector<model_chunk> out;
  std::uint64_t begin = 0;
  for (std::uint64_t pos = 0; pos < c.size(); ++pos)
    if (c.bytes[pos] == std::byte{'\n'}) {
      out.push_back(slice(c, begin, pos - begin).value());
      begin = pos + 1;
    }
  if (begin < c.size()) out.push_back(slice(c, begin, c.size() - begin).value());
  return out;
}

std::uint32_t crc32c(const std::vector<std::byte>& bytes) {
  std::uint32_t sum = 0xFFFFFFFFu;
  for (const std::byte b : bytes) {
    sum ^= static_cast<std::uint32_t>(b);
    for (int bit = 0; bit < 8; ++bit) sum = (sum & 1u) != 0 ? sum >> 1 ^ 0x82F63B78u : sum >> 1;
  }
  return ~sum;
}

std::vector<std::byte> encode(const model_chunk& c, bool checksum) {
  std::vector<std::byte> out = {std::byte{0xCC}, std::byte{1}, std::byte{checksum}};
  const auto put = [&](std::uint64_t number, int size) {
    for (int i = 0; i < size; ++i) out.push_back(static_cast<std::byte>(number >> 8 * i & 255u));
  };
  put(c.stream.size(), 4);
  for (const char character : c.stream) out.push_back(static_cast<std::byte>(character));
  put(c.offset, 8);
  put(c.bytes.size(), 4);
  out.insert(out.end(), c.bytes.begin(), c.bytes.end());
  if (checksum) put(crc32c(out), 4);
  return out;
}

}  // namespace copycost::chunk::oracle
