// SPDX-License-Identifier: Apache-2.0
//
// Memory for laws of adopting: it knows how often it was given back, and is overwritten when it is, so that who still
// reads it sees other bytes.
//
// Lifetime: outlives what adopted it.
// Threads: one at a time.
#pragma once
#include <algorithm>

#include "scenarios/common/foreign_bytes.h"
#include "scenarios/common/laws/draw.h"

namespace copycost {

struct watched_memory {
  byte_string bytes;
  int released = 0;

  foreign_bytes lend() {
    return {bytes,
            [](void* self, std::byte* data, std::size_t size) {
              std::fill_n(data, size, std::byte{0xDD});
              ++static_cast<watched_memory*>(self)->released;
            },
            this};
  }
};

}  // namespace copycost
