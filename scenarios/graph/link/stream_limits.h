// SPDX-License-Identifier: Apache-2.0
//
// Part of stream_link.h: how large batches are on a stream, for its producer and its consumer alike.
//
// Threads: safe; pure functions.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "scenarios/graph/link/batch/head.h"
#include "scenarios/graph/link/link.h"

namespace copycost::graph {

// A batch takes no more items once it has so much; an item that is larger travels alone.
inline constexpr std::size_t kStreamBatchItems = 256;
inline constexpr std::uint64_t kStreamBatchBytes = 256 * 1024;
// What a batch may have beside payload: records, headers, and names, which are the most of it.
inline constexpr std::uint64_t kStreamWordsMax = 16 * 1024 * 1024;

// A batch is an item of the consumer's, with the head of the next one behind it.
inline batch_limits limits_of(const link_options& options) {
  constexpr std::uint64_t kMost = kItemMax - 2 * kBatchHead;
  batch_limits limits;
  limits.items = kStreamBatchItems;
  limits.bytes = std::min(options.bytes, kMost - kStreamWordsMax) + kStreamWordsMax;
  return limits;
}

}  // namespace copycost::graph
