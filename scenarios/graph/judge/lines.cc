// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/judge/lines.h"

#include <algorithm>
#include <cstring>

namespace copycost::graph::input {
namespace {

// Where the line ends that begins at `from`: behind its '\n', or with the bytes.
std::size_t end_of_line(bytes_view all, std::size_t from) {
  return std::min(find_byte(all, '\n', from) + 1, all.size());
}
// Where the block ends that begins at `from`: behind its last whole line, or with its first.
std::size_t end_of_block(bytes_view all, std::size_t from) {
  const std::size_t room = std::min(line_source::kBlock, all.size() - from);
  if (from + room == all.size()) return all.size();
  const void* const end = memrchr(all.data() + from, '\n', room);
  return end == nullptr ? end_of_line(all, from + room)
                        : static_cast<std::size_t>(static_cast<const std::byte*>(end) - all.data()) + 1;
}

}  // namespace

result<void> line_source::next_block(any_maker& m) {
  const std::size_t end = end_of_block(file_, at_);
  // Lent bytes are never written (a law): the file may be mapped for reading only.
  const std::span<std::byte> bytes(const_cast<std::byte*>(file_.data()) + at_, end - at_);
  m.end_batch();
  auto block = m.adopt({}, foreign_bytes::lent(bytes));
  if (!block) return block.error();
  block_ = std::move(block).value();
  at_ = end;
  in_block_ = 0;
  return {};
}

result<turn> line_source::produce(outlet<any_design>& to) {
  if (line_.box() == nullptr) {
    if (in_block_ == block_.size()) {
      block_ = any_item();
      in_block_ = 0;
      if (at_ == file_.size()) return turn::done;
      if (const auto next = next_block(to.maker()); !next) return next.error();
    }
    const std::size_t end = end_of_line(block_.bytes(), in_block_);
    auto line = to.maker().part(block_, in_block_, end - in_block_, {0, number_, {}});
    if (!line) return line.error();
    line_ = std::move(line).value();
    in_block_ = end;
    ++number_;
  }
  if (const auto sent = to.send(0, std::move(line_)); !sent) return sent.error();
  line_ = any_item();
  return turn::more;
}

result<void> line_sink::take(unsigned, any_item& one, outlet<any_design>&) {
  ++came_.items;
  came_.bytes += one.size();
  came_.keys += one.meta().key;
  sum_.add(one.bytes());
  return {};
}

tally line_sink::came() {
  came_.digest = sum_.hex();
  return came_;
}

}  // namespace copycost::graph::input
