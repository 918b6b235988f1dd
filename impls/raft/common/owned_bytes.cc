// SPDX-License-Identifier: Apache-2.0
#include "impls/raft/common/owned_bytes.h"

#include <algorithm>
#include <new>

namespace copycost::raft {

result<copy_bytes> copy_bytes::fresh(std::size_t n) {
  copy_bytes b;
  if (n == 0) return b;
  b.data_.reset(new (std::nothrow) std::byte[n]);
  if (b.data_ == nullptr) return error{errc::out_of_memory, 0, 0, n};
  b.size_ = n;
  return b;
}

result<copy_bytes> copy_bytes::of(bytes_view v) {
  auto b = fresh(v.size());
  if (b) counted_copy(b->data_.get(), v.data(), v.size());
  return b;
}

result<void> copy_room::reserve(std::size_t n) {
  const std::size_t held = end_ - begin_;
  if (begin_ + n <= room_) return {};
  if (n <= room_ && held <= begin_) {
    counted_copy(data_.get(), data_.get() + begin_, held);
  } else {
    const std::size_t room = std::max(n, kFirstRoom);
    auto* fresh = new (std::nothrow) std::byte[room];
    if (fresh == nullptr) return error{errc::out_of_memory, 0, 0, room};
    counted_copy(fresh, data_.get() + begin_, held);
    data_.reset(fresh);
    room_ = room;
  }
  begin_ = 0;
  end_ = held;
  return {};
}

}  // namespace copycost::raft
