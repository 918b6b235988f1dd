// SPDX-License-Identifier: Apache-2.0
//
// sqlite: a peer. Events are blobs in a table, in WAL mode: one writer, and readers that each see the database as it
// was when their transaction began. A reader gets a copy.
//
//   writer   [buffer] --INSERT--> [page|page] --COMMIT--> events.db-wal [frame|frame|...] --checkpoint--> events.db
//                                                                 |                                          |
//   snapshot [connection|first|end]  pages of either  <-----------+------------------------------------------+
//   list     [record|record|...]     copied out of them
//
// Lifetime: lists own everything, snapshots a connection.
// Threads: as contract.h says.
// Cost: an append copies its payload twice in user space (into our buffer, into SQLite's page) and the kernel copies
// the page; a read copies what it reads.
#pragma once
#include "impls/event_store/common/peer_store.h"
#include "impls/event_store/sqlite/database.h"

namespace copycost::event_store {

struct sqlite_design {
  using store = peer_store<sqlite_database>;
  static constexpr design_traits traits{.durable = true, .fills_slowly = true};
};
static_assert(design<sqlite_design>);

}  // namespace copycost::event_store
