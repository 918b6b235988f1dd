// SPDX-License-Identifier: Apache-2.0
//
// etcd's message stream.
#include "property_tests/fuzz/streams.h"

using namespace copycost::raft;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::streams all;
  if (size < fuzz::kPlanBytes) return -1;
  const fuzz::plan p = fuzz::plan_of(wire_format::etcd_message, data);
  all.run(p, std::as_bytes(std::span(data, size)).subspan(fuzz::kPlanBytes));
  return 0;
}
