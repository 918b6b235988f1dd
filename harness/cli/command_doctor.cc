// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/commands.h"
#include "harness/env/env.h"
#include "harness/output/console.h"
#include "harness/output/document.h"

namespace copycost {

exit_code command_doctor(const options& o) {
  std::vector<json> rows;
  bool ok = true;
  for (const env::check& c : env::doctor()) {
    rows.push_back(json::of({{"check", c.name}, {"state", c.state}, {"effect", c.effect}, {"remedy", c.remedy}}));
    ok = ok && c.state != "bad";
  }
  print(o, document(o.seed, rows, ok), doctor_text(rows, output_columns()));
  return exit_code::ok;
}

}  // namespace copycost
