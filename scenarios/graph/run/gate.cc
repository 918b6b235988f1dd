// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/run/gate.h"

#include <utility>

namespace copycost::graph {

void gate::ask(std::uint32_t what) {
  word_.fetch_or(what, std::memory_order_acq_rel);
  if (what != kPause) ring_all();
}

void gate::take_back(std::uint32_t what) {
  word_.fetch_and(~what, std::memory_order_acq_rel);
  ring_all();
}

void gate::ring_all() {
  change([] {});
  for (event* const bell : bells_) bell->notify();
}

void gate::failed(failure what, bool fatal) {
  change([&] {
    ++failed_;
    if (fatal && !fatal_) fatal_ = what.what;
    // The one that ends the run is kept in any case.
    if (failures_.size() == kFailuresKept && fatal) failures_.pop_back();
    if (failures_.size() < kFailuresKept) failures_.push_back(std::move(what));
  });
  if (fatal) ask(kAbort);
}

void gate::add_to(run_report& r) const {
  const std::lock_guard lock(mutex_);
  r.failures = failures_;
  r.failed = failed_;
}

std::optional<error> gate::fatal() const {
  const std::lock_guard lock(mutex_);
  return fatal_;
}

}  // namespace copycost::graph
