// SPDX-License-Identifier: Apache-2.0
//
// What the laws ask a graph design for: contexts, and links between processes, behind virtual functions (any_item.h).
//
// Lifetime: contexts do not outlive it.
// Threads: one at a time.
#pragma once
#include <memory>

#include "harness/judge/law.h"
#include "scenarios/graph/laws/any_item.h"
#include "scenarios/graph/link/link.h"

namespace copycost::graph {

class facade : public facade_base {
 public:
  // A fresh context.
  virtual any_context context() = 0;
  virtual bool is_zero_copy() const = 0;

  // What the design says of links through memory that processes share (process_link_of in link/link.h): the bytes of
  // the segment, 0 where it has none; a context in it; the ends of a link of that context. Throws refused with the
  // design's error. REQUIRES, of the last three: there is a segment.
  virtual std::size_t segment_bytes() const = 0;
  virtual any_context context_in(int segment_fd) = 0;
  virtual std::unique_ptr<link_out<any_design>> out_of(any_context& x, unsigned way, const link_options& options) = 0;
  virtual std::unique_ptr<link_in<any_design>> into(any_context& x, unsigned way, const link_options& options) = 0;
};

}  // namespace copycost::graph
