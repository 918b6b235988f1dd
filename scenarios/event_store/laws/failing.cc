// SPDX-License-Identifier: Apache-2.0
//
// Laws about disks that lose power, run full and fail (model_disk.h).
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/common/laws/model_disk.h"
#include "scenarios/event_store/laws/crash.h"
#include "scenarios/event_store/laws/durable.h"

namespace copycost::event_store::properties {
namespace {

using operation = model_disk::operation;

// A store on a disk of its own, what was appended to it, and what it must not have lost.
class trial {
 public:
  // `retention`: it may drop old events by itself.
  explicit trial(facade_maker make, bool retention = false)
      : design_(design_of<facade>(make)), options_(draw_durable(*design_, "/store/events")) {
    if (!design_->on_disk()) throw not_offered{"files through a disk"};
    options_.files = &disk;
    seed_ = draw_number("seed", 0, 999);
    if (retention && draw_bool("retention")) options_.events_max = draw_number("events_max", 5, 60);
    random = draw_rng("content");
  }

  // Opens it; false where the disk is off. What it shows must be all that was durable, and nothing that was not begun.
  bool open() {
    auto opened = design_->open(options_);
    if (!opened.ok()) {
      if (!disk.is_off()) RC_FAIL("it cannot be opened: " + to_string(opened.error()));
      return false;
    }
    store_ = std::move(opened).value();
    bounds range;
    if (const std::string text = wrong_with_numbers(*store_, seed_, range); !text.empty()) RC_FAIL(text);
    if (range.end < durable || range.end > begun)
      RC_FAIL(fmt::format("events to {} are found; to {} were durable, to {} were begun", range.end, durable, begun));
    if (std::ranges::find(ends_, range.end) == ends_.end())
      RC_FAIL(fmt::format("events to {} are found: no batch ended there", range.end));
    if (range.first < truncated || range.first > truncating)
      RC_FAIL(fmt::format("the log begins at {}; it was truncated before {}", range.first, truncated));
    const store_stats s = store_->stats();
    RC_ASSERT((s.cut_bytes == 0) == (s.cut_before == kStart));
    RC_ASSERT((s.cut_bytes == 0 || s.cut_before == range.end));
    truncated = truncating = range.first;
    end = begun = durable = range.end;
    ends_ = {end};
    return true;
  }
  void close() { store_.reset(); }
  any_store& store() { return *store_; }

  result<appended> append(std::uint64_t events) {
    std::vector<owned_draft> batch;
    for (std::uint64_t i = 0; i < events; ++i) batch.push_back(crash_event(seed_, end + i));
    begun = std::max(begun, end + events);
    ends_.push_back(end + events);
    if (options_.events_max != 0 && begun > options_.events_max)
      truncating = std::max(truncating, begun - options_.events_max);
    auto done = store_->append(views(batch), end - 1);
    if (!done.ok()) return done;
    RC_ASSERT(done->last + 1 == end + events);
    end += events;
    if (options_.sync == sync_policy::each) durable = end;
    if (options_.sync == sync_policy::batch && end >= options_.batch_events)  // fewer than that are not synced
      durable = std::max(durable, end + 1 - options_.batch_events);
    return done;
  }
  result<void> sync() {
    auto done = store_->sync();
    if (done.ok()) durable = end;
    return done;
  }
  result<void> truncate() {
    const sequence first = must(store_->reader()).snapshot().range().first;
    const sequence before = end - random.below(std::min<std::uint64_t>(end - first, 30) + 1);
    truncating = std::max(truncating, before);
    auto done = store_->truncate_before(before);
    if (done.ok() && before > first) {
      durable = std::max(durable, before);
      truncated = std::max(truncated, before);
    }
    return done;
  }
  // An append most of the time, sometimes something else.
  result<void> step() {
    const std::uint64_t what = random.below(16);
    if (what == 0) return truncate();
    if (what < 3) return sync();
    if (const auto done = append(random.below(3) == 0 ? 1 + random.below(12) : 1); !done.ok()) return done.error();
    return {};
  }
  // What readers see is what was acknowledged.
  void check() {
    bounds range;
    if (const std::string text = wrong_with_numbers(*store_, seed_, range); !text.empty()) RC_FAIL(text);
    RC_ASSERT(range.end == end);
  }
  // Nothing but its steps uses the disk, and each of them answers what the disk did.
  bool is_alone() const { return options_.sync != sync_policy::interval && options_.events_max == 0; }

  model_disk disk;
  rng random{0};
  sequence end = 0, begun = 0, durable = 0, truncated = 0, truncating = 0;

