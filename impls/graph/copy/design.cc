// SPDX-License-Identifier: Apache-2.0
#include "impls/graph/copy/design.h"

#include <algorithm>
#include <utility>

#include "harness/ledger/witness/counters.h"

namespace copycost::graph {

copy_bag::copy_bag(copy_bag&& o) noexcept
    : data_(std::move(o.data_)), size_(std::exchange(o.size_, 0)), capacity_(std::exchange(o.capacity_, 0)) {}

copy_bag& copy_bag::operator=(copy_bag&& o) noexcept {
  data_ = std::move(o.data_);
  size_ = std::exchange(o.size_, 0);
  capacity_ = std::exchange(o.capacity_, 0);
  return *this;
}

result<void> copy_bag::append(foreign_bytes&& more) {
  const bytes_view bytes = more.bytes();
  if (bytes.size() > capacity_ - size_)
    if (auto grown = grow(size_ + bytes.size()); !grown) return grown;
  counted_copy(data_.get() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
  more.reset();
  return {};
}

result<void> copy_bag::grow(std::size_t need) {
  const std::size_t capacity = std::max(need, 2 * size_);
  std::unique_ptr<std::byte, release> larger(static_cast<std::byte*>(std::malloc(capacity)));
  if (larger == nullptr) return error{capacity};
  counted_copy(larger.get(), data_.get(), size_);
  data_ = std::move(larger);
  capacity_ = capacity;
  return {};
}

}  // namespace copycost::graph
