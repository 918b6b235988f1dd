// SPDX-License-Identifier: Apache-2.0
//
// The work items that the eleven kinds of event describe: a projection, made of nothing but the events. Times are those
// of the events, never the clock's; what the events of one item say does not depend on where events of others stand.
//
//   created -> pending --state_changed--> ... (kinds.h) --completed--> completed
//
// What an event does, and what is refused (and then changes nothing):
//   created              a new item, pending; invalid_transition (to pending) where it is there already
//   state_changed        must start from the state that the item has, and be legal: invalid_transition otherwise
//   completed            keeps the result; an item that is not completed becomes so. invalid_transition where there is
//                        a result already
//   phase_completed      the phase that the item is in is now this one
//   dependency_resolved  related() does not block any more
//   failed, claimed, unclaimed, priority_changed, metadata_updated   keep what they say
//   worker_unhealthy     counts for the worker; belongs to no item
// All but created and worker_unhealthy need an item that was created: entity_not_found otherwise. Bodies that cannot be
// read: invalid_body. Events of other kinds do not count.
//
// A dependency blocks until dependency_resolved says otherwise. That the other item is completed does not suffice: the
// meaning of one item's events would then depend on when those of another came.
//
// Lifetime: owns everything.
// Threads: a value.
// Cost: apply() is a look-up and what the body holds; a query looks at every item, except get() and count_in_state().
// COPIES: what is kept of the bodies.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/common/flat.h"
#include "scenarios/common/names.h"
#include "scenarios/event_store/record/body.h"

namespace copycost::event_store {

struct spec {
  std::string title;
  std::optional<std::string> description;
  std::vector<std::string> dependencies, labels;
  std::uint32_t priority = kDefaultPriority;
  complexity effort = complexity::medium;
  std::optional<std::string> metadata;
  friend bool operator==(const spec&, const spec&) = default;
};

struct transition {
  sequence seq = 0;
  std::int64_t time = 0;
  state from{}, to{};
  std::optional<std::string> reason;
  friend bool operator==(const transition&, const transition&) = default;
};

struct outcome {
  bool success = true;
  std::optional<std::string> output, error;
  std::uint64_t duration_ms = 0;
  friend bool operator==(const outcome&, const outcome&) = default;
};

struct work_item {
  state now = state::pending;
  std::int64_t created = 0;             // time
  spec what;                            // as created, with the latest priority and metadata
  std::optional<std::string> phase;     // the last that was completed
  std::uint64_t phases = 0;             // how many were
  std::vector<std::string> blocked_by;  // dependencies that are not resolved, in the order of the spec
  std::vector<transition> history;
  std::optional<std::string> claimed_by;
  std::uint64_t failures = 0;
  std::optional<std::string> last_failure;
  std::optional<outcome> result;
  friend bool operator==(const work_item&, const work_item&) = default;
};

struct worker_reports {
  std::uint64_t count = 0;
  std::int64_t last_time = 0;
  std::string last_reason;
  friend bool operator==(const worker_reports&, const worker_reports&) = default;
};

class work_items {
 public:
  // VALID UNTIL: the next change, as in every query's answer.
  struct entry {
    std::string_view name;
    const work_item* item;
  };
  using entries = std::vector<entry>;  // by name

  // Errors: invalid_transition, invalid_body, entity_not_found; nothing is changed then.
  result<void> apply(const event_view& e);

  std::size_t size() const { return items_.size(); }
  const work_item* get(std::string_view name) const;  // null: there is none. VALID UNTIL: the next change
  std::uint64_t count_in_state(state s) const { return counts_[static_cast<std::size_t>(s)]; }
  entries in_state(state s) const;
  entries ready() const;    // in state ready, not blocked, not claimed
  entries blocked() const;  // by a dependency that is not resolved, and not completed
  entries claimed_by(std::string_view agent) const;
  entries unclaimed() const;  // not claimed, and not completed
  entries in_phase(std::string_view phase) const;
  entries dependents_of(std::string_view name) const;  // whose spec names it, resolved or not
  entries all_sorted() const;                          // by priority, then by name
  const name_map<worker_reports>& workers() const { return workers_; }

  // The flat form (README.md): the same state, the same bytes.
  void save(flat_writer& to) const;
  // Faults are left in the reader.
  static work_items restored(flat_reader& from);
  friend bool operator==(const work_items&, const work_items&) = default;

 private:
  result<void> change(work_item& item, const event_view& e, const body& b);
  result<void> enter(work_item& item, const event_view& e, state to, std::optional<std::string_view> reason);
  template <class Fits>
  entries select(Fits fits) const;

  name_map<work_item> items_;
  name_map<worker_reports> workers_;
  std::array<std::uint64_t, kStates> counts_{};
};

}  // namespace copycost::event_store
