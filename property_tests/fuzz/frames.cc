// SPDX-License-Identifier: Apache-2.0
//
// Frames, compatible and native (the variant's lowest bit).
#include "property_tests/fuzz/streams.h"

using namespace copycost::raft;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::streams all;
  if (size < fuzz::kPlanBytes) return -1;
  const auto format = (data[0] & 0x40) != 0 ? wire_format::native : wire_format::compat;
  const fuzz::plan p = fuzz::plan_of(format, data);
  all.run(p, std::as_bytes(std::span(data, size)).subspan(fuzz::kPlanBytes));
  return 0;
}
