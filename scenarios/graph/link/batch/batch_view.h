// SPDX-License-Identifier: Apache-2.0
//
// A batch as it lies in memory: checked once as a whole, then every item is a few loads away. Nothing is copied and
// nothing is allocated, whatever the bytes say.
//
//   body  [item: key u64 | payload end u32 | headers end u32 | source u32] ...   20 bytes an item
//         [header: name u32 | value u32] ...                                     8 bytes a header, in the items' order
//         [name end u32] ...                                                     4 bytes a name
//         [characters of all names][payload of all items]
//
// Ends count from the start of their own part, so that an item's part lies between the end of the one before and its
// own. Sources, names and values are numbers of names in this batch: 0 is the empty name, 1 the first of the table.
//
// Lifetime: borrows the bytes.
// Threads: safe once it is made; it does not change.
// Cost: parse() looks at each record once; all else takes constant time.
#pragma once
#include <cstdint>
#include <string_view>

#include "scenarios/graph/link/batch/head.h"
#include "scenarios/graph/link/batch/words.h"

namespace copycost::graph {

// VALID UNTIL: the bytes of the batch change or go.
struct batch_item {
  std::uint64_t key = 0;
  std::uint32_t source = 0;                     // a name of the batch
  std::uint32_t first_header = 0, headers = 0;  // of all headers of the batch
  std::uint64_t position = 0;                   // of the payload in the body
  bytes_view payload;
};

class batch_view {
 public:
  batch_view() = default;
  // REQUIRES: `head` is one that read_head() answered under the same limits, and `body` is the body, unpacked.
  // Errors, with the byte of the batch, as if its body were stored: truncated_input, trailing_bytes, bad_length for an
  // end before the one before it or a name that the batch does not have, too_large and too_many_headers of an item.
  static result<batch_view> parse(const batch_head& head, bytes_view body);

  std::uint32_t items() const { return items_; }
  std::uint32_t names() const { return names_; }  // without the empty one
  // REQUIRES: i < items(). VALID UNTIL: the bytes change.
  batch_item item(std::uint32_t i) const {
    COPYCOST_ASSERT(i < items_);
    const std::uint32_t begin = i == 0 ? 0 : payload_end(i - 1), first = i == 0 ? 0 : headers_end(i - 1);
    const std::uint64_t position = payload_at_ + begin;
    return {
        key(i), source(i), first, headers_end(i) - first, position, body_.subspan(position, payload_end(i) - begin)};
  }
  // The two names of a header. REQUIRES: i < the batch's headers.
  header header_at(std::uint32_t i) const {
    const std::byte* const at = body_.data() + headers_at() + std::size_t{i} * kHeaderRecord;
    return {wire::load<std::uint32_t>(at), wire::load<std::uint32_t>(at + 4)};
  }
  // REQUIRES: id <= names(). VALID UNTIL: the bytes change.
  std::string_view name(std::uint32_t id) const;

 private:
  std::uint64_t key(std::uint32_t i) const { return wire::load<std::uint64_t>(record(i)); }
  std::uint32_t payload_end(std::uint32_t i) const { return wire::load<std::uint32_t>(record(i) + 8); }
  std::uint32_t headers_end(std::uint32_t i) const { return wire::load<std::uint32_t>(record(i) + 12); }
  std::uint32_t source(std::uint32_t i) const { return wire::load<std::uint32_t>(record(i) + 16); }
  // VALID UNTIL: the bytes change.
  const std::byte* record(std::uint32_t i) const { return body_.data() + std::size_t{i} * kItemRecord; }
  std::size_t headers_at() const { return std::size_t{items_} * kItemRecord; }
  std::size_t name_ends_at() const { return headers_at() + std::size_t{headers_} * kHeaderRecord; }
  std::size_t texts_at() const { return name_ends_at() + std::size_t{names_} * kNameRecord; }
  std::uint32_t name_end(std::uint32_t i) const {
    return wire::load<std::uint32_t>(body_.data() + name_ends_at() + std::size_t{i} * kNameRecord);
  }
  result<void> check_names();
  result<void> check_headers() const;
  result<void> check_items() const;

  bytes_view body_;
  std::uint32_t items_ = 0, headers_ = 0, names_ = 0;
  std::size_t payload_at_ = 0;
};

}  // namespace copycost::graph
