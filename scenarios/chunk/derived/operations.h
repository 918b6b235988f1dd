// SPDX-License-Identifier: Apache-2.0
//
// The part of the contract that follows from a design's core, the same for every design. A design may offer its own
// version as a member of its context with the same name and arguments (after the context); it is then used instead.
//
// Lifetime: that of the chunks that are passed in.
// Threads: that of the chunks that are passed in.
// Cost: said at each operation; only those marked COPIES: copy payload.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "scenarios/chunk/contract.h"
#include "scenarios/common/utf8.h"

namespace copycost::chunk {

// [begin, end) in positions of a chunk.
struct range {
  std::size_t begin = 0, end = 0;
};

template <chunk_like C>
std::uint64_t end_offset(const C& c) {
  return c.at().offset + c.size();
}

// Borrows part of a chunk. Errors: out_of_range. VALID UNTIL: the chunk is destroyed, moved from or changed.
template <chunk_like C>
result<bytes_view> view(const C& c, std::size_t pos, std::size_t len) {
  if (const auto ok = inside(pos, len, c.size()); !ok) return ok.error();
  return c.view().subspan(pos, len);
}

// Errors: out_of_range, also when the range runs backwards.
template <chunk_like C>
result<C> slice(const C& c, range r) {
  if (r.begin > r.end) return error{errc::out_of_range, r.begin, r.end, 0};
  return c.slice(r.begin, r.end - r.begin);
}

// Two chunks, [0, pos) and [pos, size). Errors: out_of_range. COPIES: in `copy` only.
template <chunk_like C>
result<std::pair<C, C>> split_at(const C& c, std::size_t pos) {
  if (const auto ok = inside(pos, 0, c.size()); !ok) return ok.error();
  auto front = c.slice(0, pos);
  if (!front) return front.error();
  auto back = c.slice(pos, c.size() - pos);
  if (!back) return back.error();
  return std::pair<C, C>(std::move(front).value(), std::move(back).value());
}

// New bytes of exactly the chunk's size. COPIES: size().
template <design D>
result<typename D::chunk> clone(typename D::context& x, const typename D::chunk& c) {
  return x.copy(c.at(), c.view());
}

// Releases everything that the chunk retains beyond its own bytes. COPIES: size(). On error the chunk is unchanged.
template <design D>
result<void> compact(typename D::context& x, typename D::chunk& c) {
  auto own = x.copy(c.at(), c.view());
  if (!own) return own.error();
  c = std::move(own).value();
  return {};
}

// compact() when the chunk retains more than `ratio` times its size; answers whether it did. COPIES: then, size().
template <design D>
result<bool> compact_if(typename D::context& x, typename D::chunk& c, double ratio) {
  if (static_cast<double>(c.retained_bytes()) <= ratio * static_cast<double>(c.size())) return false;
  if (auto done = compact<D>(x, c); !done) return done.error();
  return true;
}

enum class joined : bool { in_place, by_copy };

// Appends `next` to `c`. Free when both lie side by side in one buffer; otherwise COPIES: both. Errors:
// stream_mismatch, gap, overlap, too_large, offset_overflow, out_of_memory; `c` is then unchanged.
template <design D>
result<joined> append(typename D::context& x, typename D::chunk& c, const typename D::chunk& next) {
  if (c.at().stream != next.at().stream) return error{errc::stream_mismatch, 0, c.at().stream, next.at().stream};
  const std::uint64_t expected = end_offset(c), got = next.at().offset;
  if (got > expected) return error{errc::gap, 0, expected, got};
  if (got < expected) return error{errc::overlap, 0, expected, got};
  if (const auto ok = fits(c.at(), c.size() + next.size()); !ok) return ok.error();
  if (next.size() == 0 || x.join(c, next)) return joined::in_place;
  auto b = x.build(c.at(), c.size() + next.size());
  if (!b) return b.error();
  if (auto w = b->write(c.view()); !w) return w.error();
  if (auto w = b->write(next.view()); !w) return w.error();
  auto whole = x.seal(std::move(b).value());
  if (!whole) return whole.error();
  c = std::move(whole).value();
  return joined::by_copy;
}

// The chunk as text. Errors: invalid_utf8 with the length of the valid prefix. VALID UNTIL: as view().
template <chunk_like C>
result<std::string_view> as_utf8(const C& c) {
  const bytes_view bytes = c.view();
  const std::size_t valid = utf8::valid_prefix(bytes);
  if (valid != bytes.size()) return error{errc::invalid_utf8, valid, 0, 0};
  return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

// The chunk as text with U+FFFD for each maximal invalid part (Unicode 15, section 3.9, best practice). COPIES:
// size(), only when something is invalid: a valid chunk is borrowed. VALID UNTIL: as view().
template <chunk_like C>
utf8::lossy_text to_utf8_lossy(const C& c) {
  return utf8::to_lossy(c.view());
}

// Bytes at the front that are whole characters: an incomplete one at the end can be carried to the next chunk.
template <chunk_like C>
std::size_t valid_prefix_len(const C& c) {
  return utf8::complete_prefix(c.view());
}

// Same stream, offset and bytes; different contexts may be compared when their stream ids mean the same names.
template <chunk_like A, chunk_like B>
bool equal(const A& a, const B& b) {
  return a.at() == b.at() && same_bytes(a.view(), b.view());
}

// A copy of the bytes outside of any design. COPIES: size().
template <chunk_like C>
std::vector<std::byte> to_vector(const C& c) {
  const bytes_view bytes = c.view();
  return {bytes.begin(), bytes.end()};
}

}  // namespace copycost::chunk
