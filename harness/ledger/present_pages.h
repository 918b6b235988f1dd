// SPDX-License-Identifier: Apache-2.0
//
// The pages of a mapping that are there: reading an absent page would only make it present.
//
// Lifetime: holds a descriptor.
// Threads: one.
// Cost: one read of /proc/self/pagemap for 512 pages. Where it cannot be read all pages count as present.
#pragma once
#include <fcntl.h>
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

  // Calls see(begin, end) for each run of present pages in [begin, end), which begins and ends at a page.
  template <class See>
  void each(std::uintptr_t begin, std::uintptr_t end, See see) const {
    std::uintptr_t run = 0;  // start of the present run that we are in, 0: none
    for (std::uintptr_t at = begin; at < end;) {
      std::array<std::uint64_t, 512> entries{};
      const std::size_t pages = std::min<std::size_t>((end - at) / kPage, entries.size());
      const bool known = fd_ >= 0 && pread(fd_, entries.data(), pages * 8, static_cast<off_t>(at / kPage * 8)) ==
                                         static_cast<ssize_t>(pages * 8);
      for (std::size_t i = 0; i < pages; ++i, at += kPage) {
        const bool present = !known || (entries[i] >> 62) != 0;
        if (present && run == 0) run = at;
        if (!present && run != 0) {
          see(run, at);
          run = 0;
        }
      }
    }
    if (run != 0) see(run, end);
  }

 private:
  owned_fd fd_;
};

}  // namespace copycost
