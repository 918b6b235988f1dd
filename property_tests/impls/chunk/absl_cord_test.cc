// SPDX-License-Identifier: Apache-2.0
// Goal: what the peer allocates does not depend on chance. Method: the library's own question whether to sample.
#include <absl/strings/internal/cordz_functions.h>

#include "impls/chunk/absl_cord/design.h"
#include "property_tests/catch.h"

namespace copycost::chunk {
namespace {

TEST_CASE("regression: a Cord in many thousands was followed by the library, which allocates") {
  const absl_cord_design::context x;
  CHECK(absl::cord_internal::get_cordz_mean_interval() <= 0);
  int sampled = 0;
  for (int i = 0; i < 1'000'000; ++i) sampled += absl::cord_internal::cordz_should_profile() ? 1 : 0;
  CHECK(sampled == 0);
}

}  // namespace
}  // namespace copycost::chunk
