// SPDX-License-Identifier: Apache-2.0
//
// The clock's instrument: payload on the ordinary heap, latencies into a histogram per role. The times themselves are
// in the role records (opened_ns, closed_ns).
//
// Lifetime: see instrument.
// Threads: see instrument.
#pragma once
#include "harness/clock/histogram.h"
#include "harness/core/instrument.h"
#include "harness/ledger/witness/heap_payload.h"

namespace copycost {

class clock_instrument final : public instrument {
 public:
  static constexpr std::string_view kKind = "clock";
  std::string_view kind() const override { return kKind; }
  watching watches() const override { return watching::cost; }
  std::span<std::byte> lend_payload(std::size_t size) override { return payload_.lend(size); }
  void release_payloads() override { payload_.clear(); }
  std::size_t scratch_bytes() const override { return sizeof(latency_histogram); }
  void latency(void* scratch, std::int64_t ns) override { static_cast<latency_histogram*>(scratch)->record(ns); }

 private:
  heap_payload payload_;
};

}  // namespace copycost
