// SPDX-License-Identifier: Apache-2.0
//
// What a whole process did between the opening of its first window and the closing of its last one, and what of it the
// roles did not do themselves: threads that a design starts, libraries, and bytes that reached the kernel unseen.
//
//   process   |---- hooks of all threads, copies counted by all threads, /proc/self/io ----|
//   roles     |-- role 0 --|  |---- role 1 ----|
//   elsewhere = process - roles
//
// Lifetime: a value; begins and ends any number of times and adds up.
// Threads: one at a time.
// Cost: a look at each thread's counters and one read of a file in /proc.
#pragma once
#include <cstdint>

namespace copycost {

struct process_counts_read {
  std::uint64_t allocs = 0, alloc_bytes = 0, payload_copied = 0, own_copied = 0, kernel_bytes = 0, syscalls = 0;
};

class process_account {
 public:
  void clear() { *this = {}; }
  void begin();
  void end();
  // What a role did meanwhile.
  void role(const process_counts_read& did);

  struct elsewhere {
    std::uint64_t allocs = 0, alloc_bytes = 0, copied = 0, kernel_bytes = 0, syscalls = 0;
  };
  elsewhere rest() const;

 private:
  process_counts_read begin_, process_, roles_;
  std::uint64_t io_begin_ = 0, io_ = 0;
};

}  // namespace copycost
