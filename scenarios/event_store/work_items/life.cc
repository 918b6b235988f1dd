// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/work_items/life.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/base/check.h"
#include "scenarios/event_store/record/body.h"

namespace copycost::event_store {

life::life(const life_options& o) : options_(o), random_(o.seed), time_(o.start) {
  COPYCOST_REQUIRE(o.items > 0 && o.text_max > 0);
  for (unsigned i = 0; i < o.items; ++i) items_.push_back(fresh());
}

life::item life::fresh() {
  item i;
  i.name = fmt::format("item-{}", made_++);
  return i;
}

std::string life::text(std::size_t most) {
  static constexpr std::string_view kWords[] = {"build", "check", "cut", "index", "copy",
                                                "of",    "the",   "log", "slot",  "tail"};
  std::string out;
  for (std::uint64_t n = 1 + random_.below(8); n > 0; --n)
    out += (out.empty() ? "" : " ") + std::string(kWords[random_.below(std::size(kWords))]);
  if (out.size() > most) out.resize(most);
  return out;
}
std::string life::json_text() {
  const std::uint64_t step = random_.below(1000);  // in front of the text: arguments have no order
  return fmt::format(R"({{"step":{},"note":"{}"}})", step, text(20));
}

owned_draft life::about(const item& i, kind what, std::string bytes) const {
  owned_draft d;
  d.what = what;
  d.entity = i.name;
  d.time = time_;
  const auto as_bytes = std::as_bytes(std::span(bytes.data(), bytes.size()));
  d.payload.assign(as_bytes.begin(), as_bytes.end());
  return d;
}

owned_draft life::created(item& i) {
  i.is_created = true;
  i.priority = static_cast<std::uint32_t>(random_.below(200));
  for (std::uint64_t n = random_.below(3); n > 0; --n) {
    const std::string& other = items_[random_.below(items_.size())].name;
    if (other != i.name && std::ranges::find(i.blocked_by, other) == i.blocked_by.end()) i.blocked_by.push_back(other);
  }
  created_body b;
  const std::string title = text(options_.text_max), more = text(options_.text_max), data = json_text();
  b.title = title;
  b.priority = i.priority;
  b.effort = static_cast<complexity>(random_.below(3));
  b.dependencies.assign(i.blocked_by.begin(), i.blocked_by.end());
  if (random_.below(2) == 0) b.description = more;
  if (random_.below(2) == 0) b.labels = {"red", "green"};
  if (random_.below(3) == 0) b.metadata = data;
  return about(i, kind::created, encode(b));
}

// To a state that is legal; to the end of its life seldom, as long as there is another way.
owned_draft life::moved(item& i) {
  std::vector<state> legal;
  for (unsigned s = 0; s < kStates; ++s)
    if (can_transition(i.now, static_cast<state>(s))) legal.push_back(static_cast<state>(s));
  state to = legal[random_.below(legal.size())];
  if (to == state::completed && random_.below(3) != 0) to = legal[random_.below(legal.size())];
  const std::string why = text(options_.text_max);
  if (to == state::completed && random_.below(2) == 0) {
    i.now = to;
    i.has_result = true;
    completed_body b{random_.below(4) != 0, {}, {}, random_.below(100'000)};
    (b.success ? b.output : b.error) = why;
    return about(i, kind::completed, encode(b));
  }
  state_changed_body b{i.now, to, {}};
  if (random_.below(2) == 0) b.reason = why;
  i.now = to;
  return about(i, kind::state_changed, encode(b));
}

// Everything else that can be said of an item.
owned_draft life::told(item& i) {
  const std::string some = text(options_.text_max), data = json_text(),
                    phase = fmt::format("phase-{}", random_.below(4));
  const std::string agent = fmt::format("agent-{}", random_.below(5));
  switch (random_.below(6)) {
    case 0: {
      phase_completed_body b{{random_.next() >> 16, random_.next()}, phase, random_.below(5) != 0, some, {}};
      return about(i, kind::phase_completed, encode(b));
    }
    case 1:
      if (!i.blocked_by.empty()) {
        owned_draft d = about(i, kind::dependency_resolved, encode(dependency_resolved_body{}));
        d.related = i.blocked_by.back();
        i.blocked_by.pop_back();
        return d;
      }
      return about(i, kind::failed, encode(failed_body{some}));
    case 2:
      i.is_claimed = !i.is_claimed;
      if (i.is_claimed) return about(i, kind::claimed, encode(claimed_body{agent}));
      return about(i, kind::unclaimed, encode(unclaimed_body{some}));
    case 3: {
      const std::uint32_t was = std::exchange(i.priority, static_cast<std::uint32_t>(random_.below(200)));
      return about(i, kind::priority_changed, encode(priority_changed_body{was, i.priority}));
    }
    case 4:
      return about(i, kind::metadata_updated, encode(metadata_updated_body{data}));
    default:
      return about(i, kind::failed, encode(failed_body{some}));
  }
}

owned_draft life::reported() {
  const std::string worker = fmt::format("worker-{}", random_.below(3)), why = text(options_.text_max);
  return about(item{}, kind::worker_unhealthy, encode(worker_unhealthy_body{worker, why}));
}

owned_draft life::next() {
  time_ += static_cast<std::int64_t>(random_.below(5));
  if (random_.below(40) == 0) return reported();
  // The smaller of three: the first items have most of the events.
  item& i =
      items_[std::min({random_.below(items_.size()), random_.below(items_.size()), random_.below(items_.size())})];
  if (i.is_created && is_terminal(i.now) && random_.below(3) == 0) i = fresh();
  if (!i.is_created) return created(i);
  return !is_terminal(i.now) && random_.below(2) == 0 ? moved(i) : told(i);
}

std::vector<owned_draft> life::next(std::size_t events) {
  std::vector<owned_draft> all;
  all.reserve(events);
  while (all.size() < events) all.push_back(next());
  return all;
}

}  // namespace copycost::event_store
