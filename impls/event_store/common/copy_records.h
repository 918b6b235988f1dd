// SPDX-License-Identifier: Apache-2.0
//
// Copying whole records: all bytes move, and those that are payload are counted as such.
//
// Threads: safe; no state.
// COPIES: the payloads of the records.
#pragma once
#include "harness/ledger/witness/counters.h"
#include "scenarios/event_store/record/record.h"

namespace copycost::event_store {

// Copies the padded records in [from, from + bytes). REQUIRES: the ranges do not overlap, and end at a record's end.
inline void copy_records(std::byte* to, const std::byte* from, std::size_t bytes) {
  counted_framed_copy(to, from, bytes, [=](auto count) {
    for (const std::byte* r = from; r < from + bytes; r = event_view(r).next()) count(event_view(r).payload().size());
  });
}

}  // namespace copycost::event_store
