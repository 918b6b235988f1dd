// SPDX-License-Identifier: Apache-2.0
//
// The law about everything together: after any sequence of operations the store, every reader and every snapshot are
// what the oracle says. Whether a command may run is decided by the model alone, so that every design runs the same.
#include <rapidcheck/state.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "harness/judge/run_laws.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/laws/twin.h"

namespace copycost::event_store::properties {
namespace {

constexpr std::size_t kReaders = 2, kSnapshots = 4;

// rapidcheck copies it for every command that it draws: events are shared.
struct history_model {
  model_store store;
  std::array<std::optional<model_snapshot>, kSnapshots> snapshots{};
  std::array<std::size_t, kSnapshots> reader_of{};
  std::uint64_t now = 1'700'000'000'000;
  bool durable = false;
};

struct history_of_design {
  facade& f;
  store_options options;
  std::unique_ptr<any_store> store;
  std::array<std::optional<any_reader>, kReaders> readers{};
  std::array<std::optional<any_snapshot>, kSnapshots> snapshots{};

  void open() {
    store = must(f.open(options));
    for (auto& r : readers) r.emplace(must(store->reader()));
  }
  void close() {
    for (auto& s : snapshots) s.reset();
    for (auto& r : readers) r.reset();
    store.reset();
  }
};

class command : public rc::state::Command<history_model, history_of_design> {
 public:
  using state = history_model;
  using design_state = history_of_design;

  void run(const state& before, design_state& sut) const final {
    set_clock(before.now);
    act(before, sut);
    const state after = nextState(before);
    compare(after, sut);
  }

 protected:
  virtual void act(const state& before, design_state& sut) const = 0;

