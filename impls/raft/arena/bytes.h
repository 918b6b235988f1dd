// SPDX-License-Identifier: Apache-2.0
//
// Bytes and messages in a batch's arena: a pointer, and a ticket that says whether the batch still lives.
//
// Lifetime: until the batch ends (context.applied()); a use afterwards ends the program in debug builds and is reported
// under AddressSanitizer.
// Threads: those of the context.
// Cost: sharing is copying three words.
#pragma once
#include "impls/common/arena.h"
#include "scenarios/raft/contract.h"

namespace copycost::raft {

class arena_bytes {
 public:
  arena_bytes() = default;
  arena_bytes(arena& in, std::uint32_t ticket, bytes_view view) : arena_(&in), view_(view), ticket_(ticket) {}
  // VALID UNTIL: the batch ends.
  bytes_view view() const {
    check();
    return view_;
  }
  result<arena_bytes> share() const { return arena_bytes(*this); }
  result<arena_bytes> part(bytes_view v) const { return v.empty() ? arena_bytes() : arena_bytes(*arena_, ticket_, v); }
  // Own bytes in the same arena, which keeps everything until the batch ends anyway. COPIES: all of it
  result<void> compact();
  std::uint64_t retained_bytes() const { return arena_ == nullptr ? 0 : arena_->used_bytes(); }

 private:
  void check() const {
#ifndef NDEBUG
    if (arena_ != nullptr) arena_->require_alive(ticket_);
#endif
  }
  arena* arena_ = nullptr;
  bytes_view view_;
  std::uint32_t ticket_ = 0;
};

// Entries of a message in the arena: a generous piece while it is read, cut to what it takes.
class arena_entries {
 public:
  std::size_t size() const { return size_; }
  // VALID UNTIL: add(), or the batch ends.
  std::span<const entry_view> view() const { return {data_, size_}; }
  std::span<entry_view> list() { return {data_, size_}; }  // VALID UNTIL: as view()
  entry_view* add() {
    if (size_ == room_ && !grow()) [[unlikely]]
      return nullptr;
    return &(data_[size_++] = {});
  }
  void take_back() { --size_; }  // the latest one
  void begin(arena& in) {
    arena_ = &in;
    data_ = nullptr;
    size_ = room_ = 0;
  }
  void finish();
  void give_back();  // all of it

 private:
  static constexpr std::size_t kFirst = 512;  // entries, 28 KiB, most of which are given back
  bool grow();

  arena* arena_ = nullptr;
  entry_view* data_ = nullptr;
  std::size_t size_ = 0, room_ = 0;
  arena::lease piece_;
};

class arena_message {
 public:
  // VALID UNTIL: this is destroyed, moved from or changed, or the batch ends.
  const message_view& view() const {
#ifndef NDEBUG
    if (arena_ != nullptr) arena_->require_alive(ticket_);
#endif
    return parts_.view;
  }
  result<arena_bytes> share_data(std::size_t i) const {
    const bytes_view data = parts_.view.entries[i].data;
    return data.empty() ? arena_bytes() : arena_bytes(*arena_, ticket_, data);
  }
  std::uint64_t retained_bytes() const { return arena_ == nullptr ? 0 : arena_->used_bytes(); }
  void clear() {
    parts_.clear();
    arena_ = nullptr;
  }

  // For those who fill it. VALID UNTIL: as view().
  message_parts& parts() { return parts_; }
  arena_entries& entries() { return entries_; }
  bool refers() const { return refers_to_bytes(parts_.view); }
  void lives_in(arena& in, std::uint32_t ticket) {
    arena_ = &in;
    ticket_ = ticket;
  }

 private:
  message_parts parts_;
  arena_entries entries_;
  arena* arena_ = nullptr;
  std::uint32_t ticket_ = 0;
};

}  // namespace copycost::raft
