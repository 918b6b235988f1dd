// SPDX-License-Identifier: Apache-2.0
//
// lmdb: a peer. Events are values in a B+ tree that is one mapped file; a reader gets pointers into the map, and a
// read transaction keeps the pages that it sees from being used again.
//
//   snapshot [txn|first|end] ----+                       writer: changed pages are new pages, in memory of its own,
//                                v                               written to the file by the commit
//   map   [meta|meta|page|page|page|page|page|free|page|...]
//                          ^         ^
//   records  seq -> record |         | entities  name -> seq, seq, ...
//
// Lifetime: what is shown is valid as long as the snapshot, or the list that has a transaction of its own.
// Threads: as contract.h says.
// Cost: an append copies its payload once into a page, and the kernel copies the page; a read copies nothing.
#pragma once
#include "impls/event_store/common/peer_store.h"
#include "impls/event_store/lmdb/database.h"

namespace copycost::event_store {

struct lmdb_design {
  using store = peer_store<lmdb_database>;
  static constexpr design_traits traits{.durable = true, .fills_slowly = true};
};
static_assert(design<lmdb_design>);

}  // namespace copycost::event_store
