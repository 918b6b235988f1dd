// SPDX-License-Identifier: Apache-2.0
//
// The only way to temporary files and folders.
//
//   TMPDIR/copycost-tmp-WHAT-XXXXXX    locked by its owner (flock) for as long as the owner lives
//
// The destructor removes the folder. What a killed process left is not locked: the first folder that a process makes
// removes it. A lock also works where containers share /tmp, where a process number would mean another process.
//
// Lifetime: the object's; a copy of the process made by fork removes nothing.
// Threads: safe.
// Cost: some system calls; the first in a folder reads its names.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/base/fd.h"

namespace copycost {

// Where temporary things lie: TMPDIR, made absolute. Without it /tmp, or /var/tmp where /tmp is memory and that is not,
// so that what has to be durable is on a disk where there is one.
std::filesystem::path temporary_folder();

// /dev/shm where it can be written, else temporary_folder(): for what has to be quick, and not durable.
std::filesystem::path memory_folder();

class temp_dir {
 public:
  // `what`: letters and hyphens, for the name. Throws failure{internal} with the folder and the reason.
  explicit temp_dir(std::string_view what, const std::filesystem::path& in = temporary_folder());
  ~temp_dir();
  temp_dir(temp_dir&& from) = default;
  temp_dir& operator=(temp_dir&& from) noexcept;
  const std::filesystem::path& path() const { return path_; }  // VALID UNTIL: this is changed or destroyed
  std::string file(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
  owned_fd lock_;
  int owner_ = -1;
};

// Removes the folders in `in` whose owners are gone; answers how many. What cannot be removed stays.
int sweep_left_behind(const std::filesystem::path& in);

// An open file in `in` that has no name and goes away with its descriptor, which the caller closes; -1 with errno.
int nameless_file(const std::filesystem::path& in);

namespace detail {
int named_and_unlinked(const std::filesystem::path& in);  // the way of nameless_file without O_TMPFILE
}

}  // namespace copycost
