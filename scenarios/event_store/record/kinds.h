// SPDX-License-Identifier: Apache-2.0
//
// The eleven kinds of event of a work item's life, and the states that it passes through. A kind that is none of them
// is `other` and keeps its own name.
//
//   pending -> scheduled -> ready -> running -> suspended, backing_off, paused -> running
//                 ^  |       |  ^                   (each of them -> completed, which is final)
//   pending <-----+  +-------+ scheduled <- ready
//
// Threads: safe; pure functions.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace copycost::event_store {

enum class kind : std::uint16_t {
  created,
  state_changed,
  phase_completed,
  dependency_resolved,
  failed,
  completed,
  claimed,
  unclaimed,
  priority_changed,
  metadata_updated,
  worker_unhealthy,  // the only one without an entity
  other,
};
inline constexpr unsigned kKinds = 12;  // `other` included

// "state_changed"; empty for `other`. VALID UNTIL: the program ends.
std::string_view to_string(kind);
// `other` for a name that is none of the eleven.
kind kind_of(std::string_view name);

enum class state : std::uint8_t { pending, scheduled, ready, running, suspended, backing_off, paused, completed };
inline constexpr unsigned kStates = 8;

// VALID UNTIL: the program ends.
std::string_view to_string(state);
std::optional<state> state_of(std::string_view name);
bool is_terminal(state);
bool can_transition(state from, state to);

}  // namespace copycost::event_store
