// SPDX-License-Identifier: Apache-2.0
//
// The law about everything together: any sequence of operations on a population of chunks and builders leaves every
// chunk as the oracle has it, after every step.
#include "scenarios/chunk/laws/population.h"

#include <algorithm>
#include <ostream>

#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

template <class Slots>
std::size_t draw_used(const Slots& slots, const char* name) {
  std::vector<std::size_t> used;
  for (std::size_t i = 0; i < slots.size(); ++i)
    if (slots[i] != nullptr) used.push_back(i);
  return used.empty() ? 0 : *rc::gen::elementOf(used).as(name);
}
std::size_t draw_slot() { return static_cast<std::size_t>(draw_number("to", 0, kChunks - 1)); }
std::size_t draw_builder_slot() { return static_cast<std::size_t>(draw_number("to builder", 0, kBuilders - 1)); }

struct make_one : command {
  model_chunk m = draw_small_chunk("chunk");
  way w = draw_way("way");
  std::size_t to = draw_slot();
  void apply(state& s) const override { s.set(to, m); }
  void act(const state&, design_state& d) const override { d.set(to, make_chunk(d.f, m, w)); }
  void show(std::ostream& out) const override {
    out << "make #" << to << " by " << w << ": stream '" << m.stream << "' offset " << m.offset << " size " << m.size();
  }
};

// A command about one chunk.
struct on_chunk : command {
  std::size_t slot;
  explicit on_chunk(const state& s) : slot(draw_used(s.chunks, "slot")) {}
  void checkPreconditions(const state& s) const override { RC_PRE(s.has(slot)); }
};

struct share_one : on_chunk {
  explicit share_one(const state& s) : on_chunk(s) {}
  std::size_t to = draw_slot();
  void apply(state& s) const override { s.chunks[to] = s.chunks[slot]; }
  void act(const state&, design_state& d) const override { d.set(to, d.chunk(slot).share()); }
  void show(std::ostream& out) const override { out << "share #" << slot << " -> #" << to; }
};

struct clone_one : on_chunk {
  explicit clone_one(const state& s) : on_chunk(s) {}
  std::size_t to = draw_slot();
  void apply(state& s) const override { s.chunks[to] = s.chunks[slot]; }
  void act(const state&, design_state& d) const override { d.set(to, must(d.f.clone(d.chunk(slot)))); }
  void show(std::ostream& out) const override { out << "clone #" << slot << " -> #" << to; }
};

struct slice_one : on_chunk {
  std::size_t pos, len, to = draw_slot();
  explicit slice_one(const state& s) : on_chunk(s) {
    const std::size_t size = s.chunks[slot] ? s.chunk(slot).bytes.size() : 0;
    pos = draw_wild_position("pos", size);
    len = draw_wild_position("len", size - std::min(pos, size));
  }
  void apply(state& s) const override {
    if (auto part = oracle::slice(s.chunk(slot), pos, len)) s.set(to, std::move(part).value());
  }
  void act(const state& s, design_state& d) const override {
    auto part = d.chunk(slot).slice(pos, len);
    if (agree(part, oracle::slice(s.chunk(slot), pos, len))) d.set(to, std::move(part).value());
  }
  void show(std::ostream& out) const override {
    out << "slice #" << slot << " at " << pos << " of " << len << " -> #" << to;
  }
};

struct split_one : on_chunk {
  std::size_t pos, front = draw_slot(), back = draw_slot();
  explicit split_one(const state& s)
      : on_chunk(s), pos(draw_wild_position("pos", s.chunks[slot] ? s.chunk(slot).bytes.size() : 0)) {}
  void apply(state& s) const override {
    auto parts = oracle::split_at(s.chunk(slot), pos);
    if (parts) {
      s.set(front, parts->first);
      s.set(back, parts->second);
    }
  }
  void act(const state& s, design_state& d) const override {
    auto parts = d.f.split_at(d.chunk(slot), pos);
    if (!agree(parts, oracle::split_at(s.chunk(slot), pos))) return;
    d.set(front, std::move(parts->first));
    d.set(back, std::move(parts->second));
  }
  void show(std::ostream& out) const override {
    out << "split #" << slot << " at " << pos << " -> #" << front << ", #" << back;
  }
};

