// SPDX-License-Identifier: Apache-2.0
//
// What a sequence of events makes: work items, living entities and a tally of every entity, all at once. It is a pure
// function of the events: neither a clock, nor chance, nor the order of a hash table shows in it, so that
//
//   replay(0..n) == replay(0..k), save, restore, then replay(k..n)         for every k
//
//   events  0 1 2 3 4 5 6 7 ...     apply() ---> [work_items | living | tallies | refused | last = 4]
//                   ^ last                             save() <-> restore(), digest() = SHA-256 of what is saved
//
// An event that a work item refuses (work_items.h) is counted as refused, and everything else about it is applied, so
// that one wrong event does not end a replay; apply() says what was wrong, and the caller decides.
//
// Lifetime: owns everything.
// Threads: a value.
// Cost: apply() does some look-ups by name; save() sorts the names.
#pragma once
#include <string>

#include "scenarios/event_store/work_items/living.h"
#include "scenarios/event_store/work_items/work_items.h"

namespace copycost::event_store {

class projection {
 public:
  // Errors: wrong_expected_version (an event at or in front of last(): nothing is changed); invalid_transition,
  // invalid_body, entity_not_found of the work items: the event counts as refused, and last() moves on.
  result<void> apply(const event_view& e);

  sequence last() const { return last_; }           // of the last event that was applied; kStart: none
  std::uint64_t events() const { return events_; }  // that were applied, refused ones included
  std::uint64_t refused() const { return refused_; }
  std::uint64_t of_ours() const { return of_ours_; }     // events of the eleven kinds
  const work_items& items() const { return items_; }     // VALID UNTIL: this is destroyed; and so the next two
  const living& alive() const { return alive_; }         // VALID UNTIL: this is destroyed
  const tallies& entities() const { return entities_; }  // VALID UNTIL: this is destroyed

  // The canonical bytes: the same state, the same bytes, whatever way led to it.
  std::string save() const;
  // Errors: foreign_file, unsupported_version; invalid_body (at: the byte). Total over any bytes.
  static result<projection> restore(bytes_view saved);
  // SHA-256 of the canonical bytes.
  std::string digest() const;
  friend bool operator==(const projection&, const projection&) = default;

 private:
  sequence last_ = kStart;
  std::uint64_t events_ = 0, refused_ = 0, of_ours_ = 0;
  work_items items_;
  living alive_;
  tallies entities_;
};

}  // namespace copycost::event_store
