// SPDX-License-Identifier: Apache-2.0
// Goal: the progress line is one line, says what it knows and no more. Method: lines written out.
#include "harness/output/progress.h"

#include <unistd.h>

#include <algorithm>

#include "harness/output/terminal.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

TEST_CASE("progress: the line is never wider than the terminal, and keeps its end") {
  const run_progress p{"calibrating and comparing with the oracle", 0.05, 61.4};
  CHECK(progress_text(p, 120) == "[  5%] calibrating and comparing with the oracle  ETA 01:01");
  CHECK(progress_text(p, 40) == "[  5%] calibrating and compa  ETA 01:01");
  for (std::size_t columns = 1; columns < 80; ++columns)
    CHECK(progress_text(p, columns).size() < std::max<std::size_t>(columns, 2));
}

TEST_CASE("progress: what is left is not told before it is known") {
  CHECK(progress_text({"launch 1/8", 0.1, {}}, 80) == "[ 10%] launch 1/8");
}

TEST_CASE("progress: where there is no terminal nothing is redrawn, and tables have one width") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  CHECK_FALSE(can_redraw(ends[1]));
  CHECK(columns_for(ends[1]) == 120);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace copycost