 private:
  std::unique_ptr<facade> design_;
  store_options options_;
  std::uint64_t seed_ = 0;
  std::vector<sequence> ends_{0};  // where the log may end: no batch is cut in two
  std::unique_ptr<any_store> store_;
};

// Works until the power goes, loses it, and is opened again; sometimes the power goes while it is opened.
void power_loss_loses_nothing_durable(facade_maker make) {
  trial t(make, true);
  for (std::uint64_t n = draw_number("power losses", 1, 6); n > 0; --n) {
    if (t.random.below(4) == 0) t.disk.go_off_after(t.random.below(16));
    if (t.open()) {
      t.disk.go_off_after(t.random.below(t.random.below(2) == 0 ? 12 : 150));
      while (!t.disk.is_off())
        if (const auto done = t.step(); !done.ok() && !t.disk.is_off()) RC_FAIL("a step: " + to_string(done.error()));
      t.close();
    }
    t.disk.power_loss(t.random);
  }
  RC_ASSERT(t.open());
  must(t.append(3));
  t.close();
  RC_ASSERT(t.open());
}

// The call that meets it fails, and so does every later one; readers go on seeing what was acknowledged.
void failed_sync_is_sticky(facade_maker make) {
  trial t(make, true);
  RC_ASSERT(t.open());
  for (std::uint64_t n = t.random.below(10); n > 0; --n) must(t.step());
  t.disk.fail(draw_bool("of the directory") ? operation::sync_dir : operation::sync, t.random.below(8), EIO);
  std::optional<error> told;
  for (int i = 0; i < 400 && !told; ++i) {
    const bool failed_before = t.disk.has_failed();
    const auto done = t.step();
    if (!done.ok())
      told = done.error();
    else
      RC_ASSERT_FALSE(failed_before && t.durable == t.end);
    // What removes files or syncs in the background may meet it first: the next call fails then.
    if (done.ok() && t.is_alone()) RC_ASSERT_FALSE(t.disk.has_failed());
  }
  if (!told) return;  // no directory was synced: the files are large
  RC_ASSERT(told->code == errc::sync_failed);
  for (int i = 0; i < 3; ++i) {
    const auto append = t.append(1);
    RC_ASSERT((!append.ok() && append.error().code == errc::sync_failed));
    const auto sync = t.sync();
    RC_ASSERT((!sync.ok() && sync.error().code == errc::sync_failed));
  }
  t.check();
  const bool loses_power = draw_bool("loses power");
  if (loses_power) t.disk.go_off_after(0);
  t.close();
  if (loses_power) t.disk.power_loss(t.random);
  RC_ASSERT(t.open());
  must(t.append(2));
}

// A write, or the making of a file, fails once: the append is refused as a whole, and the next one succeeds.
void failed_write_changes_nothing(facade_maker make) {
  trial t(make);
  RC_ASSERT(t.open());
  constexpr operation kWhich[] = {operation::write, operation::create, operation::rename};
  for (std::uint64_t n = draw_number("faults", 1, 4); n > 0; --n) {
    const int code = draw_bool("no room") ? ENOSPC : EIO;
    const auto thirds = static_cast<unsigned>(draw_number("thirds written", 0, 3));
    t.disk.fail(kWhich[draw_number("which", 0, 2)], t.random.below(10), code, thirds);
    for (int i = 0; i < 60 && !t.disk.has_failed(); ++i) {
      const auto done = t.append(1 + t.random.below(6));
      RC_ASSERT(done.ok() != t.disk.has_failed());
      if (done.ok()) continue;
      const error wanted = code == ENOSPC ? error{.code = errc::disk_full} : error{.code = errc::io_failed, .got = EIO};
      RC_ASSERT(done.error() == wanted);
    }
    t.disk.heal();
    t.check();
    if (draw_bool("goes on")) must(t.append(1 + t.random.below(6)));
    t.begun = t.end;  // what was refused must not appear
    const bool loses_power = draw_bool("loses power");
    if (loses_power)
      t.disk.go_off_after(0);
    else
      t.durable = t.end;
    t.close();
    if (loses_power) t.disk.power_loss(t.random);
    RC_ASSERT(t.open());
  }
}

// Appends are refused until there is room; truncation works on a full disk, and gives room back.
void full_disk_keeps_what_it_has(facade_maker make) {
  trial t(make);
  RC_ASSERT(t.open());
  t.disk.set_capacity(draw_number("room", 8'000, 60'000));
  for (std::uint64_t n = draw_number("rounds", 1, 4); n > 0; --n) {
    std::optional<error> told;
    while (!told)
      if (const auto done = t.append(1 + t.random.below(8)); !done.ok()) told = done.error();
    RC_ASSERT((*told == error{.code = errc::disk_full}));
    t.check();
    t.begun = t.durable = t.end;
    if (draw_bool("opened again")) {
      t.close();
      RC_ASSERT(t.open());
    }
    const bool has_several = t.store().stats().files > 1;
    must(t.store().truncate_before(t.end));
    t.truncated = t.truncating = t.end;
    t.check();
    if (has_several)
      RC_ASSERT(t.store().stats().files == 1u);
    else
      t.disk.set_capacity(200'000);
    if (draw_bool("opened once more")) {
      t.close();
      RC_ASSERT(t.open());
    }
  }
  t.disk.set_capacity(~std::uint64_t{0});
  must(t.append(20));
  t.durable = t.end;
  t.close();
  RC_ASSERT(t.open());
}

}  // namespace

law_list failing() {
  return {
      law_of<power_loss_loses_nothing_durable>(
          "when the power goes, what was synced is there, and of the rest a front of whole batches, under each sync "
          "policy",
          {.cost = 2}),
      law_of<failed_sync_is_sticky>(
          "after a sync that failed nothing is acknowledged any more, and what was is still there", {.cost = 2}),
      law_of<failed_write_changes_nothing>(
          "an append whose write fails is refused as a whole, and the next one succeeds", {.cost = 2}),
      law_of<full_disk_keeps_what_it_has>(
          "a full disk refuses appends and loses nothing; truncation works, and makes room", {.cost = 4}),
  };
}

}  // namespace copycost::event_store::properties
