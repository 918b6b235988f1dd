// SPDX-License-Identifier: Apache-2.0
//
// Laws about long lives and large crowds: in one context the 20,000th time is as the first, and thousands of items of
// many batches are alive at once.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

constexpr std::uint64_t kOften = 20'500;
constexpr std::string_view kTimes[] = {"each operation 20,500 times"};

// `right(pos, len)` of a part of `size` bytes that is another one each time, ends and nothing among them.
template <class Right>
void often(ground& g, const char* what, std::size_t size, Right&& right) {
  for (std::uint64_t i = 1; i <= kOften; ++i) {
    const std::size_t pos = i % (size + 1), len = i * 7 % (size - pos + 1);
    if (!right(pos, len)) RC_FAIL(fmt::format("{}: wrong the {}. time, [{}, {})", what, i, pos, pos + len));
    if (i % 1000 == 0) g.m.end_batch();
  }
}

struct long_life {
  ground& g;
  const model_item& m;
  numbered_meta meta = numbered(g.x, m.meta);
  any_item one = must(g.m.copy(meta.is, m.bytes));

  bytes_view bytes(std::size_t pos, std::size_t len) const { return bytes_view(m.bytes).subspan(pos, len); }
  bool is(const any_item& seen, bytes_view expected) const {
    const metadata is = seen.meta();
    return same_bytes(seen.bytes(), expected) && is.key == m.meta.key && is.source == meta.is.source &&
           std::ranges::equal(is.headers, meta.headers);
  }
  bool fits(const result<any_item>& made, std::size_t pos, std::size_t len) const {
    return made.ok() && is(made.value(), bytes(pos, len));
  }

  void new_items() {
    const std::size_t size = m.bytes.size();
    often(g, "copy", size,
          [&](std::size_t pos, std::size_t len) { return fits(g.m.copy(meta.is, bytes(pos, len)), pos, len); });
    often(g, "adopt", size, [&](std::size_t pos, std::size_t len) {
      const bytes_view b = bytes(pos, len);
      return fits(g.m.adopt(meta.is, foreign_bytes::from_vector({b.begin(), b.end()})), pos, len);
    });
    often(g, "build and seal", size, [&](std::size_t pos, std::size_t len) {
      auto draft = g.m.build(meta.is, size);
      if (!draft.ok()) return false;
      std::ranges::copy(bytes(pos, len), draft->bytes().begin());
      return fits(g.m.seal(std::move(draft).value(), len), pos, len);
    });
  }
  void shared_items() {
    const std::size_t size = m.bytes.size();
    const std::uint64_t owners = one.use_count();
    often(g, "share", size, [&](std::size_t, std::size_t) { return is(one.share(), m.bytes); });
    often(g, "part", size,
          [&](std::size_t pos, std::size_t len) { return fits(g.m.part(one, pos, len, meta.is), pos, len); });
    often(g, "fan out", size, [&](std::size_t pos, std::size_t) {
      std::array<any_item, 4> to;
      const std::span<any_item> some = std::span(to).first(1 + pos % 4);
      const bool made = any_design::fan_out(one.share(), some).ok() && is(some.back(), m.bytes);
      any_design::drop(to);
      return made;
    });
    often(g, "make_unique", size, [&](std::size_t pos, std::size_t) {
      any_item own = one.share();
      const auto room = g.m.make_unique(own);
      if (!room.ok()) return false;
      std::ranges::fill(room.value(), static_cast<std::byte>(pos));
      return is(one, m.bytes);
    });
    RC_ASSERT(one.use_count() == owners);
  }
};

void the_20000th_time_is_as_the_first(facade_maker make) {
  ground g(make);
  model_item m = draw_small_item("item");
  if (m.meta.headers.size() > 20) m.meta.headers.resize(20);
  drawn(kTimes[0]);
  long_life life{g, m};
  life.new_items();
  life.shared_items();
  check_equals(g.x, life.one, m);
}

