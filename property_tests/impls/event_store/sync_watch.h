// SPDX-License-Identifier: Apache-2.0
//
// Stands between this program and the disk: which files were written and not synced since? Nothing is really synced, so
// that tens of thousands of syncs take no time and wear no disk.
//
//   pwrite, pwritev, write, ...  --> the file is dirty, unless it was opened with O_DSYNC or O_SYNC
//   fdatasync, fsync, sync_file_range, msync --> counted; the first two make the file clean; the kernel is not asked
//
// Files are told apart by device and number, whatever descriptor or library writes. Only regular files count.
// For the whole program, from its start. Thread-safe.
#pragma once
#include <cstdint>

namespace copycost::testing {

struct synced {
  std::uint64_t dirty = 0;        // files that were written and not synced since
  std::uint64_t files = 0;        // calls of fdatasync and fsync on files since the program started
  std::uint64_t directories = 0;  // the same on directories
};
synced sync_state();
// Files that are dirty are forgotten.
void forget_dirty_files();

}  // namespace copycost::testing
