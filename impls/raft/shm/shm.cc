// SPDX-License-Identifier: Apache-2.0
#include "impls/raft/shm/design.h"

namespace copycost::raft {

result<void> shm_bytes::compact() {
  if (view_.empty()) return {};
  if (own_.get() != nullptr) {
    if (own_.get()->capacity() == view_.size()) return {};
    ref block(ref_block::make(view_.size()));
    if (block.get() == nullptr) return error{errc::out_of_memory, 0, 0, view_.size()};
    counted_copy(block.get()->data(), view_.data(), view_.size());
    view_ = {block.get()->data(), view_.size()};
    own_ = std::move(block);
    return {};
  }
  if (retained_bytes() == view_.size()) return {};
  slab& in = *block_.where();
  const held_block got = in.allocate(view_.size());
  if (got.count == nullptr) return error{errc::out_of_memory, 0, 0, view_.size()};
  counted_copy(got.data, view_.data(), view_.size());
  view_ = {got.data, view_.size()};
  block_ = slab_ref(in, *got.count);
  return {};
}

slab* shm_context::memory() {
  if (memory_ != nullptr) return memory_.get();
  auto segment = shm_segment::create({});
  if (!segment) return nullptr;
  auto opened = slab::open(std::move(segment).value());
  if (!opened) return nullptr;
  memory_.reset(*opened);
  return memory_.get();
}

copycost::result<void, shm_error> shm_context::attach(int fd) {
  if (memory_ != nullptr && memory_->segment().is_same_file(fd)) return {};
  auto segment = shm_segment::attach(fd);
  if (!segment) return segment.error();
  auto opened = slab::open(std::move(segment).value());
  if (!opened) return opened.error();
  memory_.reset(*opened);
  return {};
}

result<shm_bytes> shm_context::block(std::size_t n) {
  slab* const in = memory();
  const held_block got = in == nullptr ? held_block{} : in->allocate(n);
  if (got.count == nullptr) return error{errc::out_of_memory, 0, 0, n};
  return shm_bytes(slab_ref(*in, *got.count), {got.data, n});
}

result<shm_bytes> shm_context::copy(bytes_view v) {
  return produce(v.size(), [v](std::span<std::byte> to) { counted_copy(to.data(), v.data(), v.size()); });
}

result<shm_bytes> shm_context::produce(std::size_t n, const payload_writer& write) {
  if (n == 0) return shm_bytes();
  auto made = block(n);
  if (made) write({const_cast<std::byte*>(made->view().data()), n});  // ours, and not shown yet
  return made;
}

bool shm_room::is_unique() const {
  return block_.count() != nullptr && (!shown_ || block_.where()->is_unique(*block_.count()));
}

void shm_room::let_go() {
  block_.reset();
  data_ = nullptr;
  capacity_ = begin_ = end_ = 0;
  shown_ = false;
}

result<shm_bytes> shm_room::own(bytes_view payload) {
  if (payload.empty()) return shm_bytes();
  slab_ref more = block_.share();
  if (more.count() == nullptr) return error{errc::out_of_memory, 0, 0, payload.size()};
  shown_ = true;
  return shm_bytes(std::move(more), payload);
}

result<void> shm_room::reserve(std::size_t n) {
  const std::size_t held = end_ - begin_;
  if (begin_ + n <= capacity_) return {};
  const bool kept = held == 0 && capacity_ > kKeptRoom;            // more than an idle connection keeps
  if (n <= capacity_ && !kept && held <= begin_ && is_unique()) {  // its front is free and not in use
    counted_copy(data_, data_ + begin_, held);
    shown_ = false;
  } else {
    const std::size_t room = std::max(n, kFirstRoom);
    slab* const in = context_->memory();
    const held_block got = in == nullptr ? held_block{} : in->allocate(room);
    if (got.count == nullptr) return error{errc::out_of_memory, 0, 0, room};
    counted_copy(got.data, data_ + begin_, held);
    block_ = slab_ref(*in, *got.count);
    data_ = got.data;
    capacity_ = room;
    shown_ = false;
  }
  begin_ = 0;
  end_ = held;
  return {};
}

}  // namespace copycost::raft