struct shorten_one : on_chunk {
  std::size_t n;
  bool front = draw_bool("at the front");
  explicit shorten_one(const state& s)
      : on_chunk(s), n(draw_wild_position("n", s.chunks[slot] ? s.chunk(slot).bytes.size() : 0)) {}
  result<void> model(model_chunk& m) const { return front ? oracle::advance(m, n) : oracle::truncate(m, n); }
  void apply(state& s) const override {
    model_chunk m = s.chunk(slot);
    if (model(m)) s.set(slot, std::move(m));
  }
  void act(const state& s, design_state& d) const override {
    model_chunk m = s.chunk(slot);
    agree(front ? d.chunk(slot).advance(n) : d.chunk(slot).truncate(n), model(m));
  }
  void show(std::ostream& out) const override { out << (front ? "advance #" : "truncate #") << slot << " by " << n; }
};

struct append_one : on_chunk {
  std::size_t next;
  explicit append_one(const state& s) : on_chunk(s), next(draw_used(s.chunks, "next")) {
    for (std::size_t i = 0; s.chunks[slot] && i < kChunks; ++i)  // one that follows, where there is one
      if (s.chunks[i] && s.chunk(i).stream == s.chunk(slot).stream && s.chunk(i).offset == s.chunk(slot).end())
        next = i;
  }
  void checkPreconditions(const state& s) const override { RC_PRE((s.has(slot) && s.has(next) && slot != next)); }
  void apply(state& s) const override {
    model_chunk m = s.chunk(slot);
    if (oracle::append(m, s.chunk(next))) s.set(slot, std::move(m));
  }
  void act(const state& s, design_state& d) const override {
    model_chunk m = s.chunk(slot);
    auto expected = oracle::append(m, s.chunk(next));
    if (!expected && expected.error().code == errc::stream_mismatch)
      expected = error{errc::stream_mismatch, 0, d.f.intern(m.stream), d.f.intern(s.chunk(next).stream)};
    agree(d.f.append(d.chunk(slot), d.chunk(next)), expected);
  }
  void show(std::ostream& out) const override { out << "append #" << next << " to #" << slot; }
};

struct compact_one : on_chunk {
  explicit compact_one(const state& s) : on_chunk(s) {}
  bool asks = draw_bool("asks");
  void act(const state&, design_state& d) const override {
    if (asks)
      must(d.f.compact_if(d.chunk(slot), 2.0));
    else
      must(d.f.compact(d.chunk(slot)));
  }
  void show(std::ostream& out) const override { out << (asks ? "compact_if #" : "compact #") << slot; }
};

struct drop_one : on_chunk {
  explicit drop_one(const state& s) : on_chunk(s) {}
  void apply(state& s) const override { s.chunks[slot].reset(); }
  void act(const state&, design_state& d) const override { d.chunks[slot].reset(); }
  void show(std::ostream& out) const override { out << "drop #" << slot; }
};

// Onto itself too: then nothing changes.
struct move_one : on_chunk {
  explicit move_one(const state& s) : on_chunk(s) {}
  std::size_t to = draw_slot();
  void apply(state& s) const override {
    if (to != slot) {
      s.chunks[to] = s.chunks[slot];
      s.chunks[slot].reset();
    }
  }
  void act(const state&, design_state& d) const override {
    d.set(to, std::move(d.chunk(slot)));
    if (to != slot) d.chunks[slot].reset();
  }
  void show(std::ostream& out) const override { out << "move #" << slot << " -> #" << to; }
};

