// SPDX-License-Identifier: Apache-2.0
//
// Laws about appending: numbers, ids, batches, what is expected, and what is refused.
#include <algorithm>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/laws/twin.h"

namespace copycost::event_store::properties {
namespace {

void appended_is_read(facade_maker make) {
  const store_options o = draw_options();
  twin t(make, o);
  rng random = draw_rng("content");
  const style looks{.record_max = o.event_bytes_max};
  for (std::uint64_t n = draw_number("batches", 1, 12); n > 0; --n) {
    RC_ASSERT(t.append(random_batch(random, random_batch_size(random), looks)));
    t.check();  // with a reader that was there before
    any_reader fresh = must(t.store().reader());
    check_same(fresh.read(kStart), t.model().snapshot().events);
  }
}

// Records that fill a segment exactly, leave 8 bytes, or are 8 bytes too long for what is left.
void segments_are_crossed(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("sizes");
  const std::size_t unit = std::size_t{64} << draw_number("unit", 0, 4);
  for (std::uint64_t n = draw_number("batches", 1, 10); n > 0; --n) {
    std::vector<owned_draft> batch(random.below(2) == 0 ? 1 : 1 + random.below(10));
    for (owned_draft& d : batch) {
      d.what = kind::claimed;
      d.entity = "e" + std::to_string(random.below(3));
      const std::size_t size = std::min<std::size_t>(unit + 8 * random.below(3) - 8 * random.below(2), 1024);
      d.payload = random_bytes(size - std::min(size, d.record_bytes()), random);
    }
    RC_ASSERT(t.append(batch));
    t.check();
  }
}

void batch_is_all_or_nothing(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  RC_ASSERT(t.append(random_batch(random, draw_number("before", 1, 5))));
  for (std::uint64_t n = draw_number("refused", 1, 4); n > 0; --n) {
    auto batch = random_batch(random, draw_number("batch", 1, 12));
    owned_draft& bad = batch[draw_number("bad one", 0, batch.size() - 1)];
    switch (draw_number("why", 0, 5)) {
      case 0:
        bad.payload.resize(2000);
        break;
      case 1:
        bad.related = std::string(kNameMax + 1, 'r');
        break;
      case 2:
        bad.what = kind::claimed;
        bad.entity.clear();
        break;
      case 3:
        bad.what = kind::other;
        bad.kind_name.clear();
        break;
      case 4:
        bad.what = kind::failed;
        bad.kind_name = "named";
        break;
      default:
        batch.clear();
    }
    RC_ASSERT_FALSE(t.append(batch));
    t.check();
    RC_ASSERT(t.append(random_batch(random, 2)));  // with the ids that follow
    t.check();
  }
}

void names_and_sizes_have_limits(facade_maker make) {
  store_options o = small_options();
  o.segment_bytes = 32768;
  o.event_bytes_max = 8192;
  twin t(make, o);
  owned_draft d;
  d.what = draw_bool("other") ? kind::other : kind::worker_unhealthy;
  const auto name = [](const char* which) {
    constexpr std::size_t kLengths[] = {0, 1, 7, 8, kNameMax - 1, kNameMax, kNameMax + 1, 70'000};
    return std::string(kLengths[draw_number(which, 0, std::size(kLengths) - 1)], 'n');
  };
  if (draw_bool("kind name is drawn"))
    d.kind_name = name("kind name");
  else if (d.what == kind::other)
    d.kind_name = "k";
  d.entity = name("entity");
  d.related = name("related");
  d.source = name("source");
  const std::size_t base = d.record_bytes();
  if (base <= o.event_bytes_max) d.payload.resize(o.event_bytes_max - base + draw_number("too many", 0, 1));
  t.append({d});
  t.check();
  d.payload.clear();
  t.append({d});
  t.append_in_place(d);
  t.check();
}

void ids_rise_whatever_the_clock_does(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  std::uint64_t now = draw_bool("at the beginning of time") ? 0 : clock_ms();
  set_clock(now);
  const style small{.small = true};
  for (std::uint64_t n = draw_number("batches", 1, 15); n > 0; --n) {
    RC_ASSERT(t.append(random_batch(random, random_batch_size(random), small)));
    constexpr std::uint64_t kSteps[] = {0, 0, 1, 1000, 1'000'000};
    const std::uint64_t step = kSteps[random.below(std::size(kSteps))];
    now = random.below(2) == 0 ? now + step : now - std::min(now, step);
    set_clock(now);
  }
  t.check();
  ulid before{};
  must(t.reader().read(kStart)).for_each([&](const event_view& e) {
    RC_ASSERT((e.seq() == t.range().first || before < e.id()));
    before = e.id();
  });
}

void expected_sequence_guards(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("appends", 1, 8); n > 0; --n) {
    const auto batch = random_batch(random, random_batch_size(random));
    const sequence expected = draw_bool("right") ? t.range().last() : draw_checkpoint("expected", t.range());
    if (t.append(batch, expected)) {
      RC_ASSERT_FALSE(t.append(batch, expected));  // a retry
      if (draw_bool("retry in place")) RC_ASSERT_FALSE(t.append_in_place(batch.front(), expected));
    }
    t.check();
  }
}

// After everything is gone the last number is still known.
void expected_sequence_outlives_the_events(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  RC_ASSERT(t.append(random_batch(random, draw_number("events", 1, 30)), t.range().last()));
  RC_ASSERT(t.truncate(t.range().end));
  RC_ASSERT_FALSE(t.append(random_batch(random, 1), kStart));
  RC_ASSERT(t.append(random_batch(random, 1), t.range().last()));
  t.check();
}

void written_in_place_is_the_same(facade_maker make) {
  const store_options o = draw_options();
  twin t(make, o);
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("events", 1, 20); n > 0; --n) {
    const owned_draft d = random_draft(random, {.record_max = o.event_bytes_max});
    switch (random.below(4)) {
      case 0:
        t.append({d});
        break;
      case 1:
        t.append_in_place(d, t.range().last() - random.below(2));
        break;
      default:
        t.append_in_place(d);
    }
    if (random.below(6) == 0) {
      owned_draft large = d;
      large.payload.resize(o.event_bytes_max);
      RC_ASSERT_FALSE(t.append_in_place(large));
    }
    t.check();
  }
}

// What an append borrowed may be overwritten and freed when it returns.
void drafts_are_borrowed(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("batches", 1, 5); n > 0; --n) {
    auto batch = random_batch(random, random_batch_size(random));
    RC_ASSERT(t.append(batch));
    for (owned_draft& d : batch) {
      std::ranges::fill(d.payload, std::byte{0xDD});
      for (std::string* name : {&d.kind_name, &d.entity, &d.related, &d.source}) std::ranges::fill(*name, '?');
    }
    t.check();
  }
}

}  // namespace

law_list appending() {
  return {
      law_of<appended_is_read>("what was appended is read at once, field by field and in order, by old readers and new",
                               {.cost = 2}),
      law_of<segments_are_crossed>("records that end at, in front of or behind a segment's border lose nothing",
                                   {.cost = 2}),
      law_of<batch_is_all_or_nothing>("one bad draft refuses its whole batch, and nothing has changed, ids included",
                                      {.cost = 2}),
      law_of<names_and_sizes_have_limits>(
          "names of up to 1024 bytes and records of up to event_bytes_max, not one more", {.cost = 2}),
      law_of<ids_rise_whatever_the_clock_does>(
          "ids rise within a millisecond and when the clock goes back, by the one rule", {.cost = 2}),
      law_of<expected_sequence_guards>(
          "an append that expects another last sequence changes nothing, so a retry cannot repeat", {.cost = 2}),
      law_of<expected_sequence_outlives_the_events>("the last sequence is known when all events are truncated",
                                                    {.cost = 2}),
      law_of<written_in_place_is_the_same>("an event whose payload is written in place is as one that was copied",
                                           {.cost = 2}),
      law_of<drafts_are_borrowed>("nothing of a draft is used after its append", {.cost = 2}),
  };
}

}  // namespace copycost::event_store::properties