 private:
  static void compare(const state& expected, design_state& sut) {
    for (auto& r : sut.readers) check_same(r->snapshot(), expected.store.snapshot());
    const store_stats s = sut.store->stats();
    RC_ASSERT(s.events == expected.store.range().count());
    RC_ASSERT(s.bytes == expected.store.bytes());
    for (std::size_t i = 0; i < kSnapshots; ++i) {
      RC_ASSERT(sut.snapshots[i].has_value() == expected.snapshots[i].has_value());
      if (sut.snapshots[i]) check_same(*sut.snapshots[i], *expected.snapshots[i]);
    }
  }
};

struct append_some : command {
  std::uint64_t seed = draw_number("content", 0, 9999);
  std::uint64_t ticks = draw_number("ticks", 0, 3);
  std::uint64_t guard = draw_number("expected", 0, 5);  // 0: right, 1: wrong, others: none
  bool in_place = draw_bool("in place");
  std::vector<owned_draft> batch;
  append_some() {
    rng random(seed);
    batch = random_batch(random, in_place ? 1 : random_batch_size(random));
    if (random.below(20) == 0) batch.back().payload.resize(5000);
  }
  std::optional<sequence> expected(const state& s) const {
    if (guard > 1) return std::nullopt;
    return s.store.range().last() - guard;
  }
  void apply(state& s) const override {
    set_clock(s.now);
    (void)s.store.append(views(batch), expected(s));  // refused: then nothing has changed
    s.now += ticks / 2;
  }
  void act(const state& s, design_state& d) const override {
    model_store model = s.store;
    const auto should = model.append(views(batch), expected(s));
    const owned_draft& one = batch.front();
    const auto write = [&](std::span<std::byte> to) { std::ranges::copy(one.payload, to.begin()); };
    const auto got = in_place ? d.store->append_in_place(one.view(), one.payload.size(), write, expected(s))
                              : d.store->append(views(batch), expected(s));
    if (!agree(got, should)) return;
    RC_ASSERT((got->first == should->first && got->last == should->last));
    RC_ASSERT(to_string(got->id) == to_string(should->id));
  }
  void show(std::ostream& out) const override {
    out << "append " << batch.size() << (in_place ? " in place" : "") << ", content " << seed;
    if (guard <= 1) out << (guard == 0 ? ", expected rightly" : ", expected wrongly");
  }
};

struct truncate_some : command {
  sequence before;
  explicit truncate_some(const state& s) : before(draw_checkpoint("before", s.store.range())) {}
  void apply(state& s) const override { (void)s.store.truncate_before(before); }
  void act(const state& s, design_state& d) const override {
    model_store model = s.store;
    agree(d.store->truncate_before(before), model.truncate_before(before));
  }
  void show(std::ostream& out) const override { out << "truncate before " << before; }
};

struct read_some : command {
  std::size_t reader = draw_number("reader", 0, kReaders - 1);
  unsigned entity = static_cast<unsigned>(draw_number("entity", 0, 15));  // 8 and more: of all
  sequence after;
  std::size_t limit;
  explicit read_some(const state& s)
      : after(draw_checkpoint("after", s.store.range())), limit(draw_limit("limit", s.store.range().count())) {}
  void act(const state& s, design_state& d) const override {
    const model_snapshot& m = s.store.snapshot();
    if (entity < 8)
      check_same(d.readers[reader]->read_entity(entity_name(entity), after, limit),
                 m.read_entity(entity_name(entity), after, limit));
    else
      check_same(d.readers[reader]->read(after, limit), m.read(after, limit));
  }
  void show(std::ostream& out) const override {
    out << "reader " << reader << " reads ";
    if (entity < 8) out << "'" << entity_name(entity) << "' ";
    out << "after " << after << ", limit " << limit;
  }
};

struct take_snapshot : command {
  std::size_t slot = draw_number("slot", 0, kSnapshots - 1), reader = draw_number("reader", 0, kReaders - 1);
  void apply(state& s) const override {
    s.snapshots[slot] = s.store.snapshot();
    s.reader_of[slot] = reader;
  }
  void act(const state&, design_state& d) const override {
    d.snapshots[slot].reset();
    d.snapshots[slot].emplace(d.readers[reader]->snapshot());
  }
  void show(std::ostream& out) const override { out << "snapshot #" << slot << " of reader " << reader; }
};

struct drop_snapshot : command {
  std::size_t slot = draw_number("slot", 0, kSnapshots - 1);
  void apply(state& s) const override { s.snapshots[slot].reset(); }
  void act(const state&, design_state& d) const override { d.snapshots[slot].reset(); }
  void show(std::ostream& out) const override { out << "drop snapshot #" << slot; }
};

// With its snapshots.
struct change_reader : command {
  std::size_t reader = draw_number("reader", 0, kReaders - 1);
  void apply(state& s) const override {
    for (std::size_t i = 0; i < kSnapshots; ++i)
      if (s.reader_of[i] == reader) s.snapshots[i].reset();
  }
  void act(const state& s, design_state& d) const override {
    for (std::size_t i = 0; i < kSnapshots; ++i)
      if (s.reader_of[i] == reader) d.snapshots[i].reset();
    d.readers[reader].reset();
    d.readers[reader].emplace(must(d.store->reader()));
  }
  void show(std::ostream& out) const override { out << "another reader " << reader; }
};

struct reopen_it : command {
  void checkPreconditions(const state& s) const override { RC_PRE(s.durable); }
  void apply(state& s) const override {
    s.snapshots.fill(std::nullopt);
    s.store.reopened();
  }
  void act(const state&, design_state& d) const override {
    d.close();
    d.open();
  }
  void show(std::ostream& out) const override { out << "close and open"; }
};

void run_history(facade& f, const store_options& o) {
  history_of_design sut{f, o, {}};
  sut.open();
  history_model model{.store = model_store(o), .durable = !o.dir.empty()};
  rc::state::check(model, sut,
                   rc::state::gen::execOneOfWithArgs<append_some, append_some, append_some, append_some, truncate_some,
                                                     read_some, read_some, take_snapshot, take_snapshot, drop_snapshot,
                                                     change_reader, reopen_it>());
  sut.close();
}

store_options draw_retention() {
  store_options o = draw_options();
  o.events_max = draw_bool("retention by events") ? draw_number("events_max", 1, 40) : 0;
  o.bytes_max = draw_bool("retention by bytes") ? draw_number("bytes_max", 1, 10'000) : 0;
  return o;
}

void history_is_the_oracles(facade_maker make) {
  const auto f = design_of<facade>(make);
  run_history(*f, draw_retention());
}

void durable_history_is_the_oracles(facade_maker make) {
  const auto f = design_of<facade>(make);
  if (!f->durable()) throw not_offered{"a directory"};
  const home files;
  store_options o = draw_retention();
  o.dir = files.path();
  o.sync = static_cast<sync_policy>(draw_number("sync policy", 0, 2));
  o.file_bytes = std::size_t{4096} << draw_number("file size", 0, 4);
  o.batch_events = draw_number("batch_events", 1, 20);
  run_history(*f, o);
}

}  // namespace

law_list history() {
  return {
      law_of<history_is_the_oracles>("after any sequence of operations store and snapshots are what the oracle says",
                                     {.cost = 4}),
      law_of<durable_history_is_the_oracles>("the same in a directory, closed and opened again in between",
                                             {.cost = 4}),
  };
}

}  // namespace copycost::event_store::properties
