// SPDX-License-Identifier: Apache-2.0
//
// The files of a durable store: written, synced, and found again after a crash. README.md has the format.
//
//   dir/  lock                          one writer
//         first                         where the log begins (durable_file.h)
//         00000000000000000000.events   full: synced before the next one was made
//         00000000000000008192.events   the last one: a crash can tear its end, and nothing else
//
// Lifetime: owns what it holds; the directory is locked until it is destroyed. The destructor syncs nothing.
// Threads: one at a time, but files() and syncs() by any.
// Cost: a write is one system call, a sync another one; it copies and allocates only when a file is full.
#pragma once
#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "impls/event_store/common/durable_file.h"
#include "impls/event_store/common/segment_recovery.h"
#include "scenarios/event_store/contract.h"

namespace copycost::event_store {

class segment_files {
 public:
  // Makes the directory and a first file, or gives what is there to `sink`. Errors: io_failed, disk_full, sync_failed,
  // locked, foreign_file, unsupported_version, corrupt_record, missing_segment, and those of the sink. Nothing is
  // thrown away where it answers an error.
  static result<std::unique_ptr<segment_files>> open(const store_options& o, recovery_sink& sink, recovery& found);

  // Sealed records, padded, in their order: one behind the other into one file. `last` is the id of the last one.
  // Errors: disk_full, io_failed (nothing of it stays), sync_failed (here and in every later call).
  result<void> write(std::span<const bytes_view> pieces, sequence first, std::size_t events, const ulid& last);
  // The disk begins with the last `bytes` that were written, while the caller does something else before it calls
  // sync(). Errors: sync_failed, as sync().
  result<void> begin_sync(std::uint64_t bytes);
  // Everything that was written is on the disk. Errors: sync_failed.
  result<void> sync();

  // The log begins at `before`, also when it is opened again; whole files of events in front are removed.
  // REQUIRES: it was written. Errors: disk_full, io_failed, sync_failed; the log may then begin at either place.
  result<void> keep_from(sequence before);
  // Removes whole files of events in front of `before`; what stays of them is found again. Errors: as keep_from().
  result<void> remove_files_before(sequence before);

  std::uint64_t files() const { return files_.load(std::memory_order_relaxed); }
  std::uint64_t syncs() const { return syncs_.load(std::memory_order_relaxed); }

 private:
  segment_files(const store_options& o, disk& on) : disk_(on), options_(o), dir_(o.dir) {}

  result<void> lock_dir();
  result<void> make_new(sequence first, bool has_file);
  result<void> take_over(const directory_content& there, recovery_sink& sink, recovery& found);
  result<void> read_file(sequence file, sequence first, recovery_sink& sink, recovery& found);
  result<void> add_file(sequence first);
  result<void> cut_back();
  void reserve(std::uint64_t size);
  void forget_files_before(sequence first);
  error refuse(error why) {
    refuses_ = why;
    return why;
  }

  disk& disk_;
  const store_options options_;
  const std::string dir_;
  std::unique_ptr<disk_file> lock_, last_;
  std::optional<start_mark> mark_;
  std::deque<sequence> firsts_;  // of the files
  std::uint64_t bytes_ = 0;      // of the last file: header and records
  std::uint64_t reserved_ = 0;   // of the last file: up to here room was asked for
  sequence end_ = 0, synced_ = 0;
  ulid last_id_;
  bool torn_ = false;  // a write that failed may have left something behind bytes_
  std::optional<error> refuses_;
  std::atomic<std::uint64_t> files_{0}, syncs_{0};
};

}  // namespace copycost::event_store
