// SPDX-License-Identifier: Apache-2.0
//
// A row of neighbouring chunks of one stream, searched and cut into lines as if it were one piece.
//
//   chunks   [ab\ncd][][ef\n\ngh][i]      positions 0 .. size() count from the first byte of the row
//   lines    ab  cdef  (empty)  ghi       "ab" and the empty line are slices, "cdef" and "ghi" cross and are joined
//
// Lifetime: owns its chunks; borrows the design's context, which must outlive it.
// Threads: a value.
// Cost: push() is a move (a row that grows reallocates handles); searches are linear in the bytes looked at; only lines
// that cross a boundary copy payload.
#pragma once
#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "harness/base/check.h"
#include "scenarios/chunk/contract.h"
#include "scenarios/chunk/derived/search.h"

namespace copycost::chunk {

template <design D>
class sequence {
 public:
  using chunk = typename D::chunk;
  using context = typename D::context;

  explicit sequence(context& x) : context_(&x) {}

  // Appends a chunk; the first one says where the row begins. Errors: stream_mismatch, gap, overlap; the chunk is then
  // dropped and the row unchanged. An empty chunk in the right place is accepted and holds no room.
  result<void> push(chunk c) {
    const place at = c.at();
    if (!started_) {
      start_ = at;
      end_ = at.offset;
      started_ = true;
    }
    if (at.stream != start_.stream) return error{errc::stream_mismatch, 0, start_.stream, at.stream};
    if (at.offset > end_) return error{errc::gap, 0, end_, at.offset};
    if (at.offset < end_) return error{errc::overlap, 0, end_, at.offset};
    end_ += c.size();
    if (c.size() > 0) chunks_.push_back(std::move(c));
    return {};
  }

  std::uint64_t size() const { return end_ - start_.offset; }
  place at() const { return start_; }
  std::uint64_t end_offset() const { return end_; }
  // The chunks that hold bytes, in order. VALID UNTIL: push(), clear() or destruction.
  std::span<const chunk> chunks() const { return chunks_; }
  // Forgets the chunks; the next push() begins a new row.
  void clear() {
    chunks_.clear();
    start_ = {};
    end_ = 0;
    started_ = false;
  }

  // Calls see(bytes_view) for [pos, pos + len) in order, one call a chunk. Views are VALID UNTIL: see returns.
  // REQUIRES: the range lies in the row.
  template <class See>
  void views(std::uint64_t pos, std::uint64_t len, See&& see) const {
    COPYCOST_ASSERT(pos <= size() && len <= size() - pos);
    for (std::size_t i = holding(pos); len > 0; ++i) {
      const std::size_t skip = static_cast<std::size_t>(pos - begin_of(i));
      const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(len, chunks_[i].size() - skip));
      see(chunks_[i].view().subspan(skip, n));
      pos += n;
      len -= n;
    }
  }

  // The position of the first `wanted` at or behind `from`; nothing when there is none.
  std::optional<std::uint64_t> find(std::byte wanted, std::uint64_t from = 0) const {
    std::optional<std::uint64_t> found;
    std::uint64_t begin = from;
    for_each_from(from, [&](bytes_view bytes) {
      const void* hit = std::memchr(bytes.data(), static_cast<int>(wanted), bytes.size());
      if (hit != nullptr) found = begin + static_cast<std::uint64_t>(static_cast<const std::byte*>(hit) - bytes.data());
      begin += bytes.size();
      return hit == nullptr;
    });
    return found;
  }

  // The position of the first `pattern` that begins at or behind `from`, wherever chunks are cut. An empty pattern is
  // found at once. Linear in the bytes looked at and the pattern. Allocates 4 bytes per byte of the pattern.
  std::optional<std::uint64_t> find(bytes_view pattern, std::uint64_t from = 0) const {
    if (from > size()) return std::nullopt;
    if (pattern.empty()) return from;
    pattern_search search(pattern);
    std::optional<std::uint64_t> found;
    for_each_from(from, [&](bytes_view bytes) {
      if (const auto at = search.feed(bytes)) found = from + *at;
      return !found;
    });
    return found;
  }

