// SPDX-License-Identifier: Apache-2.0
//
// Laws of making items: in each way, of each part of an item, and what is refused; and of names.
#include <limits>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

void items_are_what_they_were_made_of(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  any_maker m(x);
  const model_item model = draw_item("item");
  const any_item item = draw_made(x, m, model, "way");
  check_equals(x, item, model);
  const std::uint64_t most = model.bytes.size() + model.headers.size() * sizeof(header);
  if (!f->is_zero_copy()) RC_ASSERT(item.held_bytes() <= most + 37 + 20);
}

void a_part_is_that_part_under_other_metadata(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  any_maker m(x);
  model_item model = draw_item("item");
  any_item item = draw_made(x, m, model, "way");
  for (std::uint64_t depth = draw_number("depth", 1, 3); depth > 0; --depth) {
    const model_item other = draw_metadata("other");
    const numbered of(x, other);
    const std::size_t pos = draw_wild_position("position", model.bytes.size()),
                      len = draw_wild_position("length", model.bytes.size());
    auto part = m.part(item, pos, len, of.meta());
    if (!agree(part, inside(pos, len, model.bytes.size()))) {
      check_equals(x, item, model);
      continue;
    }
    check_equals(x, item, model);
    model = model.part(pos, len, other);
    item = std::move(part).value();  // what it is a part of goes
    check_equals(x, item, model);
  }
}

void what_is_refused_changes_nothing(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  any_maker m(x);
  const model_item model = draw_item("item");
  const any_item item = draw_made(x, m, model, "way");
  const std::vector<header> many(kHeadersMax + 1);
  const metadata too_many{0, 0, many};
  const error expected{errc::too_many_headers, 0, kHeadersMax, kHeadersMax + 1};
  RC_ASSERT(m.copy(too_many, {}).error() == expected);
  RC_ASSERT(m.build(too_many, 1).error() == expected);
  RC_ASSERT(m.part(item, 0, item.size(), too_many).error() == expected);
  RC_ASSERT(m.build({}, kItemMax + 1).error() == (error{errc::too_large, 0, kItemMax, kItemMax + 1}));
  auto kept = foreign_bytes::from_vector(byte_string(model.bytes));
  RC_ASSERT(m.adopt(too_many, std::move(kept)).error() == expected);
  RC_ASSERT(same_bytes(kept.bytes(), model.bytes));
  check_equals(x, item, model);
  check_equals(x, draw_made(x, m, model, "way after"), model);
}

void the_same_name_has_the_same_number(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  std::vector<std::pair<std::string, name_id>> all;
  for (std::uint64_t n = draw_number("names", 1, 40); n > 0; --n) {
    const std::string name = "name " + std::to_string(draw_number("name", 0, 30));
    const name_id id = must(x.intern(name));
    RC_ASSERT(x.name(id) == name);
    for (const auto& [other, other_id] : all) RC_ASSERT((other == name) == (other_id == id));
    all.emplace_back(name, id);
  }
  RC_ASSERT(must(x.intern("")) == 0u);
  RC_ASSERT(x.name(std::numeric_limits<name_id>::max()).empty());
}

}  // namespace

law_list making() {
  return {
      law_of<items_are_what_they_were_made_of>("an item has the payload and the metadata that it was made with",
                                               {.draws = kItemClasses}),
      law_of<a_part_is_that_part_under_other_metadata>(
          "a part of an item, or of a part, is those bytes under the metadata given, or is refused",
          {.draws = kItemClasses}),
      law_of<what_is_refused_changes_nothing>("items that are too large or have too many headers are refused, and all "
                                              "stays as it was",
                                              {.draws = kItemClasses}),
      law_of<the_same_name_has_the_same_number>("the same name has the same number, another name another one"),
  };
}

}  // namespace copycost::graph::properties
