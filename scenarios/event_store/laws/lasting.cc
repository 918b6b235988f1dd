// SPDX-License-Identifier: Apache-2.0
//
// Laws about long lives: the second, the thousandth and the 20,000th time of one store is as the first.
#include <fmt/format.h>

#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/common/laws/model_disk.h"
#include "scenarios/event_store/laws/crash.h"
#include "scenarios/event_store/laws/durable.h"
#include "scenarios/event_store/laws/twin.h"

namespace copycost::event_store::properties {
namespace {

constexpr std::uint64_t kAppends = 20'500, kSyncs = 2'600, kOpenings = 110;
constexpr std::string_view kLong[] = {"20,500 appends to one store", "a read of each of them", "20 truncations"};
constexpr std::string_view kSynced[] = {"2,600 appends under sync policy each",
                                        "2,600 syncs under sync policy interval", "2,600 syncs under sync policy batch",
                                        "110 openings of the same files"};

void the_twenty_thousandth_append_is_as_the_first(facade_maker make) {
  store_options o = draw_options();
  o.first = 0;
  o.events_max = draw_number("events_max", 16, 48);
  twin t(make, o);
  rng random = draw_rng("content");
  const std::uint64_t seed = random.next();
  for (std::uint64_t i = 1; i <= kAppends; ++i) {
    RC_ASSERT(t.append({event_of_number(seed, i, {.names = 6, .small = true})}));
    check_same(t.reader().read(t.range().last() - 1), must(t.model().snapshot().read(t.range().last() - 1)));
    if (i % 997 == 0) RC_ASSERT(t.truncate(t.range().first + random.below(t.range().count() + 1)));
    if (i % 101 == 0) t.check();
  }
  t.check();
  for (const std::string_view all : kLong) drawn(all);
}

// A file system that would lose what was not synced: nothing may be left when a sync, or an append that is one,
// returns.
struct synced_store {
  facade& f;
  store_options options;
  model_disk disk{};
  std::unique_ptr<any_store> store{};
  sequence end = 0;

  void open() { store = must(f.open(options)); }
  void append() {
    const owned_draft one = crash_event(options.seed, end);
    must(store->append(views({&one, 1}), end - 1));
    ++end;
    if (options.sync != sync_policy::each) must(store->sync());
    if (disk.unsynced_bytes() != 0)
      RC_FAIL(fmt::format("{} bytes are not synced behind append {} under policy {}", disk.unsynced_bytes(), end,
                          static_cast<int>(options.sync)));
  }
  void check() {
    bounds range;
    if (const std::string text = wrong_with_numbers(*store, options.seed, range); !text.empty()) RC_FAIL(text);
    RC_ASSERT(range.end == end);
  }
};

void the_thousandth_sync_is_as_the_first(facade_maker make) {
  const auto f = design_of<facade>(make);
  const store_options drawn_options = draw_durable(*f, "/store/events");
  if (!f->on_disk()) throw not_offered{"files through a disk"};
  rng random = draw_rng("power");
  for (unsigned policy = 0; policy < 3; ++policy) {
    synced_store s{*f, drawn_options};
    s.options.sync = static_cast<sync_policy>(policy);
    s.options.files = &s.disk;
    for (s.open(); s.end < kSyncs;) s.append();
    for (std::uint64_t i = 0; i < kOpenings; ++i) {
      s.store.reset();
      s.open();
      s.append();
    }
    s.store.reset();
    s.disk.power_loss(random);
    s.open();
    s.check();
    drawn(kSynced[policy]);
    drawn(kSynced[3]);
  }
}

}  // namespace

law_list lasting() {
  return {
      law_of<the_twenty_thousandth_append_is_as_the_first>(
          "20,500 appends to one store that keeps its latest, each read at once", {.cost = 200, .draws = kLong}),
      law_of<the_thousandth_sync_is_as_the_first>(
          "when a sync returns nothing is left to be lost, the 2,600th time as the first",
          {.cost = 200, .draws = kSynced}),
  };
}

}  // namespace copycost::event_store::properties
