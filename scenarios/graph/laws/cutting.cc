// SPDX-License-Identifier: Apache-2.0
//
// Laws of parts: a part is its range of the payload under metadata of its own, a part of a part too, and each lives
// without the item that it was cut from.
#include <algorithm>

#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

constexpr std::string_view kPartClasses[] = {"a part of nothing",
                                             "a part of everything",
                                             "a position behind the end",
                                             "a length behind the end",
                                             "a length that does not fit into 64 bits with its position",
                                             "a part without headers",
                                             "a part with other headers",
                                             "a part with the headers of the item",
                                             "a part with equal headers from elsewhere",
                                             "a part with the first headers of the item",
                                             "a part with the last headers of the item"};

// What a part says of itself, and the same in the context's numbers: headers of its own, or those in the item.
struct part_meta {
  std::uint64_t from = 0;  // where the headers are from
  model_meta model;
  numbered_meta own;  // keeps what `is` refers to, unless that is the item
  metadata is;
};

part_meta draw_part_meta(ground& g, const any_item& of, const model_item& m) {
  part_meta p;
  p.model = draw_meta("part");
  const auto& all = m.meta.headers;
  const std::size_t half = all.size() / 2;
  const std::uint64_t from = p.from = draw_number("headers", 0, 5);
  if (from == 0) p.model.headers.clear();
  if (from == 2 || from == 3) p.model.headers = all;
  if (from == 4) p.model.headers.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(half));
  if (from == 5) p.model.headers.assign(all.begin() + static_cast<std::ptrdiff_t>(half), all.end());
  p.own = numbered(g.x, p.model);
  p.is = p.own.is;
  const std::span<const header> headers = of.meta().headers;
  if (from == 2) p.is.headers = headers;
  if (from == 4) p.is.headers = headers.first(half);
  if (from == 5) p.is.headers = headers.subspan(half);
  return p;
}

void classify(const part_meta& p) {
  const bool some = !p.model.headers.empty();
  drawn("a part without headers", !some);
  drawn("a part with other headers", some && p.from == 1);
  drawn("a part with the headers of the item", some && p.from == 2);
  drawn("a part with equal headers from elsewhere", some && p.from == 3);
  drawn("a part with the first headers of the item", some && p.from == 4);
  drawn("a part with the last headers of the item", some && p.from == 5);
}

void classify_range(std::size_t pos, std::size_t len, std::size_t size) {
  drawn("a part of nothing", pos <= size && len == 0);
  drawn("a part of everything", pos == 0 && len == size && size > 0);
  drawn("a position behind the end", pos > size);
  drawn("a length behind the end", pos <= size && len > size - pos);
  drawn("a length that does not fit into 64 bits with its position", len > ~std::uint64_t{0} - pos);
}

void a_part_is_a_range_of_the_payload(facade_maker make) {
  ground g(make);
  const model_item m = draw_item("item");
  any_item one = draw_made(g, m, "way");
  const part_meta meta = draw_part_meta(g, one, m);
  classify(meta);
  const std::size_t pos = draw_wild_position("pos", m.bytes.size());
  const std::size_t len = draw_wild_position("len", m.bytes.size() - std::min(pos, m.bytes.size()));
  classify_range(pos, len, m.bytes.size());
  if (draw_bool("in another batch")) g.m.end_batch();
  any_maker other(g.x);
  const result<any_item> part = (draw_bool("by another maker") ? other : g.m).part(one, pos, len, meta.is);
  const result<model_item> expected = oracle::part(m, pos, len, meta.model);
  if (agree(part, expected)) check_equals(g.x, part.value(), expected.value());
  check_equals(g.x, one, m);
  one = any_item();
  if (part) check_equals(g.x, part.value(), expected.value());
}

// Items that were cut from each other, the first one from none.
void parts_of_parts_are_parts(facade_maker make) {
  ground g(make);
  std::vector<model_item> models{draw_item("item")};
  std::vector<any_item> items;
  items.push_back(draw_made(g, models.front(), "way"));
  for (std::uint64_t n = draw_number("parts", 1, 8); n > 0; --n) {
    const std::size_t of = draw_position("of", items.size() - 1), size = models[of].bytes.size();
    const std::size_t pos = draw_position("pos", size), len = draw_position("len", size - pos);
    const part_meta meta = draw_part_meta(g, items[of], models[of]);
    items.push_back(must(g.m.part(items[of], pos, len, meta.is)));
    models.push_back(must(oracle::part(models[of], pos, len, meta.model)));
    if (draw_number("end the batch", 0, 3) == 0) g.m.end_batch();
    if (draw_number("write", 0, 3) == 0) {  // into one of them: no other one has these bytes afterwards
      const std::size_t to = draw_position("to", items.size() - 1);
      const byte_string bytes = seeded_bytes(models[to].bytes.size(), n);
      std::ranges::copy(bytes, must(g.m.make_unique(items[to])).begin());
      models[to].bytes = bytes;
    }
    for (std::size_t i = 0; i < items.size(); ++i) check_equals(g.x, items[i], models[i]);
  }
  while (!items.empty()) {
    const auto gone = static_cast<std::ptrdiff_t>(draw_position("gone", items.size() - 1));
    items.erase(items.begin() + gone);
    models.erase(models.begin() + gone);
    for (std::size_t i = 0; i < items.size(); ++i) check_equals(g.x, items[i], models[i]);
  }
}

}  // namespace

law_list cutting() {
  return {
      law_of<a_part_is_a_range_of_the_payload>(
          "a part is [pos, pos + len) under metadata of its own, and lives without the item; other ranges are refused",
          {.draws = kPartClasses}),
      law_of<parts_of_parts_are_parts>(
          "parts are cut from parts, written and dropped in any order, and each stays what the oracle says",
          {.cost = 2}),
  };
}

}  // namespace copycost::graph::properties
