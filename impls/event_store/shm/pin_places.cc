// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/shm/pin_places.h"

#include <unistd.h>

namespace copycost::event_store {

shm_reader::mark* shm_reader::add(std::uint64_t epoch) {
  if (unused_ == nullptr) {
    more_.push_back(std::make_unique<mark>());
    unused_ = more_.back().get();
  }
  mark* const m = std::exchange(unused_, unused_->newer);
  *m = {epoch, 0, newest_, nullptr};
  newest_->newer = m;
  return newest_ = m;
}

// REQUIRES: there is another one.
void shm_reader::remove(mark* m) {
  (m->newer != nullptr ? m->newer->older : newest_) = m->older;
  (m->older != nullptr ? m->older->newer : oldest_) = m->newer;
  if (m->older == nullptr)  // what only it saw may be used anew
    pin_.epoch.store(oldest_->epoch, std::memory_order_release);
  m->newer = std::exchange(unused_, m);
}

void shm_reader::give_back() {
  from_.give_back(number_);
  delete this;
}

result<shm_reader_state> shm_pin_places::add() {
  const std::lock_guard lock(mutex_);
  shm_pins& all = file_.pins();
  for (unsigned i = 0; i < shm_layout::kReaders; ++i) {
    if (mine_[i] || !file_.claim(i)) continue;
    // The process that had it before is gone: the kernel gave us its lock.
    all.pins[i].epoch.store(0, std::memory_order_relaxed);
    all.pins[i].pid.store(static_cast<std::uint32_t>(getpid()), std::memory_order_relaxed);
    // Before anything is pinned, so that the writer looks at this pin too.
    for (std::uint64_t used = all.used.load(); used <= i && !all.used.compare_exchange_weak(used, i + 1);) {
    }
    mine_.set(i);
    return shm_reader_state(new shm_reader(*this, i, all.pins[i], file_.has_barriers()));
  }
  return error{.code = errc::store_full, .expected = shm_layout::kReaders, .got = shm_layout::kReaders + 1};
}

void shm_pin_places::give_back(unsigned number) {
  const std::lock_guard lock(mutex_);
  file_.pins().pins[number].epoch.store(0, std::memory_order_release);
  mine_.reset(number);
  file_.unclaim(number);
}

std::uint64_t shm_pin_places::oldest(std::uint64_t put_aside) {
  file_.send_barrier();
  const shm_pins& all = file_.pins();
  const std::uint64_t used = std::min<std::uint64_t>(all.used.load(), shm_layout::kReaders);
  std::uint64_t oldest = kNone;
  for (unsigned i = 0; i < used; ++i) {
    const std::uint64_t epoch = all.pins[i].epoch.load(std::memory_order_seq_cst);
    if (epoch == 0 || epoch >= oldest) continue;
    if (epoch <= put_aside) {
      const std::lock_guard lock(mutex_);
      if (bury(i)) continue;
    }
    oldest = epoch;
  }
  return oldest;
}

bool shm_pin_places::has_readers_elsewhere() {
  const std::lock_guard lock(mutex_);
  for (unsigned i = 0; i < file_.pins().used.load() && i < shm_layout::kReaders; ++i)
    if (!mine_[i] && !bury(i)) return true;
  return false;
}

// No process can take the pin while we have its lock, so the pin that is taken back belongs to a dead process.
bool shm_pin_places::bury(unsigned number) {
  if (mine_[number] || !file_.claim(number)) return false;
  file_.pins().pins[number].epoch.store(0, std::memory_order_release);
  file_.unclaim(number);
  return true;
}

}  // namespace copycost::event_store
