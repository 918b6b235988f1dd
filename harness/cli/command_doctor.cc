// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/cli/commands.h"
#include "harness/env/env.h"
#include "harness/output/console.h"
#include "harness/output/document.h"

namespace copycost {

exit_code command_doctor(const options& o) {
  const std::vector<env::check> rows = env::doctor();
  const bool ok = std::ranges::none_of(rows, [](const env::check& c) { return c.state == "bad"; });
  print(o, document(o.seed, json_rows(rows), ok), doctor_text(rows, output_columns()));
  return exit_code::ok;
}

}  // namespace copycost
