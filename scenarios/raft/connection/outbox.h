// SPDX-License-Identifier: Apache-2.0
//
// Frames that wait to be written on one connection, in lanes, and the order in which they go out.
//
//   control   [f][f]        begun: a frame of which a part is written goes on first, whatever it is;
//   append    [f][f][f]     then control, append, snapshot, as many frames as one gather write takes;
//   snapshot  [piece]       and never more than one piece of a snapshot is here
//
// Lifetime: keeps the owners of what frames refer to until the last byte is written.
// Threads: one at a time.
// Cost: frames are used again, so a steady connection allocates nothing; gather() is linear in the parts it takes.
#pragma once
#include <array>
#include <climits>
#include <memory>
#include <utility>
#include <vector>

#include "scenarios/raft/connection/options.h"

namespace copycost::raft {

// A frame on its way.
template <class D>
struct outgoing {
  typename D::frame frame;
  typename D::message owner;     // of what the frame refers to
  std::vector<std::byte> bytes;  // or this is
  std::size_t size = 0, written = 0;
  lane in = lane::control;
  frame_type type = frame_type::raft_message;
  int message = -1;          // message_type, or none
  std::uint32_t stream = 0;  // of a piece of a snapshot; 0: none
  std::size_t payload = 0;   // bytes of it, so far as the sender knows
  bool detached = false;     // `bytes` is what is left of the frame itself
  std::unique_ptr<outgoing> next;
};

template <class D>
class outbox {
 public:
  using item = outgoing<D>;
  using item_pointer = std::unique_ptr<item>;
  outbox() = default;
  ~outbox() {
    clear([](item&) {});
  }
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  item_pointer fresh() {
    if (spare_ == nullptr) return std::make_unique<item>();
    item_pointer one = std::move(spare_);
    spare_ = std::move(one->next);
    --spares_;
    return one;
  }
  // REQUIRES: item->size is that of its frame.
  void put(lane l, item_pointer one) {
    one->in = l;
    bytes_ += one->size;
    if (one->stream != 0) has_piece_ = true;
    queue& q = lanes_[static_cast<std::size_t>(l)];
    item* const raw = one.get();
    (q.last == nullptr ? q.first : q.last->next) = std::move(one);
    q.last = raw;
    ++q.count;
  }
  void give_back(item_pointer one) { recycle(std::move(one)); }

  std::size_t count(lane l) const { return lanes_[static_cast<std::size_t>(l)].count; }
  bool empty() const { return bytes_ == 0; }
  std::size_t bytes() const { return bytes_; }  // not yet written
  bool has_piece() const { return has_piece_; }
  std::size_t written_of_front() const { return begun_ == nullptr ? 0 : begun_->written; }

  // Appends the parts of what goes next: whole frames until `most` bytes are reached. VALID UNTIL: anything changes
  // here.
  void gather(std::vector<iovec>& parts, std::size_t most) const {
    std::size_t sum = 0;
    if (begun_ != nullptr) sum += add_rest(*begun_, parts);
    for (const queue& q : lanes_)
      for (const item* i = q.first.get(); i != nullptr; i = i->next.get()) {
        if (sum >= most || parts.size() >= kPartsMax) return;
        sum += add_rest(*i, parts);
      }
  }
  // The first n bytes of what gather() showed are written; calls finished(item&) for each frame that is done.
  template <class F>
  void wrote(std::size_t n, F&& finished) {
    bytes_ -= n;
    while (n != 0) {
      if (begun_ == nullptr) begun_ = pop();
      const std::size_t left = begun_->size - begun_->written, now = std::min(n, left);
      begun_->written += now;
      n -= now;
      if (now != left) return;
      if (begun_->stream != 0) has_piece_ = false;
      finished(*begun_);
      recycle(std::move(begun_));
    }
  }
  // The memory behind the stream's piece is about to go: true when the piece was here and is forgotten.
  // COPIES: what is left of a piece of which a part is written.
  bool let_go_of(std::uint32_t stream) {
    if (begun_ != nullptr && begun_->stream == stream) {
      detach(*begun_);
      return false;
    }
    queue& q = lanes_[static_cast<std::size_t>(lane::snapshot)];
    item* before = nullptr;
    for (item* i = q.first.get(); i != nullptr; before = i, i = i->next.get()) {
      if (i->stream != stream) continue;
      item_pointer& holder = before == nullptr ? q.first : before->next;
      item_pointer one = std::move(holder);
      holder = std::move(one->next);
      if (q.last == one.get()) q.last = before;
      --q.count;
      bytes_ -= one->size;
      has_piece_ = false;
      recycle(std::move(one));
      return true;
    }
    return false;
  }
  // Calls lost(item&) for each frame that was not written to its end, and forgets it.
  template <class F>
  void clear(F&& lost) {
    if (begun_ != nullptr) {
      lost(*begun_);
      begun_.reset();
    }
    while (item_pointer one = pop()) lost(*one);
    while (spare_ != nullptr) spare_ = std::move(spare_->next);
    bytes_ = 0;
    spares_ = 0;
    has_piece_ = false;
  }

 private:
  // A piece of a snapshot, too.
  static constexpr std::size_t kPartsMax = IOV_MAX, kSparesMax = 64, kKeptBytes = 64 * kKiB + kHeadBytesMax;
  struct queue {
    item_pointer first;
    item* last = nullptr;
    std::size_t count = 0;
  };

  static std::size_t add_rest(const item& i, std::vector<iovec>& parts) {
    if (i.detached) {
      parts.push_back(
          {const_cast<std::byte*>(i.bytes.data()) + (i.bytes.size() - (i.size - i.written)), i.size - i.written});
      return i.size - i.written;
    }
    std::size_t skip = i.written;
    for (const iovec& p : i.frame.parts()) {
      if (skip >= p.iov_len) {
        skip -= p.iov_len;
        continue;
      }
      parts.push_back({static_cast<std::byte*>(p.iov_base) + skip, p.iov_len - skip});
      skip = 0;
    }
    return i.size - i.written;
  }
  static void detach(item& i) {
    if (i.detached) return;
    std::vector<iovec> parts;
    add_rest(i, parts);
    std::vector<std::byte> rest;
    for (const iovec& p : parts) {
      const auto* from = static_cast<const std::byte*>(p.iov_base);
      rest.insert(rest.end(), from, from + p.iov_len);
    }
    i.bytes = std::move(rest);
    i.frame = {};
    i.detached = true;
  }
  item_pointer pop() {
    for (queue& q : lanes_) {
      if (q.first == nullptr) continue;
      item_pointer one = std::move(q.first);
      q.first = std::move(one->next);
      if (q.first == nullptr) q.last = nullptr;
      --q.count;
      return one;
    }
    return nullptr;
  }
  // What the frame has grown to is kept only while it is small.
  void recycle(item_pointer one) {
    if (spares_ == kSparesMax) return;
    if (one->size > kKeptBytes || one->detached) one->frame = {};
    if (one->bytes.capacity() > kKeptBytes) one->bytes = {};
    one->owner.clear();
    one->bytes.clear();
    one->size = one->written = one->payload = 0;
    one->message = -1;
    one->stream = 0;
    one->detached = false;
    one->next = std::move(spare_);
    spare_ = std::move(one);
    ++spares_;
  }

  item_pointer begun_;
  std::array<queue, kLanes> lanes_;
  item_pointer spare_;
  std::size_t bytes_ = 0, spares_ = 0;
  bool has_piece_ = false;
};

}  // namespace copycost::raft
