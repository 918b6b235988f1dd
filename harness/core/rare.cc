// SPDX-License-Identifier: Apache-2.0
#include "harness/core/rare.h"

#include <algorithm>

namespace copycost {
namespace {

// Bytes of payload that an episode moves or reads when it did so much.
double moved(const cell& what, const tally& did) {
  const promise* p = what.promised();
  const bool reads = what.workload->traits.reads_payload() || p == nullptr || p->copied == nullptr;
  return (reads ? static_cast<double>(did.payload_bytes) : 0) + what.promised_copies() * static_cast<double>(did.ops);
}

}  // namespace

std::uint64_t operations_for_rare(const cell& what, const tally& did) {
  constexpr double kOps = 1 << 16, kGrowing = 2048, kBytes = 32 << 20, kItems = 1 << 18;
  const workload_traits& t = what.workload->traits;
  if (what.form().roles() > 1 || t.heavy() || t.kernel() || did.ops == 0) return 0;
  const double ops = static_cast<double>(did.ops), items = static_cast<double>(did.items);
  const double most = what.form().repeatable() ? kOps : kGrowing;
  return static_cast<std::uint64_t>(
      std::min({most, kBytes * ops / std::max(moved(what, did), ops), kItems * ops / std::max(items, ops)}));
}

}  // namespace copycost