  // Calls take_line(chunk&&) for each line in order, without its '\n'; what follows the last '\n' is a line when it is
  // not empty. A line inside one chunk is a slice; a line that crosses a boundary is built anew, COPIES: that line.
  // Errors: those of slice(), build() and seal(); lines already taken stay taken.
  template <class TakeLine>
  result<void> each_line(TakeLine&& take_line) const {
    std::uint64_t line = 0;  // where the current line begins
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
      const bytes_view bytes = chunks_[i].view();
      const std::uint64_t begin = begin_of(i);
      for (std::size_t p = 0; p < bytes.size();) {
        const void* hit = std::memchr(bytes.data() + p, '\n', bytes.size() - p);
        if (hit == nullptr) break;
        const std::size_t end = static_cast<std::size_t>(static_cast<const std::byte*>(hit) - bytes.data());
        auto made = line >= begin ? chunks_[i].slice(p, end - p) : cut(line, begin + end);
        if (!made) return made.error();
        take_line(std::move(made).value());
        p = end + 1;
        line = begin + p;
      }
    }
    if (line == size()) return {};
    auto last = cut(line, size());
    if (!last) return last.error();
    take_line(std::move(last).value());
    return {};
  }

  // All lines at once. Errors and COPIES: as each_line().
  result<std::vector<chunk>> lines() const {
    std::vector<chunk> out;
    if (auto done = each_line([&](chunk&& line) { out.push_back(std::move(line)); }); !done) return done.error();
    return out;
  }

  // [begin, end) as one chunk: a slice where it lies in one, otherwise built anew, COPIES: end - begin.
  // Errors: out_of_range, too_large, and those of slice(), build() and seal().
  result<chunk> cut(std::uint64_t begin, std::uint64_t end) const {
    if (begin > end) return error{errc::out_of_range, begin, end, 0};
    if (end > size()) return error{errc::out_of_range, end, size(), 0};
    const place there{start_.stream, start_.offset + begin};
    if (begin == end) return context_->copy(there, {});
    if (const auto ok = fits(there, end - begin); !ok) return ok.error();
    const std::size_t i = holding(begin), pos = static_cast<std::size_t>(begin - begin_of(i));
    if (end - begin_of(i) <= chunks_[i].size()) return chunks_[i].slice(pos, static_cast<std::size_t>(end - begin));
    auto b = context_->build(there, static_cast<std::size_t>(end - begin));
    if (!b) return b.error();
    result<void> written;
    views(begin, end - begin, [&](bytes_view part) {
      if (written) written = b->write(part);
    });
    if (!written) return written.error();
    return context_->seal(std::move(b).value());
  }

 private:
  std::uint64_t begin_of(std::size_t i) const { return chunks_[i].at().offset - start_.offset; }

  // The chunk that holds position `pos`. REQUIRES: pos < size().
  std::size_t holding(std::uint64_t pos) const {
    const std::uint64_t offset = start_.offset + pos;
    const auto behind = std::upper_bound(chunks_.begin(), chunks_.end(), offset,
                                         [](std::uint64_t o, const chunk& c) { return o < c.at().offset; });
    return static_cast<std::size_t>(behind - chunks_.begin()) - 1;
  }

  // see(bytes_view) -> bool for everything from `from` on, until it answers false.
  template <class See>
  void for_each_from(std::uint64_t from, See see) const {
    if (from >= size()) return;
    std::size_t i = holding(from), skip = static_cast<std::size_t>(from - begin_of(i));
    for (; i < chunks_.size(); ++i, skip = 0)
      if (!see(chunks_[i].view().subspan(skip))) return;
  }

  context* context_;
  std::vector<chunk> chunks_;  // none is empty; neighbours in the stream
  place start_;
  std::uint64_t end_ = 0;  // offset behind the last byte
  bool started_ = false;
};

}  // namespace copycost::chunk
