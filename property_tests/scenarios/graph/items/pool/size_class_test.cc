// SPDX-License-Identifier: Apache-2.0
// Goal: a class is never smaller than what was asked for, and not much larger. Method: every size.
#include "scenarios/graph/items/pool/size_class.h"

#include "property_tests/catch.h"

namespace copycost::graph {
namespace {

TEST_CASE("pool: classes grow, and each is the class of its own size") {
  for (unsigned of = 0; of < kSizeClasses; ++of) {
    CHECK(class_for(class_size(of)) == of);
    if (of > 0) CHECK(class_size(of) > class_size(of - 1));
    CHECK(class_size(of) % 8 == 0);
  }
}

TEST_CASE("pool: every size has the smallest class that holds it, an eighth larger at most") {
  std::size_t wrong = 0;
  for (std::size_t size = 0; size <= kPooledMax; ++size) {
    const unsigned of = class_for(size);
    const bool holds = of < kSizeClasses && class_size(of) >= size && (of == 0 || class_size(of - 1) < size);
    const bool is_near = size < kPooledMin || class_size(of) - size <= size / 8;
    if (!holds || !is_near) ++wrong;
  }
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace copycost::graph
