// SPDX-License-Identifier: Apache-2.0
//
// Private to the shm design: how a reader says what it looks at.
//
//   shared   pin [epoch]                          the oldest epoch that this reader looks at; 0: none
//   local    marks  epoch 7 x 2 -> epoch 9 x 1    one for each epoch with snapshots alive, oldest first
//
// The pin is stored (an exchange: nothing that follows is done before) and then the epoch is loaded: either that is the
// present one, and the writer will see the pin, or it is loaded again. While the pin stands, further snapshots only count.
//
// Lifetime: a reader and the last of its snapshots and lists; the store outlives them. Threads: one.
// Cost: an exchange for the first snapshot, a store when the last one goes; nothing is allocated but when snapshots of
// more than kMarks epochs are alive at once.
// Source: Fraser, "Practical lock-freedom" (2004), epochs; the marks are ours.
#pragma once
#include <memory>
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

  shm_reader(shm_pin_places& from, unsigned number, shm_pin& pin) : from_(from), number_(number), pin_(pin) {
    for (mark& m : inline_) m.newer = std::exchange(unused_, &m);
  }
  shm_reader(const shm_reader&) = delete;
  shm_reader& operator=(const shm_reader&) = delete;

  unsigned number() const { return number_; }

  // From here until let_go(mark) nothing is used anew that `look` loads, which is called once or more.
  template <class Look>
  mark* hold(const shm_front& front, Look look) {
    std::uint64_t epoch = front.epoch.load(std::memory_order_relaxed);
    if (oldest_ == nullptr) {
      pin_.epoch.exchange(epoch, std::memory_order_seq_cst);
      const std::uint64_t now = front.epoch.load(std::memory_order_seq_cst);
      if (now != epoch) [[unlikely]]
        pin_.epoch.store(epoch = now, std::memory_order_release);
    } else {
      epoch = front.epoch.load(std::memory_order_acquire);
    }
    look();
    if (newest_ == nullptr || newest_->epoch != epoch) add(epoch);
    ++newest_->count;
    return newest_;
  }
  void let_go(mark* m) {
    if (--m->count == 0) remove(m);
  }
  // The reader itself is gone; what it holds may stay.
  void leave() {
    left_ = true;
    if (oldest_ == nullptr) give_back();
  }

 private:
  void add(std::uint64_t epoch) {
    if (unused_ == nullptr) [[unlikely]]
      more();
    mark* const m = std::exchange(unused_, unused_->newer);
    *m = {epoch, 0, newest_, nullptr};
    (newest_ != nullptr ? newest_->newer : oldest_) = m;
    newest_ = m;
  }
  void remove(mark* m) {
    (m->newer != nullptr ? m->newer->older : newest_) = m->older;
    (m->older != nullptr ? m->older->newer : oldest_) = m->newer;
    if (m->older == nullptr)  // what it was the last to look at may be used anew
      pin_.epoch.store(oldest_ != nullptr ? oldest_->epoch : 0, std::memory_order_release);
    m->newer = std::exchange(unused_, m);
    if (left_ && oldest_ == nullptr) [[unlikely]]
      give_back();
  }
  void more();
  void give_back();  // and destroys this

  shm_pin_places& from_;
  const unsigned number_;
  shm_pin& pin_;
  mark *oldest_ = nullptr, *newest_ = nullptr, *unused_ = nullptr;
  bool left_ = false;
  mark inline_[kMarks];
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
    by_ = std::exchange(o.by_, nullptr), at_ = o.at_;
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
