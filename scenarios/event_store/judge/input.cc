// SPDX-License-Identifier: Apache-2.0
//
// What an event store makes of real events: they are published in batches of many sizes to a store of the design while
// two subscriptions follow, one of everything and one through a filter; snapshots taken on the way are looked at again
// at the end; a durable store is closed and opened again in between. Then everything is read back from many places,
// entity by entity too, and replayed into projections that are saved and restored on the way.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/rng.h"
#include "scenarios/common/must.h"
#include "scenarios/event_store/follow/bus.h"
#include "scenarios/event_store/follow/replay.h"
#include "scenarios/event_store/input/input_events.h"
#include "scenarios/event_store/judge/store.h"
#include "scenarios/event_store/laws/laws.h"
#include "scenarios/event_store/oracle/oracle.h"
#include "scenarios/event_store/work_items/projection.h"

namespace copycost::event_store {
namespace {

constexpr std::uint64_t kSeed = 1;  // of the sizes and places: the same in every run and for every design
constexpr std::uint64_t kBatchMax = 300, kSnapshots = 6, kReopenings = 3, kReads = 60, kEntities = 200, kSplits = 6;

class input_reader {
 public:
  input_reader(facade_maker make, const input_file& in, const input_events& events)
      : in_(in), events_(events), all_(events.drafts()), store_(make, in, events), random_(kSeed) {}

  input_result verify() {
    append();
    look_at_kept_snapshots();
    read_from_many_places();
    read_entities();
    replay_in_parts();
    return result();
  }

 private:
  using follower = subscription<any_store>;

  [[noreturn]] void wrong(const std::string& what) const {
    throw failure(exit_code::incorrect, in_.name + ": " + what);
  }
  std::string when(std::string_view doing) const { return fmt::format("{}: {}: ", in_.name, doing); }
  const draft& expected(sequence seq) const { return all_[static_cast<std::size_t>(seq - events_.first())]; }
  void check(const event_view& e, sequence seq) const {
    if (e.seq() != seq) wrong(fmt::format("sequence {} where {} was expected", e.seq(), seq));
    if (const std::string text = difference(e, owned(expected(seq))); !text.empty()) wrong(text);
  }

  // A filter of real use: one kind in a range of time.
  filter some_events() const {
    filter f;
    const draft &kind_of_one = all_[all_.size() / 2], &early = all_[all_.size() / 4];
    if (kind_of_one.what == kind::other)
      f.kind_names.emplace_back(kind_of_one.kind_name);
    else
      f.kinds.push_back(kind_of_one.what);
    f.from = early.time;
    return f;
  }
  static bool fits(const filter& f, const draft& d) {
    const bool kind_fits = d.what == kind::other ? std::ranges::find(f.kind_names, d.kind_name) != f.kind_names.end()
                                                 : std::ranges::find(f.kinds, d.what) != f.kinds.end();
    return kind_fits && d.time >= f.from;
  }

  // One opening of the store: events up to `until` are published, and followed.
  void append_until(std::size_t until) {
    bus<any_design> line(store_.store());
    const sequence after = events_.first() + done_ - 1;
    const filter some = some_events();
    const subscription_options far{.capacity = std::uint64_t{1} << 62};
    follower everything = must(when("subscribing"), line.subscribe(after, {}, far));
    follower filtered = must(when("subscribing"), line.subscribe(after, some, far));
    std::size_t followed = done_, looked = done_;
    while (done_ < until) {
      const std::size_t size = std::min<std::size_t>(1 + random_.below(random_.below(kBatchMax) + 1), until - done_);
      const sequence last = events_.first() + done_ - 1;
      const appended a = must(when("appending"), line.publish(all_.subspan(done_, size), last));
      if (a.first != last + 1 || a.last != last + size)
        wrong(fmt::format("appended as {} to {}, expected {} to {}", a.first, a.last, last + 1, last + size));
      done_ += size;
      if (random_.below(4) == 0) follow(everything, filtered, some, followed, looked);
      if (random_.below(all_.size() / kBatchMax + 1) == 0 && kept_.size() < kSnapshots) keep();
    }
    follow(everything, filtered, some, followed, looked);
  }
  void append() {
    const std::size_t parts = store_.durable() ? kReopenings : 1;
    for (std::size_t part = 1; part <= parts; ++part) {
      append_until(all_.size() * part / parts);
      if (!store_.durable()) continue;
      look_at_kept_snapshots();
      kept_.clear();
      store_.reopen();
    }
  }
  void follow(follower& everything, follower& filtered, const filter& some, std::size_t& followed,
              std::size_t& looked) {
    for (auto got = everything.try_receive(1 + random_.below(1000)); got.ok(); got = everything.try_receive(1000))
      got->for_each([&](const event_view& e) { check(e, events_.first() + followed++); });
    for (auto got = filtered.try_receive(1 + random_.below(50)); got.ok(); got = filtered.try_receive(1000))
      got->for_each([&](const event_view& e) {
        while (looked < done_ && !fits(some, all_[looked])) ++looked;
        check(e, events_.first() + looked++);
      });
    while (looked < done_ && !fits(some, all_[looked])) ++looked;
    if (followed != done_ || looked != done_)
      wrong(fmt::format("a subscription was given {} of {} events", std::min(followed, looked), done_));
  }

