// SPDX-License-Identifier: Apache-2.0
//
// Private to the shm design: which process has which pin. A pin belongs to the process that holds its lock (file.h), so
// the pins of dead processes are free at once.
//
// Lifetime: of the file; every reader that it made is gone before.
// Threads: safe.
// Cost: a system call for each pin that is asked about.
#pragma once
#include <bitset>
#include <mutex>

#include "impls/event_store/shm/file.h"
#include "impls/event_store/shm/pins.h"

namespace copycost::event_store {

class shm_pin_places {
 public:
  explicit shm_pin_places(const shm_file& file) : file_(file) {}

  // Errors: store_full (all kReaders pins are taken).
  result<shm_reader_state> add();
  // The oldest epoch that a living process looks at; kNone: none does. Of pins of `put_aside` or less it is asked
  // whether their owner lives, and those of the dead are taken back. REQUIRES: the writer; it has stored the epoch with
  // seq_cst.
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};
  std::uint64_t oldest(std::uint64_t put_aside);
  // Whether another store's reader lives.
  bool has_readers_elsewhere();

 private:
  friend class shm_reader;
  void give_back(unsigned number);
  // Takes the pin back if its owner is dead; false: it lives. REQUIRES: mutex_.
  bool bury(unsigned number);

  const shm_file& file_;
  std::mutex mutex_;
  std::bitset<shm_layout::kReaders> mine_;  // their locks are ours, and so cannot be asked
};

}  // namespace copycost::event_store
