// SPDX-License-Identifier: Apache-2.0
#include "harness/output/document.h"

#include "harness/base/input/input.h"

namespace copycost {

json machine_json(const env::machine_info& machine) {
  json out = json::object{};
  for (const auto& [name, value] : env::to_fields(machine)) out.set(name, value);
  return out;
}

json document(std::uint64_t seed, json::array rows, bool ok) {
  json out = json::of({{"schema", kSchema},
                       {"tool", "copycost"},
                       {"version", kVersion},
                       {"seed", seed},
                       {"machine", machine_json(env::inspect())},
                       {"rows", json(std::move(rows))},
                       {"ok", ok}});
  if (!current_inputs().all().empty()) out.set("inputs", current_inputs().record());
  return out;
}

}  // namespace copycost
