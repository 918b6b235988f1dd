// SPDX-License-Identifier: Apache-2.0
//
// The law about everything together: any sequence of operations on a population of items leaves every item as the
// oracle has it, after every step.
#include "scenarios/graph/laws/population.h"

#include <algorithm>
#include <ostream>

#include "scenarios/common/laws/law_list.h"

namespace copycost::graph::properties {
namespace {

std::size_t draw_used(const population_model& s, const char* name) {
  std::vector<std::size_t> used;
  for (std::size_t i = 0; i < kItems; ++i)
    if (s.has(i)) used.push_back(i);
  return used.empty() ? 0 : *rc::gen::elementOf(used).as(name);
}
std::size_t draw_slot(const char* name = "to") { return static_cast<std::size_t>(draw_number(name, 0, kItems - 1)); }
std::size_t draw_maker() { return static_cast<std::size_t>(draw_number("maker", 0, kMakers - 1)); }

struct make_one : command {
  model_item m = draw_small_item("item");
  way w = draw_way("way");
  std::size_t by = draw_maker(), to = draw_slot();
  void apply(state& s) const override { s.set(to, m); }
  void act(const state&, design_state& d) const override { d.set(to, make_item(d.g.x, d.maker(by), m, w)); }
  void show(std::ostream& out) const override {
    out << "make #" << to << " by " << w << " of maker " << by << ": " << m.bytes.size() << " bytes, "
        << m.meta.headers.size() << " headers";
  }
};

// A command about one item.
struct on_item : command {
  std::size_t slot;
  explicit on_item(const state& s) : slot(draw_used(s, "slot")) {}
  void checkPreconditions(const state& s) const override { RC_PRE(s.has(slot)); }
};

struct share_one : on_item {
  explicit share_one(const state& s) : on_item(s) {}
  std::size_t to = draw_slot();
  void apply(state& s) const override { s.items[to] = s.items[slot]; }
  void act(const state&, design_state& d) const override { d.set(to, d.items[slot].share()); }
  void show(std::ostream& out) const override { out << "share #" << slot << " -> #" << to; }
};

struct part_one : on_item {
  std::size_t pos, len, by = draw_maker(), to = draw_slot();
  bool same_headers = draw_bool("same headers");
  model_meta meta = draw_meta("part");
  explicit part_one(const state& s)
      : on_item(s),
        pos(draw_wild_position("pos", s.size_of(slot))),
        len(draw_wild_position("len", s.size_of(slot) - std::min(pos, s.size_of(slot)))) {}
  const model_meta& meta_of(const state& s) const { return same_headers ? s.item(slot).meta : meta; }
  void apply(state& s) const override {
    if (auto part = oracle::part(s.item(slot), pos, len, meta_of(s))) s.set(to, std::move(part).value());
  }
  void act(const state& s, design_state& d) const override {
    const any_item& of = d.items[slot];
    const numbered_meta own = numbered(d.g.x, meta);
    auto part = d.maker(by).part(of, pos, len, same_headers ? of.meta() : own.is);
    if (agree(part, oracle::part(s.item(slot), pos, len, meta_of(s)))) d.set(to, std::move(part).value());
  }
  void show(std::ostream& out) const override {
    out << "part of #" << slot << " at " << pos << " of " << len << (same_headers ? " with its headers" : "")
        << " by maker " << by << " -> #" << to;
  }
};

// Into slots that follow each other; what lives there is dropped first.
struct branch_one : on_item {
  std::size_t first, count;
  explicit branch_one(const state& s)
      : on_item(s), first(draw_slot("first")), count(1 + draw_position("branches - 1", kItems - 1 - first)) {}
  bool is_used_up() const { return slot < first || slot >= first + count; }
  void apply(state& s) const override {
    const model_slot one = s.items[slot];
    for (std::size_t i = 0; i < count; ++i) s.items[first + i] = one;
    if (is_used_up()) s.items[slot].reset();
  }
  void act(const state&, design_state& d) const override {
    any_item one = std::move(d.items[slot]);
    const std::span<any_item> to = std::span(d.items).subspan(first, count);
    any_design::drop(to);
    must(any_design::fan_out(std::move(one), to));
  }
  void show(std::ostream& out) const override {
    out << "fan #" << slot << " out -> #" << first << " to #" << first + count - 1;
  }
};

struct write_one : on_item {
  explicit write_one(const state& s) : on_item(s) {}
  std::size_t by = draw_maker();
  std::uint64_t seed = draw_number("written seed", 0, 9999);
  void apply(state& s) const override {
    s.set(slot, {s.item(slot).meta, seeded_bytes(s.item(slot).bytes.size(), seed)});
  }
  void act(const state& s, design_state& d) const override {
    const std::span<std::byte> room = must(d.maker(by).make_unique(d.items[slot]));
    RC_ASSERT(same_bytes(room, s.item(slot).bytes));
    std::ranges::copy(seeded_bytes(room.size(), seed), room.begin());
  }
  void show(std::ostream& out) const override { out << "write #" << slot << " through maker " << by; }
};

struct drop_some : command {
  std::size_t first = draw_slot("first"), count = 1 + draw_position("dropped - 1", kItems - 1 - first);
  void apply(state& s) const override {
    for (std::size_t i = 0; i < count; ++i) s.items[first + i].reset();
  }
  void act(const state&, design_state& d) const override { any_design::drop(std::span(d.items).subspan(first, count)); }
  void show(std::ostream& out) const override { out << "drop #" << first << " to #" << first + count - 1; }
};

// Onto itself too: then nothing changes.
struct move_one : on_item {
  explicit move_one(const state& s) : on_item(s) {}
  std::size_t to = draw_slot();
  void apply(state& s) const override {
    const model_slot one = std::exchange(s.items[slot], {});
    s.items[to] = one;
  }
  void act(const state&, design_state& d) const override {
    if (to == slot) return d.items[slot].box()->assign(*d.items[slot].box());
    any_item one = d.items[slot].box()->moved();
    check_empty(d.items[slot]);
    d.set(to, std::move(one));
    d.items[slot] = any_item();
  }
  void show(std::ostream& out) const override { out << "move #" << slot << " -> #" << to; }
};

struct end_a_batch : command {
  std::size_t of = draw_maker();
  bool for_good = draw_bool("for good");
  void act(const state&, design_state& d) const override {
    if (for_good)
      d.makers[of].emplace(d.g.x);  // the maker goes, and another one comes
    else
      d.maker(of).end_batch();
  }
  void show(std::ostream& out) const override { out << (for_good ? "another maker " : "end of batch of maker ") << of; }
};

void population_is_the_oracles(facade_maker make) {
  ground g(make);
  population_of_design sut(g);
  rc::state::check(population_model{}, sut,
                   rc::state::gen::execOneOfWithArgs<make_one, make_one, make_one, share_one, share_one, part_one,
                                                     part_one, branch_one, branch_one, write_one, write_one, drop_some,
                                                     move_one, end_a_batch, end_a_batch>());
}

}  // namespace

law_list population() {
  return {law_of<population_is_the_oracles>("after any sequence of operations every item is what the oracle says",
                                            {.cost = 2})};
}

}  // namespace copycost::graph::properties
