// SPDX-License-Identifier: Apache-2.0
//
// Laws about lifetimes: who outlives whom, when foreign memory is given back, what moving leaves behind, regions.
#include <algorithm>
#include <memory>

#include "harness/base/rng.h"
#include "harness/judge/run_laws.h"
#include "scenarios/chunk/laws/draw.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/common/laws/watched_memory.h"

namespace copycost::chunk::properties {
namespace {

using family = std::vector<std::pair<std::unique_ptr<any_chunk>, model_chunk>>;

// One more relative: a share, a slice, half of a split or a rebound part of one that is there.
void draw_relative(facade& f, family& all) {
  const auto& [parent, m] = all[draw_position("parent", all.size() - 1)];
  const std::size_t pos = draw_position("pos", m.size()), len = draw_position("len", m.size() - pos);
  model_chunk child = oracle::slice(m, pos, len).value();
  const auto add = [&](any_chunk c) { all.emplace_back(std::make_unique<any_chunk>(std::move(c)), std::move(child)); };
  switch (draw_number("relation", 0, 3)) {
    case 0:
      child = m;
      return add(parent->share());
    case 1:
      return add(must(parent->slice(pos, len)));
    case 2:
      child = oracle::split_at(m, pos).value().second;
      return add(must(f.split_at(*parent, pos)).second);
    default:
      child = oracle::rebind(m, pos, len, "another stream", 40).value();
      return add(must(f.rebind(*parent, pos, len, place_of(f, child))));
  }
}

// Drops the relatives in a drawn order and looks at all that are left each time.
void drop_in_any_order(facade& f, family& all) {
  rng order(draw_number("order", 0, 999));
  order.shuffle(all);
  while (!all.empty()) {
    for (const auto& [c, m] : all) check_equals(f, *c, m);
    all.pop_back();
  }
}

void relatives_outlive_each_other(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  family all;
  all.emplace_back(std::make_unique<any_chunk>(draw_made(*f, m, "way")), m);
  for (std::uint64_t n = draw_number("relatives", 1, 8); n > 0; --n) draw_relative(*f, all);
  drop_in_any_order(*f, all);
}

void foreign_memory_is_released_once(facade_maker make) {
  watched_memory memory;
  {
    const auto f = design_of<facade>(make);
    model_chunk m = draw_chunk("chunk");
    memory.bytes = m.bytes;
    family all;
    all.emplace_back(std::make_unique<any_chunk>(must(f->adopt(place_of(*f, m), memory.lend()))), m);
    RC_ASSERT(memory.released <= 1);
    for (std::uint64_t n = draw_number("relatives", 0, 5); n > 0; --n) draw_relative(*f, all);
    drop_in_any_order(*f, all);  // what was given back too early is overwritten, and does not equal the oracle's
    if (f->has_regions())
      RC_ASSERT(memory.released <= 1);
    else
      RC_ASSERT(memory.released == 1);
  }
  RC_ASSERT(memory.released == 1);
}

void lent_memory_is_never_written(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  byte_string lent = m.bytes;
  family all;
  all.emplace_back(std::make_unique<any_chunk>(must(f->adopt(place_of(*f, m), foreign_bytes::lent(lent)))), m);
  for (std::uint64_t n = draw_number("relatives", 0, 3); n > 0; --n) draw_relative(*f, all);
  any_chunk copy = must(f->clone(*all.back().first));
  must(f->compact(*all.back().first));
  must(f->append(copy, must(f->copy({copy.at().stream, f->end_offset(copy)}, {}))));
  drop_in_any_order(*f, all);
  RC_ASSERT(same_bytes(lent, m.bytes));
}

void moved_from_chunk_is_reusable(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk"), n = draw_small_chunk("other");
  any_chunk a = draw_made(*f, m, "way"), b = draw_made(*f, n, "other way");
  any_chunk c(std::move(a));
  check_equals(*f, c, m);
  a = std::move(b);
  check_equals(*f, a, n);
  b = c.share();
  check_equals(*f, b, m);
  using std::swap;
  swap(a, c);
  check_equals(*f, a, m);
  check_equals(*f, c, n);
}

void chunk_survives_assignment_to_itself(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  any_chunk c = draw_made(*f, m, "way");
  const std::uint64_t owners = c.use_count();
  any_chunk& itself = c;
  c = std::move(itself);
  check_equals(*f, c, m);
  RC_ASSERT(c.use_count() == owners);
}

// Uses everything that changes a chunk on relatives of one that must not change.
void bytes_never_change(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  const any_chunk c = draw_made(*f, m, "way");
  const std::byte* data = c.view().data();
  for (std::uint64_t n = draw_number("operations", 1, 6); n > 0; --n) {
    any_chunk r = draw_bool("share") ? c.share() : must(c.slice(0, draw_position("len", m.size())));
    const std::size_t size = r.size();
    switch (draw_number("operation", 0, 4)) {
      case 0:
        must(r.advance(draw_position("n", size)));
        break;
      case 1:
        must(r.truncate(draw_position("n", size)));
        break;
      case 2:
        must(f->compact(r));
        break;
      case 3: {
        const byte_string more(std::min<std::uint64_t>(9, kOffsetMax - f->end_offset(r)), std::byte{0x5A});
        must(f->append(r, must(f->copy({r.at().stream, f->end_offset(r)}, more))));
        break;
      }
      default:
        if (auto b = f->take(std::move(r)); b.ok()) std::ranges::fill(b->space(), std::byte{0xA5});
    }
    check_equals(*f, c, m);
    RC_ASSERT(same_address(c.view().data(), data));
  }
}

void region_starts_anew(facade_maker make) {
  const auto f = design_of<facade>(make);
  if (!f->has_regions()) throw not_offered{"regions"};
  watched_memory memory;
  for (std::uint64_t rounds = draw_number("rounds", 1, 3); rounds > 0; --rounds) {
    const model_chunk m = draw_chunk("chunk"), n = draw_small_chunk("other");
    memory.bytes = m.bytes;
    memory.released = 0;
    any_chunk early = must(f->adopt(place_of(*f, m), memory.lend())), late = draw_made(*f, n, "way");
    check_equals(*f, early, m);
    check_equals(*f, late, n);
    RC_ASSERT(memory.released <= 1);
    { [[maybe_unused]] const any_chunk gone = std::move(early); }
    f->reset();
    RC_ASSERT(memory.released == 1);
    late = draw_made(*f, m, "way after");  // a chunk of the old region may still be dropped
    check_equals(*f, late, m);
  }
}

}  // namespace

law_list living() {
  return {
      law_of<relatives_outlive_each_other>(
          "a share, slice or rebound part stays whole in whatever order its relatives are dropped"),
      law_of<foreign_memory_is_released_once>(
          "adopted memory is given back once: not before its last owner is gone, and not later than the region"),
      law_of<lent_memory_is_never_written>("no operation on a chunk writes into memory that was lent to it"),
      law_of<moved_from_chunk_is_reusable>("a chunk that was moved from may be assigned to, and swapped"),
      law_of<chunk_survives_assignment_to_itself>("moving a chunk onto itself changes nothing"),
      law_of<bytes_never_change>("whatever is done to its relatives, a chunk keeps its bytes where they are"),
      law_of<region_starts_anew>("reset() gives foreign memory back and leaves a region that can be used again"),
  };
}

}  // namespace copycost::chunk::properties
