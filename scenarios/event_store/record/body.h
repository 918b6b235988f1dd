// SPDX-License-Identifier: Apache-2.0
//
// What the eleven kinds of event say beside their entity and time: the body, which is the payload of the event.
//
// Bodies are flat (common/flat.h) and not JSON text, for three reasons: a replay reads a body for each event, so
// reading one must not allocate or copy (except the lists of `created`); an error must name the wrong byte of a body;
// and arbitrary JSON (metadata) is kept as its text, so that nothing is lost on the way. People write events as JSON
// Lines, with the body as a JSON object (body_json.h). README.md lists the fields with an example of each.
//
// Lifetime: what decode() answers borrows from the payload.
// Threads: safe; pure functions.
// Cost: linear in the body.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenarios/event_store/record/record.h"

namespace copycost::event_store {

inline constexpr std::uint8_t kBodyForm = 1;  // the first byte of each body
inline constexpr std::uint32_t kDefaultPriority = 100;

enum class complexity : std::uint8_t { simple, medium, complex };

struct created_body {
  std::string_view title;
  std::optional<std::string_view> description;
  std::vector<std::string_view> dependencies, labels;
  std::uint32_t priority = kDefaultPriority;  // the lower the earlier
  complexity effort = complexity::medium;
  std::optional<std::string_view> metadata;  // JSON text
  friend bool operator==(const created_body&, const created_body&) = default;
};
struct state_changed_body {
  state from{}, to{};
  std::optional<std::string_view> reason;
  friend bool operator==(const state_changed_body&, const state_changed_body&) = default;
};
struct phase_completed_body {
  ulid phase;
  std::string_view name;
  bool success = true;
  std::string_view data;
  std::optional<std::string_view> message;
  friend bool operator==(const phase_completed_body&, const phase_completed_body&) = default;
};
struct dependency_resolved_body {  // which one: event_view::related()
  friend bool operator==(const dependency_resolved_body&, const dependency_resolved_body&) = default;
};
struct failed_body {
  std::string_view error;
  friend bool operator==(const failed_body&, const failed_body&) = default;
};
struct completed_body {
  bool success = true;
  std::optional<std::string_view> output, error;
  std::uint64_t duration_ms = 0;
  friend bool operator==(const completed_body&, const completed_body&) = default;
};
struct claimed_body {
  std::string_view agent;
  friend bool operator==(const claimed_body&, const claimed_body&) = default;
};
struct unclaimed_body {
  std::optional<std::string_view> reason;
  friend bool operator==(const unclaimed_body&, const unclaimed_body&) = default;
};
struct priority_changed_body {
  std::uint32_t was = kDefaultPriority, now = kDefaultPriority;
  friend bool operator==(const priority_changed_body&, const priority_changed_body&) = default;
};
struct metadata_updated_body {
  std::string_view metadata;  // JSON text
  friend bool operator==(const metadata_updated_body&, const metadata_updated_body&) = default;
};
struct worker_unhealthy_body {
  std::string_view worker, reason;
  friend bool operator==(const worker_unhealthy_body&, const worker_unhealthy_body&) = default;
};

// In the order of `kind`.
using body = std::variant<created_body, state_changed_body, phase_completed_body, dependency_resolved_body, failed_body,
                          completed_body, claimed_body, unclaimed_body, priority_changed_body, metadata_updated_body,
                          worker_unhealthy_body>;
inline kind kind_of(const body& b) { return static_cast<kind>(b.index()); }

// The payload for an event of kind_of(b). COPIES: the texts.
std::string encode(const body& b);
// Errors: invalid_body (at: the byte that is wrong; seq as given). Total: any bytes are looked at, and none behind
// them. REQUIRES: what != kind::other. VALID UNTIL: the payload changes.
result<body> decode(kind what, bytes_view payload, sequence seq = 0);

}  // namespace copycost::event_store
