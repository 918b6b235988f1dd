// SPDX-License-Identifier: Apache-2.0
//
// Private to the shm design: the memory file of a store, its mapping in this process, and the locks on it. The locks
// say which processes are alive: byte i of the file is locked as long as the owner of pin i is there, the byte behind
// them as long as the writer is.
//
//   writer   [header front rows | pins | index areas | segments]   all of it can be written
//   reader   [header front rows | pins | index areas | segments]   only the pins can be written
//
// Lifetime: owns the mapping; the memory lives until the last process that has it releases it. What was made here is
// sealed, so that no process can shorten it under a reader; a file from elsewhere may not be sealed, and then its owner
// is trusted in this. A child made by fork() does not have the mapping and must attach() anew.
// Threads: safe after construction.
// Cost: opening some 50 us.
#pragma once
#include <memory>

#include "harness/base/fd.h"
#include "impls/event_store/shm/layout.h"

namespace copycost::event_store {

class shm_file {
 public:
  // A new file, or the one that o.memory_fd says; if that is empty or begins with zeros, it becomes a store, and grows
  // where it is too small (store_full: it cannot). This process is its writer until the object is destroyed. A process
  // that cannot send barriers cannot write where readers rely on them (io_failed).
  // Errors: store_full, io_failed, locked, foreign_file, unsupported_version, bad_options.
  static result<std::unique_ptr<shm_file>> open(const store_options& o);
  // For reading; `fd` stays the caller's. Errors: io_failed, foreign_file, unsupported_version.
  static result<std::unique_ptr<shm_file>> attach(int fd);
  ~shm_file();
  shm_file(const shm_file&) = delete;
  shm_file& operator=(const shm_file&) = delete;

  bool is_writer() const { return writer_; }
  // Whether this process's readers may enter by a plain store, because the writer sends every thread of every process
  // that has the memory through a barrier before it looks at the pins. Source: membarrier(2),
  // MEMBARRIER_CMD_GLOBAL_EXPEDITED.
  bool has_barriers() const { return registered_ && top().header.barriers.load(std::memory_order_relaxed) != 0; }
  // Sends them. REQUIRES: the writer. Cost: some microseconds.
  void send_barrier() const;
  const shm_layout& layout() const { return layout_; }
  // For handing to another process. VALID UNTIL: this object is destroyed.
  int descriptor() const { return fd_; }

  // VALID UNTIL: this object is destroyed; here and below. Readers fault when they write to anything but pins().
  std::byte* at(std::uint64_t offset) const { return base_ + offset; }
  shm_top& top() const { return *reinterpret_cast<shm_top*>(base_); }
  shm_pins& pins() const { return *reinterpret_cast<shm_pins*>(base_ + layout_.pins); }
  shm_row& row(std::uint64_t segment) const {
    return reinterpret_cast<shm_row*>(base_ + layout_.rows)[segment & layout_.rows_mask];
  }

  // The pin's lock, for the life of this object. True also where this object has it.
  bool claim(unsigned pin) const;
  void unclaim(unsigned pin) const;

  // Forgets everything. REQUIRES: the writer calls; there is no reader.
  void start_anew(sequence first);
  // The log is empty, and its next number is `first`. While it is half done, `first` is behind `end`, and then the log
  // is empty at `first`: a process that is killed here leaves that, and the next writer puts it right.
  void start_numbers(sequence first) const;
  void start_numbers_again() const;
  // Gives the memory back to the machine; it is zero afterwards.
  void punch(std::uint64_t offset, std::uint64_t bytes) const;
  // Takes the memory and maps it, in fewer calls than touching it would be. False: there is none.
  bool make_ready(std::uint64_t offset, std::uint64_t bytes) const;
  // Memory that the machine has given for all of it.
  std::uint64_t held_bytes() const;

 private:
  shm_file(int fd, int own) : fd_(fd), own_(own) {}
  result<void> settle(const store_options& o, bool fresh);
  result<void> read_header(std::uint64_t size);
  result<void> map();
  // Whether what the rows say can be.
  result<void> check_log() const;

  owned_fd fd_, own_;  // own_: an open file of its own, because locks belong to the open file
  bool writer_ = false, registered_ = false;
  shm_layout layout_{};
  std::byte* base_ = nullptr;
};

}  // namespace copycost::event_store
