// SPDX-License-Identifier: Apache-2.0
//
// The directory of a store whose files are a peer's: the caller's, or one of the store's own in memory.
//
//   caller's   DIR/lock, and the peer's files
//   own        a temp_dir in /dev/shm, or under TMPDIR; removed with the object
//
// The lock is ours (flock on DIR/lock), because peers treat a second opener in different ways, which go wrong in one
// process. What a killed process left of directories of its own the next one removes (harness/base/temp_dir.h).
//
// Lifetime: locked until destroyed; what was opened in it goes first.
// Threads: a value.
// Cost: a few system calls.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "harness/base/fd.h"
#include "harness/base/temp_dir.h"
#include "scenarios/event_store/record/error.h"

namespace copycost::event_store {

class peer_place {
 public:
  // `dir` is made where it is missing (not its parents); empty: a directory of its own. Errors: locked, io_failed.
  static result<std::unique_ptr<peer_place>> take(const std::string& dir);
  peer_place(const peer_place&) = delete;
  peer_place& operator=(const peer_place&) = delete;

  // The names of the files that are there, and the directory's, stay after a loss of power. Errors: io_failed.
  result<void> settle() const;
  const std::string& path() const { return path_; }  // VALID UNTIL: this is destroyed

 private:
  peer_place(std::string path, std::optional<temp_dir> own) : path_(std::move(path)), own_(std::move(own)) {}
  result<void> lock();

  std::string path_;
  std::optional<temp_dir> own_;
  owned_fd lock_;
};

}  // namespace copycost::event_store
