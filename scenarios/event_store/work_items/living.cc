// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/work_items/living.h"

#include "harness/base/sha256.h"

namespace copycost::event_store {

bool is_living_kind(std::string_view name) {
  return name == "added" || name == "modified" || name == "deleted" || name == "renamed";
}

void living::apply(const event_view& e) {
  if (e.what() != kind::other || !is_living_kind(e.kind_name())) return;
  ++seen_;
  const std::string_view gone = e.kind_name() == "deleted" ? e.entity() : e.kind_name() == "renamed" ? e.related() : "";
  if (!gone.empty())
    if (const auto found = names_.find(gone); found != names_.end()) names_.erase(found);
  if (e.kind_name() == "added" || e.kind_name() == "renamed") names_.emplace(e.entity());
}

std::string living::sha256_of_names() const {
  sha256 sum;
  bool first = true;
  for (const std::string_view name : sorted(names_)) {
    if (!first) sum.add("\n");
    sum.add(name);
    first = false;
  }
  return sum.hex();
}

void living::save(flat_writer& to) const {
  to.number(seen_);
  to.list(sorted(names_));
}

living living::restored(flat_reader& from) {
  living out;
  out.seen_ = from.number<std::uint64_t>();
  name_order order;
  for (std::uint32_t n = from.entries(4); n > 0 && !from.failed(); --n) out.names_.emplace(order.next(from));
  return out;
}

void tallies::apply(const event_view& e) {
  if (e.entity().empty()) return;
  tally& t = at_name(all_, e.entity());
  ++t.count;
  t.last = e.seq();
  t.last_kind = e.kind_name();
}

void tallies::save(flat_writer& to) const {
  to.number(static_cast<std::uint32_t>(all_.size()));  // fits: each takes memory
  for (const auto* one : sorted(all_)) {
    to.text(one->first);
    to.number(one->second.count);
    to.number(one->second.last);
    to.text(one->second.last_kind);
  }
}

tallies tallies::restored(flat_reader& from) {
  tallies out;
  name_order order;
  for (std::uint32_t n = from.entries(4 + 8 + 8 + 4); n > 0 && !from.failed(); --n) {
    tally& t = at_name(out.all_, order.next(from));
    t.count = from.number<std::uint64_t>();
    t.last = from.number<std::uint64_t>();
    t.last_kind = from.text();
  }
  return out;
}

}  // namespace copycost::event_store
