// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "impls/raft/arena/design.h"

namespace copycost::raft {

result<void> arena_bytes::compact() {
  if (view_.empty()) return {};
  const arena::lease piece = arena_->allocate(view_.size());
  if (piece.data == nullptr) return error{errc::out_of_memory, 0, 0, view_.size()};
  counted_copy(piece.data, view_.data(), view_.size());
  view_ = {piece.data, view_.size()};
  ticket_ = piece.ticket;
  return {};
}

bool arena_entries::grow() {
  const std::size_t room = room_ == 0 ? kFirst : 4 * room_;
  const arena::lease piece = arena_->allocate(room * sizeof(entry_view));
  if (piece.data == nullptr) return false;
  auto* const fresh = reinterpret_cast<entry_view*>(piece.data);
  if (size_ != 0) std::memcpy(static_cast<void*>(fresh), data_, size_ * sizeof(entry_view));  // not payload: the list
  data_ = fresh;
  room_ = room;
  piece_ = piece;
  return true;
}

void arena_entries::finish() {
  if (size_ == 0) return;
  if (arena_->shrink(piece_, room_ * sizeof(entry_view), size_ * sizeof(entry_view))) room_ = size_;
}

void arena_entries::give_back() {
  if (room_ != 0) arena_->shrink(piece_, room_ * sizeof(entry_view), 0);
  data_ = nullptr;
  size_ = room_ = 0;
}

result<arena_bytes> arena_context::copy(bytes_view v) {
  return produce(v.size(), [v](std::span<std::byte> to) { counted_copy(to.data(), v.data(), v.size()); });
}

result<arena_bytes> arena_context::produce(std::size_t n, const payload_writer& write) {
  if (n == 0) return arena_bytes();
  const arena::lease piece = batch().allocate(n);
  if (piece.data == nullptr) return error{errc::out_of_memory, 0, 0, n};
  write({piece.data, n});
  return arena_bytes(batch(), piece.ticket, {piece.data, n});
}

result<arena_message> arena_context::compose(const message_view& m, std::span<arena_bytes>) {
  arena_message out;
  out.entries().begin(batch());
  for (const entry_view& e : m.entries) {
    entry_view* const to = out.entries().add();
    if (to == nullptr) return error{errc::out_of_memory, 0, 0, m.entries.size() * sizeof(entry_view)};
    *to = e;
  }
  out.entries().finish();
  message_parts& parts = out.parts();
  parts.view = m;
  parts.unknown.assign(m.unknown.begin(), m.unknown.end());  // not payload: a list of views
  parts.view.entries = out.entries().view();
  parts.view.unknown = parts.unknown;
  if (const arena::lease mark = batch().allocate(1); mark.data != nullptr)
    out.lives_in(batch(), mark.ticket);
  else
    return error{errc::out_of_memory, 0, 0, 1};
  return out;
}

void arena_context::applied() {
  arena& done = batch();
  current_ ^= 1;
  for (arena_room* room : rooms_) room->move_to(batch());
  done.reset();
}

result<void> arena_room::reserve(std::size_t n) {
  const std::size_t held = end_ - begin_;
  if (begin_ + n <= room_) return {};
  if (n <= room_ && !kept_ && held <= begin_) {
    counted_copy(piece_.data, piece_.data + begin_, held);
  } else {
    const std::size_t room = std::max(n, kFirstRoom);
    const arena::lease fresh = batch().allocate(room);
    if (fresh.data == nullptr) return error{errc::out_of_memory, 0, 0, room};
    counted_copy(fresh.data, piece_.data + begin_, held);
    piece_ = fresh;
    room_ = room;
    kept_ = false;
  }
  begin_ = 0;
  end_ = held;
  return {};
}

void arena_room::move_to(arena& to) {
  const std::size_t held = end_ - begin_;
  const std::byte* const from = piece_.data + begin_;
  piece_ = {};
  room_ = 0;
  begin_ = end_ = 0;
  kept_ = false;
  if (held == 0) return;
  // A fresh arena has room for what the last one had room for.
  const arena::lease fresh = to.allocate(std::max(held, kFirstRoom));
  COPYCOST_REQUIRE(fresh.data != nullptr);
  counted_copy(fresh.data, from, held);
  piece_ = fresh;
  room_ = std::max(held, kFirstRoom);
  end_ = held;
}

}  // namespace copycost::raft
