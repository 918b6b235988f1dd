// SPDX-License-Identifier: Apache-2.0
//
// copy: one vector of records; a reader gets bytes of its own. Simple, and no lifetime depends on another.
//
//   store   [record|record|record|record|...]        memory.h has the whole picture
//              |       |  one memcpy
//              v       v
//   list    [record|record]
//
// Lifetime: lists and snapshots own everything.
// Threads: as contract.h says.
// Cost: an append copies its payload once (twice with files), and now and then everything that is there; a read copies
// what it reads, a snapshot all there is.
#pragma once
#include "impls/event_store/common/engine.h"
#include "impls/event_store/common/file_replay.h"
#include "impls/event_store/copy/memory.h"

namespace copycost::event_store {

struct copy_design {
  using store = engine<copy_memory>;
  static constexpr design_traits traits{.durable = true, .on_disk = true, .replays_files = true, .moves_records = true};

  // Files are read into memory. Errors: file_replay.h.
  template <class F>
  static result<std::uint64_t> replay_files(const store_options& o, F f) {
    return replay_stored(o.dir, file_access::read, f);
  }
};
static_assert(design<copy_design>);

}  // namespace copycost::event_store
