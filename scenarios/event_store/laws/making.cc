// SPDX-License-Identifier: Apache-2.0
//
// Laws about opening a store: options that are refused, and what a new one looks like.
#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/laws/twin.h"

namespace copycost::event_store::properties {
namespace {

// Makes one option wrong and answers its number.
std::uint64_t spoil(store_options& o, std::uint64_t which) {
  const bool other_end = draw_bool("at the other end");
  switch (which) {
    case 0:
      o.first = other_end ? kStart : kStart - 1;
      return 1;
    case 1:
      o.segment_bytes = other_end ? 4096 - 8 : (std::size_t{1} << 30) + 4096;
      o.memory_bytes_max = kAll;
      return 2;
    case 2:
      o.segment_bytes = other_end ? 4097 : 6000;
      return 2;
    case 3:
      o.event_bytes_max = other_end ? o.segment_bytes / 4 + 1 : 55;
      return 3;
    case 4:
      o.memory_bytes_max = other_end ? 0 : 64 * o.segment_bytes - 1;
      return 4;
    case 5:
      o.now_ms = nullptr;
      return 6;
    case 6:
      o.interval_ms = 0;
      return 11;
    case 7:
      o.batch_events = 0;
      return 12;
    default:
      o.file_bytes = other_end ? 0 : 4095;
      return 13;
  }
}

void wrong_options_are_refused(facade_maker make) {
  const auto f = design_of<facade>(make);
  store_options o = draw_options();
  must(f->open(o));
  const std::uint64_t number = spoil(o, draw_number("which", 0, 8));
  const auto opened = f->open(o);
  RC_ASSERT_FALSE(opened.ok());
  RC_ASSERT((opened.error() == error{.code = errc::bad_options, .got = number}));
}

void extreme_options_are_accepted(facade_maker make) {
  store_options o = draw_options();
  if (draw_bool("smallest events")) o.event_bytes_max = kRecordHeader + 1;
  if (draw_bool("largest events")) o.event_bytes_max = o.segment_bytes / 4;
  if (draw_bool("smallest memory")) o.memory_bytes_max = 64 * o.segment_bytes;
  if (draw_bool("latest number")) o.first = kStart - 2;
  twin t(make, o);
  owned_draft d;
  d.what = kind::claimed;
  d.entity = "e";
  d.payload.resize(o.event_bytes_max - d.record_bytes());
  RC_ASSERT(t.append({d}));
  t.check();
  d.payload.push_back(std::byte{1});
  RC_ASSERT_FALSE(t.append({d}));
  t.check();
}

void new_store_is_empty(facade_maker make) {
  twin t(make, draw_options());
  t.check();
  const sequence first = t.range().first;
  check_same(t.reader().read(first - 1), model_list());
  RC_ASSERT((t.reader().snapshot().range() == bounds{first, first}));
  const sequence after = draw_checkpoint("after", t.range());
  check_same(t.reader().read(after), t.model().snapshot().read(after));
  check_same(t.reader().read_entity("a", after), t.model().snapshot().read_entity("a", after));
  t.truncate(draw_bool("at its end") ? first : draw_checkpoint("truncate", t.range()));
  const store_stats s = t.store().stats();
  RC_ASSERT(s.events == 0u);
  RC_ASSERT(s.bytes == 0u);
  RC_ASSERT(s.cut_bytes == 0u);
  RC_ASSERT(s.cut_before == kStart);
  must(t.store().sync());
  rng random = draw_rng("content");
  t.append(random_batch(random, 3));
  t.check();
}

void stores_are_independent(facade_maker make) {
  const store_options o = draw_options();
  twin one(make, o), other(make, o);
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("appends", 1, 6); n > 0; --n) {
    twin& t = random.below(2) == 0 ? one : other;
    t.append(random_batch(random, random_batch_size(random)));
    one.check();
    other.check();
  }
}

}  // namespace

law_list making() {
  return {
      law_of<wrong_options_are_refused>("an option that is out of its limits is refused with its number"),
      law_of<extreme_options_are_accepted>(
          "a store at the limits of its options takes the largest event, and none larger", {.cost = 2}),
      law_of<new_store_is_empty>(
          "a new store begins at its first number, holds nothing, and everything about nothing works", {.cost = 2}),
      law_of<stores_are_independent>("two stores of one design know nothing of each other", {.cost = 2}),
  };
}

}  // namespace copycost::event_store::properties