  struct kept_snapshot {
    any_snapshot snapshot;
    std::size_t events = 0;
  };
  void keep() { kept_.push_back({store_.reader().snapshot(), done_}); }
  void check_range(const bounds& there, std::size_t events) const {
    if (there != bounds{events_.first(), events_.first() + events})
      wrong(fmt::format("{} events from {} on, expected {} from {} on", there.count(), there.first, events,
                        events_.first()));
  }
  void look_at_kept_snapshots() const {
    for (const kept_snapshot& k : kept_) {
      check_range(k.snapshot.range(), k.events);
      const std::size_t tail = std::min<std::size_t>(k.events, 50);
      read(k.snapshot, events_.first() + k.events - tail - 1, kAll, k.events);
    }
  }

  // What lies behind a checkpoint, of a snapshot that holds so many events.
  void read(const any_snapshot& s, sequence after, std::size_t limit, std::size_t events) const {
    const any_list list = must(when("reading"), s.read(after, limit));
    const auto there = static_cast<std::size_t>(events_.first() + events - (after + 1));
    if (list.size() != std::min(limit, there)) wrong(fmt::format("{} events behind {}", list.size(), after));
    sequence next = after + 1;
    list.for_each([&](const event_view& e) { check(e, next++); });
    if (next != after + 1 + list.size()) wrong(fmt::format("a list of {} shows {}", list.size(), next - after - 1));
  }
  void read_from_many_places() {
    const any_snapshot s = store_.reader().snapshot();
    check_range(s.range(), all_.size());
    read(s, events_.first() - 1, kAll, all_.size());
    for (std::uint64_t i = 0; i < kReads; ++i)
      read(s, events_.first() - 1 + random_.below(all_.size() + 1), 1 + random_.below(500), all_.size());
    for (const sequence beyond : {events_.last() + 1, events_.last() + 1000})
      if (const auto r = s.read(beyond); r.ok() || r.error().code != errc::checkpoint_not_found)
        wrong(fmt::format("{} is accepted as a checkpoint", beyond));
  }

  // The events of single entities, those that have many and those that have few.
  void read_entities() {
    const any_snapshot s = store_.reader().snapshot();
    for (std::uint64_t i = 0; i < kEntities; ++i) {
      const std::string_view name = all_[random_.below(all_.size())].entity;
      if (name.empty()) continue;
      sequence next = events_.first();
      const auto find = [&] {
        while (next <= events_.last() && expected(next).entity != name) ++next;
      };
      must(when("reading an entity"), s.read_entity(name, kStart)).for_each([&](const event_view& e) {
        find();
        if (next > events_.last()) wrong(fmt::format("too many events of '{}'", name));
        check(e, next++);
      });
      find();
      if (next <= events_.last()) wrong(fmt::format("event {} of '{}' is lost", next, name));
    }
    if (s.read_entity("\x01 no such entity \x02", kStart).ok()) wrong("an entity that is not there has events");
  }

  sequence replay_into(projection& p, const any_snapshot& s, sequence after, sequence until) const {
    const auto apply = [&](const event_view& e) {
      if (const auto done = p.apply(e); !done.ok() && p.last() != e.seq()) wrong(to_string(done.error()));
      return e.seq() != until;
    };
    return must(when("replaying"), replay(s, {.after = after, .wanted = {}, .progress = {}}, apply)).checkpoint;
  }
  // In one go, and in parts, with the projection saved and restored between them.
  void replay_in_parts() {
    const any_snapshot s = store_.reader().snapshot();
    replay_into(whole_, s, kStart, kStart);
    projection parts;
    sequence after = kStart;
    for (std::uint64_t i = 0; i < kSplits && after != events_.last(); ++i) {
      const sequence from = after == kStart ? events_.first() : after + 1;
      after = replay_into(parts, s, after, from + random_.below(events_.last() - from + 1));
      const std::string saved = parts.save();
      parts = must(when("restoring"), projection::restore(std::as_bytes(std::span(saved))));
    }
    if (after != events_.last()) replay_into(parts, s, after, kStart);
    if (parts.save() != whole_.save()) wrong("a replay in parts does not make what a replay in one go makes");
    if (whole_.last() != events_.last()) wrong(fmt::format("the replay ends at {}", whole_.last()));
  }

  input_result result() const {
    json::object counts = {{"events", whole_.events()},
                           {"entities", std::uint64_t{whole_.entities().all().size()}},
                           {"last_seq", whole_.last()}};
    if (whole_.alive().seen() > 0) {
      counts.emplace_back("live", std::uint64_t{whole_.alive().names().size()});
      counts.emplace_back("live_sha256", whole_.alive().sha256_of_names());
    }
    if (whole_.of_ours() > 0) {
      counts.emplace_back("work_items", std::uint64_t{whole_.items().size()});
      counts.emplace_back("refused", whole_.refused());
    }
    return {whole_.digest(), std::move(counts)};
  }

  const input_file& in_;
  const input_events& events_;
  std::span<const draft> all_;
  judged_store store_;
  rng random_;
  std::size_t done_ = 0;
  std::vector<kept_snapshot> kept_;
  projection whole_;
};

}  // namespace

input_result verify_input(facade_maker make, const input_file& in) {
  const auto events = events_of(in);
  return input_reader(make, in, *events).verify();
}

}  // namespace copycost::event_store
