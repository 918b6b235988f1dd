// SPDX-License-Identifier: Apache-2.0
//
// What the graph workloads have in common.
//
// Threads: safe; pure functions.
#pragma once
#include <cstdint>
#include <vector>

#include "harness/ledger/witness/pattern.h"
#include "scenarios/common/least.h"
#include "scenarios/common/must.h"
#include "scenarios/common/register.h"
#include "scenarios/common/workload.h"
#include "scenarios/graph/contract.h"
#include "scenarios/graph/oracle/oracle.h"

namespace copycost::graph::workloads {

// What the window lends under that number, for the oracle.
inline std::vector<std::byte> model_payload(std::uint16_t epoch, std::size_t size, std::uint64_t id) {
  std::vector<std::byte> bytes(size);
  pattern::write(bytes.data(), bytes.size(), epoch, id);
  return bytes;
}

}  // namespace copycost::graph::workloads
