// SPDX-License-Identifier: Apache-2.0
//
// etcd's append stream (msgappv2), with its running term and index.
#include "property_tests/fuzz/streams.h"

using namespace copycost::raft;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::streams all;
  if (size < fuzz::kPlanBytes) return -1;
  const fuzz::plan p = fuzz::plan_of(wire_format::etcd_append, data);
  all.run(p, std::as_bytes(std::span(data, size)).subspan(fuzz::kPlanBytes));
  return 0;
}
