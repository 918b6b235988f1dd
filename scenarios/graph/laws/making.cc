// SPDX-License-Identifier: Apache-2.0
//
// Laws of making items: whatever way an item is made, it has the payload and the metadata that it was made with.
#include "scenarios/common/laws/draw.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/any_facade.h"

namespace copycost::graph::properties {
namespace {

void an_item_is_what_it_was_made_of(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  any_maker m(x);
  rng random = draw_rng("payload");
  const byte_string bytes = random_bytes(static_cast<std::size_t>(draw_number("size", 0, 5000)), random);
  const auto item = m.copy({}, bytes);
  RC_ASSERT(item.ok());
  RC_ASSERT(same_bytes(item.value().bytes(), bytes));
}

}  // namespace

law_list making() {
  return {law_of<an_item_is_what_it_was_made_of>("an item has the payload and the metadata that it was made with")};
}

}  // namespace copycost::graph::properties
