// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/record/kinds.h"

#include <cstddef>

namespace copycost::event_store {
namespace {

constexpr std::string_view kKindNames[kKinds] = {
    "created", "state_changed", "phase_completed",  "dependency_resolved", "failed",           "completed",
    "claimed", "unclaimed",     "priority_changed", "metadata_updated",    "worker_unhealthy", ""};
constexpr std::string_view kStateNames[kStates] = {"pending",   "scheduled",   "ready",  "running",
                                                   "suspended", "backing_off", "paused", "completed"};

constexpr unsigned bit(state s) { return 1u << static_cast<unsigned>(s); }
// Row: from; bits: to.
constexpr unsigned kLegal[kStates] = {
    bit(state::scheduled) | bit(state::completed),
    bit(state::ready) | bit(state::pending) | bit(state::completed),
    bit(state::running) | bit(state::scheduled) | bit(state::completed),
    bit(state::suspended) | bit(state::backing_off) | bit(state::paused) | bit(state::completed),
    bit(state::running) | bit(state::completed),
    bit(state::running) | bit(state::completed),
    bit(state::running) | bit(state::completed),
    0,
};

}  // namespace

std::string_view to_string(kind k) { return kKindNames[static_cast<std::size_t>(k)]; }

kind kind_of(std::string_view name) {
  for (unsigned i = 0; i + 1 < kKinds; ++i)
    if (kKindNames[i] == name) return static_cast<kind>(i);
  return kind::other;
}

std::string_view to_string(state s) { return kStateNames[static_cast<std::size_t>(s)]; }

std::optional<state> state_of(std::string_view name) {
  for (unsigned i = 0; i < kStates; ++i)
    if (kStateNames[i] == name) return static_cast<state>(i);
  return std::nullopt;
}

bool is_terminal(state s) { return kLegal[static_cast<std::size_t>(s)] == 0; }
bool can_transition(state from, state to) { return (kLegal[static_cast<std::size_t>(from)] & bit(to)) != 0; }

}  // namespace copycost::event_store
