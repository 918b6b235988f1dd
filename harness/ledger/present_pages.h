// SPDX-License-Identifier: Apache-2.0
//
// The pages of a mapping that are there: reading an absent page would only make it present.
//
//   of the process   there: this process has it                     /proc/self/pagemap
//   of the file      there: the file or segment has it; this        mincore
//                    process may not have looked at it yet
//
// Lifetime: holds a descriptor.
// Threads: one.
// Cost: one system call for 512 pages. Where it is refused all pages count as present.
#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "harness/base/fd.h"

namespace copycost {

class present_pages {
 public:
  static constexpr std::size_t kPage = 4096;
  present_pages() : fd_(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)) {}

  // Calls see(begin, end) for each run of present pages in [begin, end), which begins and ends at a page; of_file:
  // those of the file. REQUIRES: of_file only where the mapping tells_of_file().
  template <class See>
  void each(std::uintptr_t begin, std::uintptr_t end, bool of_file, See see) const {
    std::uintptr_t run = 0;  // start of the present run that we are in, 0: none
    for (std::uintptr_t at = begin; at < end;) {
      std::array<bool, kAtOnce> present{};
      const std::size_t pages = std::min<std::size_t>((end - at) / kPage, kAtOnce);
      of_file ? look_at_file(at, pages, present) : look_at_own(at, pages, present);
      for (std::size_t i = 0; i < pages; ++i, at += kPage) {
        if (present[i] && run == 0) run = at;
        if (!present[i] && run != 0) {
          see(run, at);
          run = 0;
        }
      }
    }
    if (run != 0) see(run, end);
  }

 private:
  static constexpr std::size_t kAtOnce = 512;
  using presence = std::array<bool, kAtOnce>;

  void look_at_own(std::uintptr_t at, std::size_t pages, presence& present) const {
    std::array<std::uint64_t, kAtOnce> entries{};
    const auto wanted = static_cast<ssize_t>(pages * 8);
    const bool known = fd_ >= 0 && pread(fd_, entries.data(), pages * 8, static_cast<off_t>(at / kPage * 8)) == wanted;
    for (std::size_t i = 0; i < pages; ++i) present[i] = !known || (entries[i] >> 62) != 0;
  }
  static void look_at_file(std::uintptr_t at, std::size_t pages, presence& present) {
    std::array<unsigned char, kAtOnce> entries{};
    const bool known = mincore(reinterpret_cast<void*>(at), pages * kPage, entries.data()) == 0;
    for (std::size_t i = 0; i < pages; ++i) present[i] = !known || (entries[i] & 1) != 0;
  }

  owned_fd fd_;
};

}  // namespace copycost
