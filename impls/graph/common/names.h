// SPDX-License-Identifier: Apache-2.0
//
// The context of designs whose items stay in the process: names, and nothing else.
//
// Lifetime: names live as long as the process.
// Threads: safe.
// Cost: that of impls/common/interner.h.
#pragma once
#include "impls/common/interner.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph {

class process_names {
 public:
  process_names() = default;
  process_names(const process_names&) = delete;
  process_names& operator=(const process_names&) = delete;

  // Errors: names_full.
  result<name_id> intern(std::string_view name) {
    const name_id id = process_interner().intern(name);
    if (id >= kNamesMax) return error{errc::names_full, 0, kNamesMax, 0};
    return id;
  }
  // VALID UNTIL: the process ends.
  std::string_view name(name_id id) const { return process_interner().name(id); }
};

}  // namespace copycost::graph
