// SPDX-License-Identifier: Apache-2.0
//
// Puts pieces of one stream that arrive in any order back into the stream's order.
//
//   delivered ...|next [....]  gap  [..][.......]  gap  [..]         |next + window
//                 insert() keeps pieces in offset order; drain() delivers what follows without a gap
//
// Every piece is checked: it must be of the stream, lie in the window, and agree with bytes that are already there.
// Bytes that are there already are dropped and counted; the first arrival stays. A piece that disagrees with them is
// refused as a whole.
//
// Lifetime: owns the pieces until they are delivered.
// Threads: a value.
// Cost: insert() searches in log(pieces) and moves handles; room for `pieces_max` handles is allocated once. No payload
// is copied (in `copy`: what is trimmed); bytes that arrive twice are read once more, to compare them.
#pragma once
#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "scenarios/chunk/contract.h"
#include "scenarios/chunk/derived/operations.h"

namespace copycost::chunk {

struct reassembly_limits {
  std::uint64_t window_bytes_max = 1024 * 1024;  // how far behind the next byte a piece may end
  std::size_t pieces_max = 1024;                 // pieces held at once
};

struct reassembly_counts {
  std::uint64_t pieces = 0;           // accepted with at least one new byte
  std::uint64_t duplicates = 0;       // accepted without a new byte
  std::uint64_t duplicate_bytes = 0;  // dropped, because they were there
  std::uint64_t refused = 0;          // answered with an error
  friend bool operator==(const reassembly_counts&, const reassembly_counts&) = default;
};

template <chunk_like C>
class reassembly {
 public:
  // `start`: the stream, and the offset of the first byte to deliver.
  explicit reassembly(place start, const reassembly_limits& limits = {}) : next_(start), limits_(limits) {
    held_.reserve(limits.pieces_max);
  }

  // Takes a piece. Errors: stream_mismatch, too_large (it ends outside the window, or pieces_max are held; expected:
  // the limit), overlap (bytes that are there are different; got: the offset of the first), and those of slice(). The
  // piece is then dropped and nothing is changed. Bytes in front of the next one to deliver cannot be compared any
  // more and are dropped.
  result<void> insert(C piece) {
    auto done = insert_checked(std::move(piece));
    if (!done) ++counts_.refused;
    return done;
  }

  // Calls take(C&&) for each piece that follows without a gap, in order. Pieces lie side by side in the stream.
  template <class Take>
  void drain(Take&& take) {
    std::size_t ready = 0;
    for (; ready < held_.size() && held_[ready].at().offset == next_.offset; ++ready) {
      next_.offset += held_[ready].size();
      take(std::move(held_[ready]));
    }
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(ready));
  }

  // Where the next byte to deliver lies.
  place next() const { return next_; }
  // Calls see(begin, end) with the offsets of each gap in front of held pieces, in order.
  template <class See>
  void gaps(See&& see) const {
    std::uint64_t expected = next_.offset;
    for (const C& piece : held_) {
      if (piece.at().offset > expected) see(expected, piece.at().offset);
      expected = chunk::end_offset(piece);
    }
  }
  std::size_t held() const { return held_.size(); }
  std::uint64_t held_bytes() const {
    std::uint64_t sum = 0;
    for (const C& piece : held_) sum += piece.size();
    return sum;
  }
  const reassembly_counts& counts() const { return counts_; }
  // Forgets everything, counts included.
  void restart(place start) {
    held_.clear();
    next_ = start;
    counts_ = {};
  }

 private:
  result<void> insert_checked(C piece) {
    const std::uint64_t begin = piece.at().offset, end = chunk::end_offset(piece);
    if (piece.at().stream != next_.stream) return error{errc::stream_mismatch, 0, next_.stream, piece.at().stream};
    if (end > next_.offset && end - next_.offset > limits_.window_bytes_max)
      return error{errc::too_large, begin, limits_.window_bytes_max, end - next_.offset};
    if (end <= next_.offset || piece.size() == 0) return only_known(piece.size());

    const std::size_t first = first_behind(std::max(begin, next_.offset));
    std::size_t last = first;  // the held pieces that this one overlaps: [first, last)
    for (; last < held_.size() && held_[last].at().offset < end; ++last)
      if (auto same = compare(held_[last], piece); !same) return same;
    if (first == last && begin >= next_.offset) return keep_whole(std::move(piece), first);
    return keep_new_parts(piece, first, last);
  }

  // The first held piece that ends behind `offset`.
  std::size_t first_behind(std::uint64_t offset) const {
    const auto found = std::upper_bound(held_.begin(), held_.end(), offset,
                                        [](std::uint64_t o, const C& c) { return o < chunk::end_offset(c); });
    return static_cast<std::size_t>(found - held_.begin());
  }

  result<void> only_known(std::uint64_t size) {
    ++counts_.duplicates;
    counts_.duplicate_bytes += size;
    return {};
  }

  // Errors: overlap when both have different bytes somewhere.
  static result<void> compare(const C& held, const C& piece) {
    const std::uint64_t begin = std::max(held.at().offset, piece.at().offset);
    const std::uint64_t end = std::min(chunk::end_offset(held), chunk::end_offset(piece));
    const bytes_view a =
        held.view().subspan(static_cast<std::size_t>(begin - held.at().offset), static_cast<std::size_t>(end - begin));
    const bytes_view b = piece.view().subspan(static_cast<std::size_t>(begin - piece.at().offset), a.size());
    const auto differ = std::mismatch(a.begin(), a.end(), b.begin()).first;
    if (differ == a.end()) return {};
    return error{errc::overlap, 0, end, begin + static_cast<std::uint64_t>(differ - a.begin())};
  }

  result<void> keep_whole(C piece, std::size_t at) {
    if (held_.size() >= limits_.pieces_max) return too_many(piece, 1);
    held_.insert(held_.begin() + static_cast<std::ptrdiff_t>(at), std::move(piece));
    ++counts_.pieces;
    return {};
  }

  // Cuts the piece at the held ones [first, last) and keeps what lies between them.
  result<void> keep_new_parts(const C& piece, std::size_t first, std::size_t last) {
    const std::uint64_t begin = piece.at().offset, end = chunk::end_offset(piece);
    std::vector<C> parts;
    std::uint64_t from = std::max(begin, next_.offset), fresh = 0;
    for (std::size_t i = first; i <= last; ++i) {
      const std::uint64_t to = i < last ? held_[i].at().offset : end;
      if (to > from) {
        auto part = piece.slice(static_cast<std::size_t>(from - begin), static_cast<std::size_t>(to - from));
        if (!part) return part.error();
        parts.push_back(std::move(part).value());
        fresh += to - from;
      }
      if (i < last) from = std::max(from, chunk::end_offset(held_[i]));
    }
    if (parts.empty()) return only_known(piece.size());
    if (held_.size() + parts.size() > limits_.pieces_max) return too_many(piece, parts.size());
    for (C& part : parts) {
      const std::size_t at = first_behind(part.at().offset);
      held_.insert(held_.begin() + static_cast<std::ptrdiff_t>(at), std::move(part));
    }
    ++counts_.pieces;
    counts_.duplicate_bytes += piece.size() - fresh;
    return {};
  }

  error too_many(const C& piece, std::size_t more) const {
    return {errc::too_large, piece.at().offset, limits_.pieces_max, held_.size() + more};
  }

  place next_;
  reassembly_limits limits_;
  reassembly_counts counts_;
  std::vector<C> held_;  // in offset order, without overlap, none before next_, none empty
};

}  // namespace copycost::chunk
