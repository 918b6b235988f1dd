// SPDX-License-Identifier: Apache-2.0
//
// Private to the shm design: how a reader says what it looks at.
//
//   shared   pin [epoch]                          the oldest epoch that this reader looks at; 0: none
//   local    marks  epoch 7 x 2 -> epoch 9 x 1    one for each epoch with snapshots alive, oldest first
//
// The reader stores the pin, so that the writer sees it before the reader looks at anything, and then loads the epoch.
// Either the epoch is still the same, and the writer will see the pin; or the reader raises the pin to it before it
// looks at anything. While the pin stands, further snapshots only count.
//
// Lifetime: a reader and the last of its snapshots and lists; the store outlives them.
// Threads: one.
// Cost: a store for the first snapshot (an exchange where the kernel has no barriers for us), a store when the last one
// goes; it allocates only when snapshots of more than kMarks epochs are alive at once.
// Source: Fraser, "Practical lock-freedom" (2004), epochs; Desnoyers et al., "User-level implementations of read-copy
// update" (2012), barriers that the writer forces upon readers; the marks are ours.
#pragma once
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "impls/event_store/shm/layout.h"

namespace copycost::event_store {

class shm_pin_places;

class shm_reader {
 public:
  static constexpr std::size_t kMarks = 8;
  struct mark {
    std::uint64_t epoch, count;
    mark *older, *newer;
  };

  // `barriers`: the writer sends us through one before it looks at pins, so that a plain store of the pin does. Either
  // it comes before the store, and then we load what the writer has stored; or behind, and then the writer sees the
  // pin.
  shm_reader(shm_pin_places& from, unsigned number, shm_pin& pin, bool barriers)
      : from_(from), number_(number), pin_(pin), barriers_(barriers) {
    for (mark& m : std::span(inline_).subspan(1)) m.newer = std::exchange(unused_, &m);
  }
  shm_reader(const shm_reader&) = delete;
  shm_reader& operator=(const shm_reader&) = delete;

  unsigned number() const { return number_; }

  // From here until let_go(mark) nothing is used anew that `look` loads, which is called once or more.
  template <class Look>
  mark* hold(const shm_front& front, Look look) {
    mark* m = newest_;
    if (m->count == 0) [[likely]] {  // and so there is no other
      std::uint64_t epoch = front.epoch.load(std::memory_order_relaxed);
      if (barriers_) [[likely]] {
        pin_.epoch.store(epoch, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
      } else {
        pin_.epoch.exchange(epoch, std::memory_order_seq_cst);
      }
      if (const std::uint64_t now = front.epoch.load(std::memory_order_seq_cst); now != epoch) [[unlikely]]
        pin_.epoch.store(epoch = now, std::memory_order_release);
      look();
      m->epoch = epoch;
      m->count = 1;
      return m;
    }
    const std::uint64_t epoch = front.epoch.load(std::memory_order_acquire);
    look();
    if (m->epoch != epoch) m = add(epoch);
    ++m->count;
    return m;
  }
  void let_go(mark* m) {
    if (--m->count != 0) return;
    if (oldest_ != newest_) [[unlikely]]
      return remove(m);
    pin_.epoch.store(0, std::memory_order_release);  // what was looked at may be used anew
    if (left_) [[unlikely]]
      give_back();
  }
  // The reader itself is gone; what it holds may stay.
  void leave() {
    left_ = true;
    if (newest_->count == 0) give_back();
  }

 private:
  mark* add(std::uint64_t epoch);
  void remove(mark* m);
  void give_back();  // and destroys this

  shm_pin_places& from_;
  const unsigned number_;
  shm_pin& pin_;
  const bool barriers_;
  bool left_ = false;
  mark inline_[kMarks]{};
  mark *oldest_ = inline_, *newest_ = inline_, *unused_ = nullptr;  // one at least; its count is 0 if nothing is held
  std::vector<std::unique_ptr<mark>> more_;
};

// What the engine's reader keeps: its part of a shm_reader.
class shm_reader_state {
 public:
  explicit shm_reader_state(shm_reader* r) : is_(r) {}
  shm_reader_state(shm_reader_state&& o) noexcept : is_(std::exchange(o.is_, nullptr)) {}
  shm_reader_state& operator=(shm_reader_state&& o) noexcept {
    shm_reader_state gone(std::exchange(is_, std::exchange(o.is_, nullptr)));
    return *this;
  }
  ~shm_reader_state() {
    if (is_ != nullptr) is_->leave();
  }
  shm_reader* operator->() const { return is_; }
  shm_reader* get() const { return is_; }

 private:
  shm_reader* is_;
};

// One snapshot's or list's hold on what its reader has pinned; empty holds nothing.
class shm_hold {
 public:
  shm_hold() = default;
  shm_hold(shm_reader* by, shm_reader::mark* at) : by_(by), at_(at) {}
  shm_hold(shm_hold&& o) noexcept : by_(std::exchange(o.by_, nullptr)), at_(o.at_) {}
  shm_hold& operator=(shm_hold&& o) noexcept {
    shm_hold gone(std::move(*this));
    by_ = std::exchange(o.by_, nullptr);
    at_ = o.at_;
    return *this;
  }
  ~shm_hold() {
    if (by_ != nullptr) by_->let_go(at_);
  }

 private:
  shm_reader* by_ = nullptr;
  shm_reader::mark* at_ = nullptr;
};

}  // namespace copycost::event_store
