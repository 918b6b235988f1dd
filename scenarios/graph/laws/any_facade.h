// SPDX-License-Identifier: Apache-2.0
//
// What the laws ask a graph design for: contexts, behind virtual functions (any_item.h).
//
// Lifetime: contexts do not outlive it.
// Threads: one at a time.
#pragma once
#include "harness/judge/law.h"
#include "scenarios/graph/laws/any_item.h"

namespace copycost::graph {

class facade : public facade_base {
 public:
  // A fresh context.
  virtual any_context context() = 0;
  virtual bool is_zero_copy() const = 0;
};

}  // namespace copycost::graph
