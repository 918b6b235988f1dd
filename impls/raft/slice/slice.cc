// SPDX-License-Identifier: Apache-2.0
#include "impls/raft/slice/design.h"

namespace copycost::raft {
namespace {

result<ref> made(std::size_t n) {
  ref block(ref_block::make(n));
  if (block.get() == nullptr) return error{errc::out_of_memory, 0, 0, n};
  return block;
}

}  // namespace

result<void> slice_bytes::compact() {
  if (view_.empty() || block_.get()->capacity() == view_.size()) return {};
  auto block = made(view_.size());
  if (!block) return block.error();
  counted_copy(block->get()->data(), view_.data(), view_.size());
  view_ = {block->get()->data(), view_.size()};
  block_ = std::move(block).value();
  return {};
}

result<void> slice_room::reserve(std::size_t n) {
  const std::size_t held = end_ - begin_;
  if (begin_ + n <= capacity()) return {};
  if (n <= capacity() && block_.get()->is_unique() && held <= begin_) {  // its front is free and not in use
    counted_copy(data(), data() + begin_, held);
  } else {
    auto block = made(std::max(n, kFirstRoom));
    if (!block) return block.error();
    counted_copy(block->get()->data(), data() + begin_, held);
    block_ = std::move(block).value();
  }
  begin_ = 0;
  end_ = held;
  return {};
}

result<slice_bytes> slice_design::context::copy(bytes_view v) {
  return produce(v.size(), [v](std::span<std::byte> to) { counted_copy(to.data(), v.data(), v.size()); });
}

result<slice_bytes> slice_design::context::produce(std::size_t n, const payload_writer& write) {
  if (n == 0) return slice_bytes();
  auto block = made(n);
  if (!block) return block.error();
  std::byte* const data = block->get()->data();
  write({data, n});
  return slice_bytes(std::move(block).value(), {data, n});
}

}  // namespace copycost::raft
