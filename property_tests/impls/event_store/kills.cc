// SPDX-License-Identifier: Apache-2.0
//
// Processes that are killed while they append to files, a thousand of them over all designs that have files: by time,
// and by a fuse between the bytes of a record or between two operations on files. Everything that was acknowledged must
// be found, nothing that was not begun, and no front of a batch. COPYCOST_KILLS says how many (1000), COPYCOST_SEED
// which ones.
#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "property_tests/catch.h"
#include "scenarios/event_store/laws/crash.h"
#include "scenarios/event_store/laws/draw.h"

using namespace copycost;
using namespace copycost::event_store;
using namespace copycost::event_store::properties;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing else runs yet
  return text != nullptr && *text != '\0' ? std::stoull(text) : fallback;
}

struct totals {
  std::uint64_t kills = 0, by_fuse = 0, acknowledged = 0, lost = 0, invented = 0, in_batch = 0, fronts = 0, cut = 0;
  void add(const crash_plan& plan, const crash_result& r) {
    ++kills;
    by_fuse += plan.fuse != 0 ? 1 : 0;
    acknowledged += r.acknowledged - plan.log.end;
    lost += r.lost;
    invented += r.invented;
    in_batch += r.died_in_batch ? 1 : 0;
    fronts += r.front_of_batch ? 1 : 0;
    cut += r.cut_bytes > 0 ? 1 : 0;
  }
  std::string text() const {
    return fmt::format(
        "{} kills, {} of them between bytes; {} events acknowledged, {} lost, {} invented; {} died inside "
        "a batch and left {} fronts, {} left a torn tail",
        kills, by_fuse, acknowledged, lost, invented, in_batch, fronts, cut);
  }
};

// Some kills in a row, in one directory.
void kill_in_one_directory(facade& f, rng& random, std::uint64_t kills, totals& sum) {
  const home files;
  crash_plan plan;
  plan.options = small_options();
  plan.options.dir = files.path();
  plan.options.sync = static_cast<sync_policy>(random.below(3));
  plan.options.file_bytes = std::size_t{4096} << random.below(5);
  plan.options.batch_events = 1 + random.below(20);
  plan.options.interval_ms = static_cast<std::uint32_t>(1 + random.below(10));
  plan.seed = random.below(1000);
  plan.truncates = random.below(2) == 0;
  for (; kills > 0; --kills) {
    plan.moment = random.next();
    plan.fuse = 0;
    plan.microseconds = random.below(1500);
    if (f.on_disk() && random.below(2) == 0) plan.fuse = 1 + random.below(random.below(2) == 0 ? 300 : 40'000);
    const crash_result r = crash_once(f, plan);
    sum.add(plan, r);
    INFO("acknowledged to " << r.acknowledged << ", begun to " << r.begun << ", " << plan.microseconds << " us, fuse "
                            << plan.fuse);
    REQUIRE(r.wrong == std::string());
    plan.log = r.log;
  }
}

TEST_CASE("a thousand killed processes lose nothing and invent nothing") {
  const std::uint64_t kills = from_environment("COPYCOST_KILLS", 1000);
  const std::uint64_t seed = from_environment("COPYCOST_SEED", std::random_device()());
  INFO("COPYCOST_SEED=" << seed << " COPYCOST_KILLS=" << kills);
  std::vector<const facade_entry*> durable;
  for (const facade_entry& e : all_facades())
    if (e.system == "event_store" && static_cast<facade&>(*e.make()).durable()) durable.push_back(&e);
  REQUIRE_FALSE(durable.empty());
  totals all;
  rng random(seed);
  for (std::size_t i = 0; i < durable.size(); ++i) {
    const auto made = durable[i]->make();
    INFO("design: " << durable[i]->design);
    totals mine;
    const std::uint64_t share = kills * (i + 1) / durable.size() - kills * i / durable.size();
    while (mine.kills < share)
      kill_in_one_directory(static_cast<facade&>(*made), random, std::min<std::uint64_t>(10, share - mine.kills), mine);
    std::cout << durable[i]->design << ": " << mine.text() << std::endl;
    all.kills += mine.kills;
    all.by_fuse += mine.by_fuse;
    all.acknowledged += mine.acknowledged;
    all.lost += mine.lost;
    all.invented += mine.invented;
    all.in_batch += mine.in_batch;
    all.fronts += mine.fronts;
    all.cut += mine.cut;
  }
  std::cout << "seed " << seed << ", all: " << all.text() << std::endl;
  CHECK(all.lost == 0);
  CHECK(all.invented == 0);
  CHECK(all.fronts == 0);
}

}  // namespace
