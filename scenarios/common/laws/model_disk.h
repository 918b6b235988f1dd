// SPDX-License-Identifier: Apache-2.0
//
// A disk in memory that can lose power, run full and fail: what a kill cannot show, because the kernel's memory
// outlives the process.
//
//   file       stable bytes (as at the last sync)  +  what was written and not synced, in order
//   directory  stable names (as at the last sync)  +  what was made, renamed and removed since
//   power_loss: of what was not synced, sectors of 512 bytes and single names stay or go, each for itself: dropped,
//               torn and reordered; file sizes too. Where a size stayed and its bytes did not, there are zeros.
//
// A sync that fails drops what it should have written from what will ever be stable, while it can still be read, as
// Linux does: a second sync that succeeds does not bring it back.
//
// Lifetime: outlives its files.
// Threads: safe.
// Source: Rebello et al., "Can Applications Recover from fsync Failures?" (USENIX ATC 2020); Zheng et al., "Torturing
// Databases for Fun and Profit" (OSDI 2014).
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "scenarios/common/disk/disk.h"

namespace copycost {

class model_disk final : public disk {
 public:
  // What can be made to fail.
  enum class operation : std::uint8_t { write, resize, sync, sync_dir, create, rename };

  model_disk();
  ~model_disk() override;

  // The operation of this kind that comes after so many others answers `failed`, once. A write has then written so many
  // thirds of its bytes: what fails late may have written all of them. REQUIRES: thirds at most 3.
  void fail(operation which, std::uint64_t after, int failed, unsigned thirds = 2);
  bool has_failed() const;
  // What was to fail and has not will not.
  void heal();
  // Files have no more room than this together; a write that does not fit writes its front and answers ENOSPC.
  void set_capacity(std::uint64_t bytes);
  // Of what was written to files that have a name, bytes that a loss of power may take.
  std::uint64_t unsynced_bytes() const;
  // The power goes after so many operations: everything answers EIO and does nothing.
  void go_off_after(std::uint64_t operations);
  bool is_off() const;
  // The power is gone, if it was not before, and comes back. REQUIRES: files of before are not used any more but to be
  // destroyed.
  void power_loss(rng& random);

  int make_dir(const std::string& path) override;
  int list(const std::string& dir, std::vector<std::string>& names) override;
  int open(const std::string& path, bool create, std::unique_ptr<disk_file>& file) override;
  int rename(const std::string& from, const std::string& to) override;
  int remove(const std::string& path) override;
  int sync_dir(const std::string& dir) override;
  int lock(const std::string& dir, std::unique_ptr<disk_file>& lock) override;

 private:
  struct inode;
  class handle;
  class held_lock;
  using content = std::vector<std::byte>;
  using file_ptr = std::shared_ptr<inode>;
  struct name_change {
    std::string from, to;  // from: a name that goes, or nothing; to: a name that comes, or nothing
    file_ptr file;
  };

  int begin(operation which);  // 0: go on
  int begin();
  std::uint64_t used() const;
  static content survive(const inode& file, rng& random);

  mutable std::mutex mutex_;
  std::map<std::string, file_ptr> names_, stable_names_;
  std::vector<name_change> changes_;
  std::string dir_;
  bool has_dir_ = false, has_stable_dir_ = false, locked_ = false;
  struct fault {
    operation which;
    std::uint64_t left;
    int failed;
    unsigned thirds;  // of a write that fails: what is in the file
  };
  std::optional<fault> fault_;
  bool failed_ = false, off_ = false;
  std::uint64_t capacity_ = ~std::uint64_t{0}, operations_left_ = ~std::uint64_t{0}, life_ = 0;
};

}  // namespace copycost
