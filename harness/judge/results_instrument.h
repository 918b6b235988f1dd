// SPDX-License-Identifier: Apache-2.0
//
// The judge's instrument: sees every result of an episode, so that its digest can be compared with the oracle's.
//
// Lifetime: see instrument.
// Threads: see instrument. Nothing is timed or counted.
#pragma once
#include "harness/core/instrument.h"
#include "harness/ledger/witness/heap_payload.h"

namespace copycost {

class results_instrument final : public instrument {
 public:
  static constexpr std::string_view kKind = "results";
  std::string_view kind() const override { return kKind; }
  watching watches() const override { return watching::results; }
  std::span<std::byte> lend_payload(std::size_t size) override { return payload_.lend(size); }
  void release_payloads() override { payload_.clear(); }

 private:
  heap_payload payload_;
};

}  // namespace copycost
