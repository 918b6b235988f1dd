// SPDX-License-Identifier: Apache-2.0
// Goal: the design copy says what it holds. Method: one item of each way.
#include "impls/graph/copy/design.h"
#include "property_tests/catch.h"

namespace copycost::graph {
namespace {

TEST_CASE("regression: an item that was sealed short holds all of its block") {
  process_names names;
  copy_maker m(names);
  auto draft = m.build({}, 1000);
  REQUIRE(draft.ok());
  auto item = m.seal(std::move(draft).value(), 10);
  REQUIRE(item.ok());
  CHECK(item->size() == 10);
  CHECK(item->held_bytes() == 1000);
  CHECK(item->share().held_bytes() == 10);
}

}  // namespace
}  // namespace copycost::graph