constexpr std::string_view kCrowdClasses[] = {"a thousand items at once",    "batches of one item",
                                              "batches of many items",       "the oldest items go first",
                                              "the youngest items go first", "items go in any order"};

// Items of several makers and many batches, some of them relatives; the eldest lie first.
struct crowd {
  crowd(ground& on, rng& r, std::uint64_t batch) : g(on), random(r), batch_items(batch) {
    for (int i = 0; i < 3; ++i) makers.emplace_back(g.x);
  }
  void add() {
    any_maker& m = makers[random.below(makers.size())];
    if (random.below(batch_items) == 0) m.end_batch();
    const std::uint64_t what = items.empty() ? 0 : random.below(8);
    const std::size_t of = items.empty() ? 0 : random.below(items.size());
    if (what == 1) {
      items.push_back(items[of].share());
      models.push_back(models[of]);
    } else if (what == 2) {
      const std::size_t pos = random.below(models[of].bytes.size() + 1), len = models[of].bytes.size() - pos;
      items.push_back(must(m.part(items[of], pos, len, items[of].meta())));
      models.push_back(must(oracle::part(models[of], pos, len, models[of].meta)));
    } else {
      const std::size_t most = random.below(20) == 0 ? 9000 : 90;
      model_item is{{"crowd", random.next(), {}}, random_bytes(random.below(most), random)};
      if (what == 3) is.meta.headers.assign(random.below(4), {"trace", "text/plain"});
      items.push_back(must(m.copy(numbered(g.x, is.meta).is, is.bytes)));
      models.push_back(std::move(is));
    }
  }
  void drop(std::uint64_t order) {
    const std::size_t n = 1 + random.below(std::min<std::size_t>(items.size(), 20));
    const std::size_t last = items.size() - n;
    const std::size_t from = order == 0 ? 0 : order == 1 ? last : random.below(last + 1);
    any_design::drop(std::span(items).subspan(from, n));
    const auto first = static_cast<std::ptrdiff_t>(from), end = static_cast<std::ptrdiff_t>(from + n);
    items.erase(items.begin() + first, items.begin() + end);
    models.erase(models.begin() + first, models.begin() + end);
  }
  void check() const {
    for (std::size_t i = 0; i < items.size(); ++i) no_difference(difference(g.x, items[i], models[i]));
  }
  ground& g;
  rng& random;
  std::uint64_t batch_items;
  std::vector<any_maker> makers;
  std::vector<any_item> items;
  std::vector<model_item> models;
};

void a_crowd_of_many_batches_is_the_oracles(facade_maker make) {
  ground g(make);
  rng random = draw_rng("crowd");
  const std::uint64_t most = draw_number("items", 1, 2'500), batch = draw_one_of("items of a batch", {1, 7, 300});
  const std::uint64_t order = draw_number("order of dropping", 0, 2);
  drawn("a thousand items at once", most >= 1'000);
  drawn("batches of one item", batch == 1);
  drawn("batches of many items", batch == 300);
  drawn("the oldest items go first", order == 0);
  drawn("the youngest items go first", order == 1);
  drawn("items go in any order", order == 2);
  crowd all(g, random, batch);
  while (all.items.size() < most) {
    all.add();
    if (random.below(40) == 0) all.drop(order);
  }
  all.check();
  for (std::uint64_t i = 0; !all.items.empty(); ++i) {
    if (random.below(3) == 0) all.add();
    all.drop(order);
    if (i % 64 == 0) all.check();
    if (i == 100) all.makers.clear();
    if (all.makers.empty()) all.makers.emplace_back(g.x);
  }
}

}  // namespace

law_list lasting() {
  return {
      law_of<the_20000th_time_is_as_the_first>("each operation is right the 20,000th time in one context as well",
                                               {.cost = 100, .draws = kTimes}),
      law_of<a_crowd_of_many_batches_is_the_oracles>(
          "thousands of items of many batches and makers are alive at once and go in any order",
          {.cost = 5, .draws = kCrowdClasses}),
  };
}

}  // namespace copycost::graph::properties
