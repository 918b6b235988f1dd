// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/laws/crash.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <thread>

#include "scenarios/common/laws/fuse_disk.h"
#include "scenarios/event_store/laws/draw.h"
#include "scenarios/event_store/laws/other_process.h"

namespace copycost::event_store::properties {
namespace {

constexpr style kSmall{.names = 4, .small = true};

std::string wrong_with_entity(any_reader& reader, std::string_view name, const std::vector<sequence>& seqs) {
  const auto list = reader.read_entity(name, kStart);
  if (!list.ok()) return fmt::format("entity '{}': {}", name, to_string(list.error()));
  std::vector<sequence> seen;
  list->for_each([&](const event_view& e) { seen.push_back(e.seq()); });
  return seen == seqs ? std::string()
                      : fmt::format("entity '{}' has {} events, expected {}", name, seen.size(), seqs.size());
}

void raise(std::atomic<std::uint64_t>& to, std::uint64_t value) { to = std::max(to.load(), value); }

// The child's life.
void append_for_ever(facade& f, const crash_plan& plan, notes& on) {
  store_options o = plan.options;
  std::unique_ptr<fuse_disk> fuse;
  if (plan.fuse != 0) {
    fuse = std::make_unique<fuse_disk>(o.files != nullptr ? *o.files : real_disk(), plan.fuse);
    o.files = fuse.get();
  }
  auto store = f.open(o);
  if (!store.ok()) return on.add("the child cannot open the store: " + to_string(store.error()));
  auto reader = store.value()->reader();
  if (!reader.ok()) return on.add(to_string(reader.error()));
  const bounds there = reader->snapshot().range();
  if (there != plan.log)
    return on.add(fmt::format("the child finds [{}, {}), expected [{}, {})", there.first, there.end, plan.log.first,
                              plan.log.end));
  rng random(plan.moment);
  for (sequence next = there.end;;) {
    if (plan.truncates && random.below(16) == 0) {
      const sequence before = next - random.below(std::min<std::uint64_t>(next - there.first, 50) + 1);
      raise(on.truncating(), before);
      if (const auto done = store.value()->truncate_before(before); !done.ok())
        return on.add("truncate: " + to_string(done.error()));
      raise(on.truncated(), before);
    }
    std::vector<owned_draft> batch;
    for (std::uint64_t n = random.below(3) == 0 ? 1 + random.below(12) : 1; n > 0; --n)
      batch.push_back(crash_event(plan.seed, next + batch.size()));
    on.begun() = next + batch.size();
    const auto done = store.value()->append(views(batch), next - 1);
    if (!done.ok()) return on.add("append: " + to_string(done.error()));
    next = done->last + 1;
    on.acknowledged() = next;
  }
}

// What the store that was found says, beside what the child had noted: of its last batch where it began and ended.
std::string wrong_with_range(bounds found, notes& on) {
  if (found.end < on.acknowledged())
    return fmt::format("events to {} were acknowledged, they are found to {}", on.acknowledged().load(), found.end);
  if (found.end > on.begun())
    return fmt::format("events to {} were begun, they are found to {}", on.begun().load(), found.end);
  if (found.end > on.acknowledged() && found.end < on.begun())
    return fmt::format("of the batch from {} to {} a front is found, to {}", on.acknowledged().load(),
                       on.begun().load(), found.end);
  if (found.first < on.truncated() || found.first > on.truncating())
    return fmt::format("the log begins at {}, it was truncated before {}", found.first, on.truncated().load());
  return {};
}

}  // namespace

owned_draft crash_event(std::uint64_t seed, std::uint64_t number) { return event_of_number(seed, number, kSmall); }

std::string wrong_with_numbers(any_store& store, std::uint64_t seed, bounds& range) {
  auto reader = store.reader();
  if (!reader.ok()) return to_string(reader.error());
  range = reader->snapshot().range();
  const auto list = reader->read(kStart);
  if (!list.ok()) return to_string(list.error());
  sequence next = range.first;
  ulid last{};
  std::string text;
  std::map<std::string, std::vector<sequence>> entities;
  list->for_each([&](const event_view& e) {
    if (e.seq() != next)
      text = fmt::format("sequence {} where {} was expected", e.seq(), next);
    else if (next != range.first && e.id() <= last)
      text = fmt::format("the id of {} does not rise", next);
    else
      text = event_store::difference(e, crash_event(seed, next));
    if (!e.entity().empty()) entities[std::string(e.entity())].push_back(next);
    ++next;
    last = e.id();
    return text.empty();
  });
  if (text.empty() && next != range.end)
    text = fmt::format("the list ends in front of {}, the range at {}", next, range.end);
  for (auto i = entities.begin(); i != entities.end() && text.empty(); ++i)
    text = wrong_with_entity(*reader, i->first, i->second);
  return text;
}

crash_result crash_once(facade& f, const crash_plan& plan) {
  crash_result out;
  notes on;
  on.acknowledged() = on.begun() = plan.log.end;
  on.truncated() = on.truncating() = plan.log.first;
  {
    other_process child(on, [&] { append_for_ever(f, plan, on); });
    if (plan.fuse == 0) {
      while (on.begun() == plan.log.end && !child.has_ended()) std::this_thread::yield();
      if (!child.has_ended()) std::this_thread::sleep_for(std::chrono::microseconds(plan.microseconds));
      child.kill();
    } else {
      child.wait();
    }
  }
  out.acknowledged = on.acknowledged();
  out.begun = on.begun();
  if (out.wrong = on.first(); !out.wrong.empty()) return out;

  const auto store = f.open(plan.options);
  if (!store.ok()) {
    out.wrong = "cannot be opened after the crash: " + to_string(store.error());
    return out;
  }
  out.cut_bytes = store.value()->stats().cut_bytes;
  bounds range;
  out.wrong = wrong_with_numbers(*store.value(), plan.seed, range);
  out.lost = out.acknowledged - std::min(out.acknowledged, range.end);
  out.invented = range.end - std::min(range.end, out.begun);
  out.died_in_batch = out.begun > out.acknowledged + 1;
  out.front_of_batch = range.end > out.acknowledged && range.end < out.begun;
  if (out.wrong.empty()) out.wrong = wrong_with_range(range, on);
  if (!out.wrong.empty()) return out;

  const owned_draft more = crash_event(plan.seed, range.end);
  const draft one = more.view();
  const auto done = store.value()->append({&one, 1}, range.last());
  if (!done.ok())
    out.wrong = "no append after the crash: " + to_string(done.error());
  else if (done->first != range.end)
    out.wrong = fmt::format("the append after the crash is {}, expected {}", done->first, range.end);
  else
    out.wrong = wrong_with_numbers(*store.value(), plan.seed, range);
  out.log = range;
  return out;
}

}  // namespace copycost::event_store::properties
