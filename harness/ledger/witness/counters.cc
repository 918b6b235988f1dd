// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/witness/counters.h"

namespace copycost {
constinit thread_local own_counts t_own_counts;
constinit process_counts g_process_counts;
}  // namespace copycost
