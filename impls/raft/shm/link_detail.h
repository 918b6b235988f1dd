// SPDX-License-Identifier: Apache-2.0
//
// Private to the link: what its sending and its receiving half have in common.
#pragma once
#include "impls/common/record_ring.h"
#include "impls/common/slab.h"
#include "scenarios/raft/wire/wire.h"

namespace copycost::raft {

// What an encoder writes behind a record.
static_assert(record_memory::kSlack >= wire::kVarintMax + wire::kSlack);

// Where a reference belongs: entry i's data is 2 i, its context 2 i + 1.
inline constexpr std::uint32_t kPlaceOfContext = 0xFFFFFFFF, kPlaceOfSnapshot = 0xFFFFFFFE;
// In record_head::flags: piece 0 is the record's body.
inline constexpr std::uint32_t kSpilled = 1;

// The records of a ring: a part of the segment's table for the code that builds on it.
record_memory link_records(slab& in, unsigned ring);

}  // namespace copycost::raft
