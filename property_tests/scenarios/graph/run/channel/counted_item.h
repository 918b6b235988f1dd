// SPDX-License-Identifier: Apache-2.0
// An item with a number and a size that counts how many of it are alive.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace copycost::graph::channel_tests {

class counted_item {
 public:
  counted_item() = default;
  counted_item(std::uint64_t number, std::size_t size) : number_(number), size_(size), is_real_(true) { ++alive(); }
  counted_item(counted_item&& o) noexcept
      : number_(o.number_), size_(o.size_), is_real_(std::exchange(o.is_real_, false)) {}
  counted_item& operator=(counted_item&& o) noexcept {
    const counted_item gone(std::move(*this));
    number_ = o.number_;
    size_ = o.size_;
    is_real_ = std::exchange(o.is_real_, false);
    return *this;
  }
  ~counted_item() {
    if (is_real_) --alive();
  }
  std::size_t size() const { return size_; }
  std::uint64_t number() const { return number_; }
  bool is_real() const { return is_real_; }
  static std::atomic<std::int64_t>& alive() {
    static std::atomic<std::int64_t> count{0};
    return count;
  }

 private:
  std::uint64_t number_ = 0;
  std::size_t size_ = 0;
  bool is_real_ = false;
};

}  // namespace copycost::graph::channel_tests
