// SPDX-License-Identifier: Apache-2.0
//
// Which pieces a file has, and which part of it must be mapped to see the next one: lines, or records of one size.
//
//   file     |........line\n...line\n......|
//   window        [page ................]      begins with the page in which the next piece begins
//
// A line has its \n; the last one may have none. A window is as large as it is asked to be, and larger for a line that
// does not fit, up to the largest item.
//
// Threads: a value.
// Cost: each byte of a line is looked at once, twice where a window ends in it.
#pragma once
#include <algorithm>
#include <cstdint>

#include "scenarios/common/bytes.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph {

struct file_range {
  std::uint64_t begin = 0, size = 0;
  std::uint64_t end() const { return begin + size; }
};

class file_pieces {
 public:
  // record: bytes of each piece; 0: lines.
  file_pieces() = default;
  file_pieces(std::uint64_t file_size, std::uint64_t record, std::uint64_t window, std::uint64_t page)
      : size_(file_size), record_(record), window_(window), page_(page) {}

  std::uint64_t at() const { return at_; }
  bool ended() const { return at_ == size_; }
  void pass(std::uint64_t bytes) { at_ += bytes; }

  // The next piece, which lies in `seen`, the bytes of the file from `begin` on; size 0: it does not end there.
  // REQUIRES: !ended().
  file_range next(std::uint64_t begin, bytes_view seen) const {
    if (at_ < begin || at_ >= begin + seen.size()) return {at_, 0};
    const bytes_view rest = seen.subspan(at_ - begin);
    if (record_ != 0) return {at_, rest.size() >= record_ ? record_ : 0};
    if (const std::size_t end = find_byte(rest, '\n', 0); end != rest.size()) return {at_, end + 1};
    return {at_, begin + seen.size() == size_ ? rest.size() : 0};
  }

  // What to map next, when the next piece does not lie in `seen` as a whole.
  // Errors: truncated_input for a record that the file ends in, too_large for a line of more than kItemMax bytes.
  result<file_range> window(file_range seen) const {
    if (record_ != 0 && size_ - at_ < record_) return error{errc::truncated_input, at_, record_, size_ - at_};
    const std::uint64_t begin = at_ / page_ * page_;
    // A window that begins there already was too small.
    const bool is_small = seen.size != 0 && seen.begin == begin;
    const std::uint64_t asked = is_small ? std::min(2 * seen.size, kItemMax) : window_;
    const std::uint64_t size = std::min(asked, size_ - begin);
    if (is_small && size <= seen.size) return error{errc::too_large, at_, kItemMax - (at_ - begin), size_ - at_};
    return file_range{begin, size};
  }

 private:
  std::uint64_t size_ = 0, record_ = 0, window_ = 0, page_ = 1;
  std::uint64_t at_ = 0;
};

}  // namespace copycost::graph
