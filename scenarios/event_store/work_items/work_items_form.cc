// SPDX-License-Identifier: Apache-2.0
//
// The flat form of work items, written and read. README.md holds it as a table.
#include "scenarios/event_store/work_items/work_items.h"

namespace copycost::event_store {
namespace {

std::optional<std::string> owned(const std::optional<std::string_view>& text) {
  return text ? std::optional<std::string>(*text) : std::nullopt;
}
std::vector<std::string> owned(const std::vector<std::string_view>& all) { return {all.begin(), all.end()}; }
state read_state(flat_reader& from) { return static_cast<state>(from.below<std::uint8_t>(kStates)); }

void save_spec(flat_writer& to, const spec& s) {
  to.text(s.title);
  to.optional(s.description);
  to.list(s.dependencies);
  to.list(s.labels);
  to.number(s.priority);
  to.number(s.effort);
  to.optional(s.metadata);
}
spec restored_spec(flat_reader& from) {
  spec s;
  s.title = from.text();
  s.description = owned(from.optional());
  s.dependencies = owned(from.list());
  s.labels = owned(from.list());
  s.priority = from.number<std::uint32_t>();
  s.effort = static_cast<complexity>(from.below<std::uint8_t>(3));
  s.metadata = owned(from.optional());
  return s;
}

constexpr std::size_t kTransitionLeast = 8 + 8 + 1 + 1 + 4;

void save_history(flat_writer& to, const std::vector<transition>& all) {
  to.number(static_cast<std::uint32_t>(all.size()));  // fits: each takes memory
  for (const transition& t : all) {
    to.number(t.seq);
    to.number(t.time);
    to.number(t.from);
    to.number(t.to);
    to.optional(t.reason);
  }
}
std::vector<transition> restored_history(flat_reader& from) {
  std::vector<transition> all(from.entries(kTransitionLeast));
  for (transition& t : all) {
    t.seq = from.number<std::uint64_t>();
    t.time = from.number<std::int64_t>();
    t.from = read_state(from);
    t.to = read_state(from);
    t.reason = owned(from.optional());
  }
  return all;
}

void save_result(flat_writer& to, const std::optional<outcome>& r) {
  to.number(std::uint8_t{r.has_value()});
  if (!r) return;
  to.number(std::uint8_t{r->success});
  to.optional(r->output);
  to.optional(r->error);
  to.number(r->duration_ms);
}
std::optional<outcome> restored_result(flat_reader& from) {
  if (!from.flag()) return std::nullopt;
  outcome r;
  r.success = from.flag();
  r.output = owned(from.optional());
  r.error = owned(from.optional());
  r.duration_ms = from.number<std::uint64_t>();
  return r;
}

void save_item(flat_writer& to, const work_item& i) {
  to.number(i.now);
  to.number(i.created);
  save_spec(to, i.what);
  to.optional(i.phase);
  to.number(i.phases);
  to.list(i.blocked_by);
  save_history(to, i.history);
  to.optional(i.claimed_by);
  to.number(i.failures);
  to.optional(i.last_failure);
  save_result(to, i.result);
}
work_item restored_item(flat_reader& from) {
  work_item i;
  i.now = read_state(from);
  i.created = from.number<std::int64_t>();
  i.what = restored_spec(from);
  i.phase = owned(from.optional());
  i.phases = from.number<std::uint64_t>();
  i.blocked_by = owned(from.list());
  i.history = restored_history(from);
  i.claimed_by = owned(from.optional());
  i.failures = from.number<std::uint64_t>();
  i.last_failure = owned(from.optional());
  i.result = restored_result(from);
  return i;
}

constexpr std::size_t kItemLeast = 60, kWorkerLeast = 4 + 8 + 8 + 4;

}  // namespace

void work_items::save(flat_writer& to) const {
  to.number(static_cast<std::uint32_t>(items_.size()));  // fits: each takes memory
  for (const auto* one : sorted(items_)) {
    to.text(one->first);
    save_item(to, one->second);
  }
  to.number(static_cast<std::uint32_t>(workers_.size()));  // fits: each takes memory
  for (const auto* one : sorted(workers_)) {
    const worker_reports& r = one->second;
    to.text(one->first);
    to.number(r.count);
    to.number(r.last_time);
    to.text(r.last_reason);
  }
}

work_items work_items::restored(flat_reader& from) {
  work_items out;
  name_order order;
  for (std::uint32_t n = from.entries(kItemLeast); n > 0 && !from.failed(); --n) {
    const std::string_view name = order.next(from);
    work_item item = restored_item(from);
    ++out.counts_[static_cast<std::size_t>(item.now)];
    out.items_.emplace(std::string(name), std::move(item));
  }
  order = {};
  for (std::uint32_t n = from.entries(kWorkerLeast); n > 0 && !from.failed(); --n) {
    worker_reports& r = at_name(out.workers_, order.next(from));
    r.count = from.number<std::uint64_t>();
    r.last_time = from.number<std::int64_t>();
    r.last_reason = from.text();
  }
  return out;
}

}  // namespace copycost::event_store
