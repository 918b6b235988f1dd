// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/work_items/work_items.h"

#include <algorithm>

namespace copycost::event_store {
namespace {

std::optional<std::string> owned(const std::optional<std::string_view>& text) {
  return text ? std::optional<std::string>(*text) : std::nullopt;
}
std::vector<std::string> owned(const std::vector<std::string_view>& all) { return {all.begin(), all.end()}; }

work_item made(const event_view& e, const created_body& b) {
  work_item item;
  item.created = e.time();
  item.what = {std::string(b.title), owned(b.description), owned(b.dependencies), owned(b.labels), b.priority, b.effort,
               owned(b.metadata)};
  for (const std::string& name : item.what.dependencies)
    if (std::ranges::find(item.blocked_by, name) == item.blocked_by.end()) item.blocked_by.push_back(name);
  return item;
}

error refused(const event_view& e, state from, state to) {
  return {.code = errc::invalid_transition,
          .seq = e.seq(),
          .expected = static_cast<std::uint64_t>(from),
          .got = static_cast<std::uint64_t>(to)};
}

}  // namespace

result<void> work_items::apply(const event_view& e) {
  if (e.what() == kind::other) return {};
  const auto b = decode(e.what(), e.payload(), e.seq());
  if (!b.ok()) return b.error();
  if (const auto* report = std::get_if<worker_unhealthy_body>(&b.value())) {
    worker_reports& r = at_name(workers_, report->worker);
    ++r.count;
    r.last_time = e.time();
    r.last_reason = report->reason;
    return {};
  }
  const auto found = items_.find(e.entity());
  if (const auto* created = std::get_if<created_body>(&b.value())) {
    if (found != items_.end()) return refused(e, found->second.now, state::pending);
    items_.emplace(std::string(e.entity()), made(e, *created));
    ++counts_[static_cast<std::size_t>(state::pending)];
    return {};
  }
  if (found == items_.end()) return error{.code = errc::entity_not_found, .seq = e.seq()};
  return change(found->second, e, b.value());
}

result<void> work_items::change(work_item& item, const event_view& e, const body& b) {
  if (const auto* one = std::get_if<state_changed_body>(&b)) {
    if (one->from != item.now) return refused(e, item.now, one->to);
    return enter(item, e, one->to, one->reason);
  }
  if (const auto* one = std::get_if<completed_body>(&b)) {
    if (item.result) return refused(e, item.now, state::completed);
    if (item.now != state::completed)
      if (const auto done = enter(item, e, state::completed, std::nullopt); !done.ok()) return done;
    item.result = outcome{one->success, owned(one->output), owned(one->error), one->duration_ms};
  } else if (const auto* phase = std::get_if<phase_completed_body>(&b)) {
    item.phase = std::string(phase->name);
    ++item.phases;
  } else if (std::holds_alternative<dependency_resolved_body>(b)) {
    std::erase(item.blocked_by, e.related());
  } else if (const auto* failure = std::get_if<failed_body>(&b)) {
    ++item.failures;
    item.last_failure = std::string(failure->error);
  } else if (const auto* claim = std::get_if<claimed_body>(&b)) {
    item.claimed_by = std::string(claim->agent);
  } else if (std::holds_alternative<unclaimed_body>(b)) {
    item.claimed_by.reset();
  } else if (const auto* priority = std::get_if<priority_changed_body>(&b)) {
    item.what.priority = priority->now;
  } else if (const auto* data = std::get_if<metadata_updated_body>(&b)) {
    item.what.metadata = std::string(data->metadata);
  }
  return {};
}

result<void> work_items::enter(work_item& item, const event_view& e, state to, std::optional<std::string_view> reason) {
  if (!can_transition(item.now, to)) return refused(e, item.now, to);
  item.history.push_back({e.seq(), e.time(), item.now, to, owned(reason)});
  --counts_[static_cast<std::size_t>(item.now)];
  ++counts_[static_cast<std::size_t>(to)];
  item.now = to;
  return {};
}

const work_item* work_items::get(std::string_view name) const {
  const auto found = items_.find(name);
  return found == items_.end() ? nullptr : &found->second;
}

template <class Fits>
work_items::entries work_items::select(Fits fits) const {
  entries out;
  for (const auto& [name, item] : items_)
    if (fits(item)) out.push_back({name, &item});
  std::ranges::sort(out, {}, &entry::name);
  return out;
}

work_items::entries work_items::in_state(state s) const {
  return select([s](const work_item& i) { return i.now == s; });
}
work_items::entries work_items::ready() const {
  return select([](const work_item& i) { return i.now == state::ready && i.blocked_by.empty() && !i.claimed_by; });
}
work_items::entries work_items::blocked() const {
  return select([](const work_item& i) { return !i.blocked_by.empty() && !is_terminal(i.now); });
}
work_items::entries work_items::claimed_by(std::string_view agent) const {
  return select([agent](const work_item& i) { return i.claimed_by == agent; });
}
work_items::entries work_items::unclaimed() const {
  return select([](const work_item& i) { return !i.claimed_by && !is_terminal(i.now); });
}
work_items::entries work_items::in_phase(std::string_view phase) const {
  return select([phase](const work_item& i) { return i.phase == phase; });
}
work_items::entries work_items::dependents_of(std::string_view name) const {
  return select(
      [name](const work_item& i) { return std::ranges::find(i.what.dependencies, name) != i.what.dependencies.end(); });
}
work_items::entries work_items::all_sorted() const {
  entries out = select([](const work_item&) { return true; });
  std::ranges::stable_sort(out, {}, [](const entry& e) { return e.item->what.priority; });
  return out;
}

}  // namespace copycost::event_store
