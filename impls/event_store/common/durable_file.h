// SPDX-License-Identifier: Apache-2.0
//
// Single files that survive a crash: made whole or not at all, and the mark of where the log begins.
//
//   make     NAME.new: write | sync | rename to NAME | sync the directory
//   mark     place 0: write | sync | place 1: write | sync       one of both is whole at any moment
//
// Lifetime: a mark holds its file open; the disk outlives it.
// Threads: a value.
// Cost: two syncs each.
// Source: Pillai et al., "All File Systems Are Not Created Equal" (OSDI 2014): which of these steps may be left out.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "impls/event_store/common/segment_format.h"
#include "scenarios/common/disk/disk.h"

namespace copycost::event_store {

// disk_full or io_failed.
error file_error(int failed);
// After it the disk's content is unknown: the kernel may have dropped what it could not write.
inline error sync_error(int failed) { return {.code = errc::sync_failed, .got = static_cast<std::uint64_t>(failed)}; }
inline std::string path_of(const std::string& dir, std::string_view name) { return dir + "/" + std::string(name); }

// A new file with this content, on the disk, name and all. Errors: disk_full, io_failed, sync_failed.
result<std::unique_ptr<disk_file>> make_file(disk& on, const std::string& dir, std::string_view name,
                                             bytes_view content);

class start_mark {
 public:
  // Errors: as make_file().
  static result<start_mark> make(disk& on, const std::string& dir, sequence first);
  // Reads the mark that is there, and writes it anew where a crash has left one half old or torn. Errors: those of
  // decode_mark(), io_failed, disk_full, sync_failed.
  static result<start_mark> open(disk& on, const std::string& dir);

  sequence first() const { return first_; }
  // On the disk when it returns. Errors: io_failed, disk_full (on a disk that copies on write only), sync_failed. What
  // is on the disk is then the old mark, or the new one.
  result<void> move(sequence first);

 private:
  start_mark(std::unique_ptr<disk_file> file, sequence first) : file_(std::move(file)), first_(first) {}
  std::unique_ptr<disk_file> file_;
  sequence first_;
};

}  // namespace copycost::event_store
