// SPDX-License-Identifier: Apache-2.0
//
// Large blocks that the allocator does not recognise as its own: mimalloc 2 maps blocks of more than 1 GiB wherever the
// kernel puts them, and its map of segments ends at 20 or 40 TiB, below that place. This list knows them.
//
// Threads: safe, without a lock.
// Cost: a search of at most kFarMost addresses, and only for blocks that large.
#pragma once
#include <cstddef>

namespace copycost::hooks {

inline constexpr std::size_t kFarBytes = 64u << 20;  // smaller blocks are never asked about
inline constexpr std::size_t kFarMost = 1024;        // of them at a time; one more ends the process with a line

// Remembers a new block if the allocator would not know it again.
void note_if_far(const void* block);
bool is_far(const void* block);
// REQUIRES: is_far(block). Called before the allocator gets the block back, so that its address cannot come twice.
void forget_far(const void* block);

}  // namespace copycost::hooks
