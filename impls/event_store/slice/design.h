// SPDX-License-Identifier: Apache-2.0
//
// slice: a log of counted segments. A reader takes one owner of the directory that shows them (log.h has the picture)
// and walks what it finds; appending never moves what is there.
//
//   snapshot [root*|first|end] --> root --> leaf --> segment [record|record|...      |places]
//   writer                                           tail ^ end: a release store shows what was written
//
// Lifetime: a segment lives until the store has dropped it and the last snapshot that saw it is gone: a snapshot that
// is held keeps what it sees, and nothing else.
// Threads: as contract.h says.
// Cost: an append copies its payload once, into the segment; a snapshot is two locked instructions on two shared lines;
// a read is a few words, and allocates nothing.
#pragma once
#include "impls/event_store/common/engine.h"
#include "impls/event_store/common/file_replay.h"
#include "impls/event_store/slice/memory.h"

namespace copycost::event_store {

struct slice_design {
  using store = engine<slice_memory>;
  static constexpr design_traits traits{.durable = true, .on_disk = true, .replays_files = true};

  // Files are mapped. Errors: file_replay.h.
  template <class F>
  static result<std::uint64_t> replay_files(const store_options& o, F f) {
    return replay_stored(o.dir, file_access::mapped, f);
  }
};
static_assert(design<slice_design>);

}  // namespace copycost::event_store
