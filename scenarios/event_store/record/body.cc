// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/record/body.h"

#include "harness/base/check.h"
#include "scenarios/common/flat.h"

namespace copycost::event_store {
namespace {

void write(flat_writer& to, const created_body& b) {
  to.text(b.title);
  to.optional(b.description);
  to.list(b.dependencies);
  to.list(b.labels);
  to.number(b.priority);
  to.number(b.effort);
  to.optional(b.metadata);
}
void write(flat_writer& to, const state_changed_body& b) {
  to.number(b.from);
  to.number(b.to);
  to.optional(b.reason);
}
void write(flat_writer& to, const phase_completed_body& b) {
  to.number(b.phase.high);
  to.number(b.phase.low);
  to.text(b.name);
  to.number(std::uint8_t{b.success});
  to.text(b.data);
  to.optional(b.message);
}
void write(flat_writer&, const dependency_resolved_body&) {}
void write(flat_writer& to, const failed_body& b) { to.text(b.error); }
void write(flat_writer& to, const completed_body& b) {
  to.number(std::uint8_t{b.success});
  to.optional(b.output);
  to.optional(b.error);
  to.number(b.duration_ms);
}
void write(flat_writer& to, const claimed_body& b) { to.text(b.agent); }
void write(flat_writer& to, const unclaimed_body& b) { to.optional(b.reason); }
void write(flat_writer& to, const priority_changed_body& b) {
  to.number(b.was);
  to.number(b.now);
}
void write(flat_writer& to, const metadata_updated_body& b) { to.text(b.metadata); }
void write(flat_writer& to, const worker_unhealthy_body& b) {
  to.text(b.worker);
  to.text(b.reason);
}

state read_state(flat_reader& from) { return static_cast<state>(from.below<std::uint8_t>(kStates)); }

body read_created(flat_reader& from) {
  created_body b;
  b.title = from.text();
  b.description = from.optional();
  b.dependencies = from.list();
  b.labels = from.list();
  b.priority = from.number<std::uint32_t>();
  b.effort = static_cast<complexity>(from.below<std::uint8_t>(3));
  b.metadata = from.optional();
  return b;
}
body read_state_changed(flat_reader& from) {
  state_changed_body b;
  b.from = read_state(from);
  b.to = read_state(from);
  b.reason = from.optional();
  return b;
}
body read_phase_completed(flat_reader& from) {
  phase_completed_body b;
  b.phase.high = from.number<std::uint64_t>();
  b.phase.low = from.number<std::uint64_t>();
  b.name = from.text();
  b.success = from.flag();
  b.data = from.text();
  b.message = from.optional();
  return b;
}
body read_completed(flat_reader& from) {
  completed_body b;
  b.success = from.flag();
  b.output = from.optional();
  b.error = from.optional();
  b.duration_ms = from.number<std::uint64_t>();
  return b;
}
body read_priority_changed(flat_reader& from) {
  priority_changed_body b;
  b.was = from.number<std::uint32_t>();
  b.now = from.number<std::uint32_t>();
  return b;
}
body read_worker_unhealthy(flat_reader& from) {
  worker_unhealthy_body b;
  b.worker = from.text();
  b.reason = from.text();
  return b;
}

body read(kind what, flat_reader& from) {
  switch (what) {
    case kind::created:
      return read_created(from);
    case kind::state_changed:
      return read_state_changed(from);
    case kind::phase_completed:
      return read_phase_completed(from);
    case kind::failed:
      return failed_body{from.text()};
    case kind::completed:
      return read_completed(from);
    case kind::claimed:
      return claimed_body{from.text()};
    case kind::unclaimed:
      return unclaimed_body{from.optional()};
    case kind::priority_changed:
      return read_priority_changed(from);
    case kind::metadata_updated:
      return metadata_updated_body{from.text()};
    case kind::worker_unhealthy:
      return read_worker_unhealthy(from);
    default:
      return dependency_resolved_body{};
  }
}

}  // namespace

std::string encode(const body& b) {
  std::string bytes;
  flat_writer to(bytes);
  to.number(kBodyForm);
  std::visit([&](const auto& one) { write(to, one); }, b);
  return bytes;
}

result<body> decode(kind what, bytes_view payload, sequence seq) {
  COPYCOST_REQUIRE(what != kind::other);
  flat_reader from(payload);
  if (from.number<std::uint8_t>() != kBodyForm) from.fail(0);
  body b = read(what, from);
  if (const auto at = from.fault()) return error{.code = errc::invalid_body, .seq = seq, .at = *at};
  return b;
}

}  // namespace copycost::event_store