struct build_one : command {
  std::string stream = draw_stream_name("stream name");
  std::size_t capacity = draw_small_size("capacity");
  std::uint64_t offset = draw_offset("offset", capacity);
  std::size_t to = draw_builder_slot();
  void apply(state& s) const override { s.set_builder(to, {stream, offset, {}}); }
  void act(const state&, design_state& d) const override {
    d.set_builder(to, must(d.f.build({d.f.intern(stream), offset}, capacity)));
  }
  void show(std::ostream& out) const override {
    out << "build b" << to << " for " << capacity << " bytes at offset " << offset;
  }
};

// Takes a chunk back, or writes its bytes anew where it has other owners: which of both is the design's affair.
struct take_one : on_chunk {
  explicit take_one(const state& s) : on_chunk(s) {}
  std::size_t to = draw_builder_slot();
  void apply(state& s) const override {
    s.builders[to] = s.chunks[slot];
    s.chunks[slot].reset();
  }
  void act(const state& s, design_state& d) const override {
    auto b = d.f.take(std::move(d.chunk(slot)));
    if (!b) {
      RC_ASSERT(b.error().code == errc::not_unique);
      check_equals(d.f, d.chunk(slot), s.chunk(slot));
      any_builder fresh = must(d.f.build(d.chunk(slot).at(), d.chunk(slot).size()));
      must(fresh.write(d.chunk(slot).view()));
      d.set_builder(to, std::move(fresh));
    } else {
      d.set_builder(to, std::move(b).value());
    }
    d.chunks[slot].reset();
  }
  void show(std::ostream& out) const override { out << "take #" << slot << " -> b" << to; }
};

struct on_builder : command {
  std::size_t slot;
  explicit on_builder(const state& s) : slot(draw_used(s.builders, "builder")) {}
  void checkPreconditions(const state& s) const override { RC_PRE(s.has_builder(slot)); }
};

struct write_one : on_builder {
  explicit write_one(const state& s) : on_builder(s) {}
  byte_string bytes = random_bytes(draw_small_size("size"), draw_number("payload seed", 0, 999));
  bool through_space = draw_bool("through space()");
  void checkPreconditions(const state& s) const override {
    RC_PRE((s.has_builder(slot) && kOffsetMax - s.builder(slot).end() >= bytes.size()));
  }
  void apply(state& s) const override {
    model_chunk m = s.builder(slot);
    m.bytes.insert(m.bytes.end(), bytes.begin(), bytes.end());
    s.set_builder(slot, std::move(m));
  }
  void act(const state&, design_state& d) const override {
    any_builder& b = *d.builders[slot];
    if (!through_space || b.space().size() < bytes.size()) return must(b.write(bytes));
    std::copy(bytes.begin(), bytes.end(), b.space().begin());
    must(b.wrote(bytes.size()));
  }
  void show(std::ostream& out) const override {
    out << "write " << bytes.size() << " bytes to b" << slot << (through_space ? " through space()" : "");
  }
};

struct seal_one : on_builder {
  explicit seal_one(const state& s) : on_builder(s) {}
  std::size_t to = draw_slot();
  void apply(state& s) const override {
    s.chunks[to] = s.builders[slot];
    s.builders[slot].reset();
  }
  void act(const state&, design_state& d) const override {
    d.set(to, must(d.f.seal(std::move(*d.builders[slot]))));
    d.builders[slot].reset();
  }
  void show(std::ostream& out) const override { out << "seal b" << slot << " -> #" << to; }
};

void population_is_the_oracles(facade_maker make) {
  const auto f = design_of<facade>(make);
  population_of_design sut{*f};
  rc::state::check(
      population_model{}, sut,
      rc::state::gen::execOneOfWithArgs<make_one, make_one, share_one, clone_one, slice_one, slice_one, split_one,
                                        split_one, shorten_one, append_one, append_one, compact_one, drop_one, move_one,
                                        build_one, take_one, take_one, write_one, write_one, seal_one>());
}

}  // namespace

law_list population() {
  return {law_of<population_is_the_oracles>("after any sequence of operations every chunk is what the oracle says",
                                            {.cost = 2})};
}

}  // namespace copycost::chunk::properties
