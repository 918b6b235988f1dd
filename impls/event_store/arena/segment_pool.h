// SPDX-License-Identifier: Apache-2.0
//
// Private to the arena design: arenas for segments of the log. Each is a mapping of its own. Records are put into it
// one after the other, and it is freed as a whole; a few free ones are kept for the next segments, with their pages.
//
//   segment [head | records ........ places]      a multiple of 2 MiB on a border of 2 MiB: a huge page, where the
//                                                 kernel gives one
//
// The arena of impls/common is one region that is freed all at once; here segment after segment goes, the oldest first.
// Each segment in use is reported as a sub-allocation; under AddressSanitizer a free segment is poisoned.
//
// Lifetime: owns its segments.
// Threads: one at a time; any thread may read records.
// Cost: some five system calls for a segment that is new, none for one that is used again.
#pragma once
#include <cstddef>
#include <cstdint>

#include "harness/base/check.h"
#include "impls/event_store/common/segment_layout.h"

namespace copycost::event_store {

struct alignas(64) arena_segment {
  sequence first;
  segment_layout layout;
  arena_segment* next_free;
};

class segment_pool {
 public:
  static constexpr std::size_t kSpares = 2;  // free segments that are kept

  // REQUIRES: segment_bytes is a multiple of the page size.
  segment_pool(std::size_t segment_bytes, std::uint64_t bytes_max)
      : segment_bytes_(segment_bytes), bytes_max_(bytes_max) {
    COPYCOST_ASSERT(segment_bytes % 4096 == 0);
  }
  // REQUIRES: all segments were given back.
  ~segment_pool();
  segment_pool(const segment_pool&) = delete;
  segment_pool& operator=(const segment_pool&) = delete;

  // An empty segment. Null where there is no memory, or more than bytes_max would be mapped.
  arena_segment* get(sequence first);
  // REQUIRES: no reader looks at it any more.
  void give_back(arena_segment* s);
  std::uint64_t mapped_bytes() const { return mapped_; }

 private:
  std::byte* map();  // VALID UNTIL: unmap()
  void unmap(std::byte* memory);

  const std::size_t segment_bytes_;
  const std::uint64_t bytes_max_;
  std::uint64_t mapped_ = 0;
  arena_segment* free_ = nullptr;
  std::size_t spares_ = 0;
};

}  // namespace copycost::event_store
