// SPDX-License-Identifier: Apache-2.0
//
// Bytes that one owner has, and the receive buffer that is used again: for designs that copy what they keep.
//
// Lifetime: owns what it holds.
// Threads: one at a time.
// Cost: an allocation for each owner, and a copy for each new one.
#pragma once
#include <memory>
#include <utility>

#include "harness/base/check.h"
#include "scenarios/raft/contract.h"

namespace copycost::raft {

// Bytes that one owner has.
class copy_bytes {
 public:
  copy_bytes() = default;
  copy_bytes(copy_bytes&& o) noexcept : data_(std::move(o.data_)), size_(std::exchange(o.size_, 0)) {}
  copy_bytes& operator=(copy_bytes&& o) noexcept {
    data_ = std::move(o.data_);
    size_ = std::exchange(o.size_, 0);
    return *this;
  }
  // COPIES: v.size(). Errors: out_of_memory.
  static result<copy_bytes> of(bytes_view v);
  // Bytes that the caller writes at once. Errors: out_of_memory.
  static result<copy_bytes> fresh(std::size_t n);
  // VALID UNTIL: this is destroyed, moved from or changed.
  bytes_view view() const { return {data_.get(), size_}; }
  std::span<std::byte> writable() { return {data_.get(), size_}; }  // VALID UNTIL: as view()
  result<copy_bytes> share() const { return of(view()); }           // COPIES: all of it
  result<copy_bytes> part(bytes_view v) const { return of(v); }     // COPIES: v.size()
  result<void> compact() { return {}; }
  std::uint64_t retained_bytes() const { return size_; }

 private:
  std::unique_ptr<std::byte[]> data_;
  std::size_t size_ = 0;
};

// Where bytes arrive: one buffer, used again.
class copy_room {
 public:
  template <class Context>
  explicit copy_room(Context&) {}
  // VALID UNTIL: reserve() or consumed().
  bytes_view held() const { return {data_.get() + begin_, end_ - begin_}; }
  // COPIES: held(), where it must move to have room behind it.
  result<void> reserve(std::size_t n);
  // VALID UNTIL: as held().
  std::span<std::byte> space() const { return {data_.get() + end_, room_ - end_}; }
  void filled(std::size_t n) {
    COPYCOST_ASSERT(n <= space().size());
    end_ += n;
  }
  void consumed(std::size_t n) {
    begin_ += n;
    if (begin_ != end_) return;
    begin_ = end_ = 0;
    if (room_ > kKeptRoom) {
      data_.reset();
      room_ = 0;
    }
  }
  std::uint64_t reserved_bytes() const { return room_; }
  result<copy_bytes> own(bytes_view payload) const { return copy_bytes::of(payload); }  // COPIES: all of it
  template <class Message>
  result<void> keep(bytes_view payload, Message& m) const {  // COPIES: payload, if the message refers to any of it
    if (!m.refers()) return {};
    auto bytes = copy_bytes::of(payload);
    if (!bytes) return bytes.error();
    m.rebase(payload.data(), bytes->view().data());
    m.set_owner(std::move(bytes).value());
    return {};
  }

 private:
  std::unique_ptr<std::byte[]> data_;
  std::size_t room_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace copycost::raft
