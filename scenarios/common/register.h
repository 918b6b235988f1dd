// SPDX-License-Identifier: Apache-2.0
//
// Turns a design type and workload types into registry entries. Included by generated files only.
//
// A workload is a struct with
//   static constexpr workload_traits traits;
//   static std::vector<params> points(profile);                  // or, where designs differ in what can be asked of
//   template <class D> static std::vector<params> points_of(profile);   // them (a peer that fills slowly): one of both
//   template <class D> struct episode_of : episode, constructible from const params&
//   static std::uint64_t expected(const params&, std::uint16_t epoch, std::uint64_t n);   // the oracle
// and, where the defaults below do not fit, its own shape_of, limit, floor, reference, copied_cap, audit_ops,
// batch_ops, offered<D>, written, kernel_bytes, syscalls, and design_reads where only the consumer reads payload.
#pragma once
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "harness/base/failure.h"
#include "harness/core/registry.h"

namespace copycost {

struct workload_defaults {
  static shape shape_of(const params&) { return {}; }
  static limit_sum limit(const params&) { return {}; }
  static limit_sum floor(const params&) { return {}; }
  static limit_sum reference(const params&, ownership) { return {}; }
  static double copied_cap(const params&) { return -1; }
  static double written(const params&) { return 0; }
  static double kernel_bytes(const params&) { return 0; }
  static double syscalls(const params&) { return 0; }
  static std::uint64_t audit_ops(const params&) { return 64; }
  static std::uint64_t batch_ops(const params&) { return 0; }
  template <class D>
  static constexpr bool offered = true;
};

// What a workload is whichever design it asks. Defined in register_workload.h, and compiled once a system.
template <class W>
workload_entry workload_of();

template <class W, class D>
workload_entry entry_of() {
  workload_entry e = workload_of<W>();
  if constexpr (requires(profile p) { W::template points_of<D>(p); }) e.points = &W::template points_of<D>;
  e.make = [](const params& at) -> std::unique_ptr<episode> {
    return std::make_unique<typename W::template episode_of<D>>(at);
  };
  return e;
}

// Throws failure{internal} where a design promises twice for a workload, or for one that its system does not have.
// What it promises for a workload that it does not offer is left out: families promise for all.
template <class D, class... W>
void check_promises(design_entry& card) {
  const auto fail = [&](const promise& p, const char* what) {
    throw failure(exit_code::internal, std::string(card.system) + "/" + std::string(card.name) + ": " +
                                           std::string(p.workload) + " " + what);
  };
  std::set<std::string_view> seen;
  for (const promise& p : card.promises) {
    const bool of_system = ((p.of == nullptr ? p.workload == W::traits.name : p.of == &W::traits) || ...);
    if (!of_system) fail(p, "is promised, and is no workload of the system");
    if (!seen.insert(p.workload).second) fail(p, "is promised twice");
  }
  std::erase_if(card.promises,
                [](const promise& p) { return ((p.workload == W::traits.name && !W::template offered<D>) || ...); });
}

// `card` is the design's own description (promises.h); the workloads that it offers are added.
template <class D, class... W>
design_entry registered(design_entry card) {
  check_promises<D, W...>(card);
  if constexpr (requires { D::traits.words(); })
    for (const auto& [has, word] : D::traits.words())
      if (D::traits.*has) card.traits.push_back(word);
  if constexpr (requires { D::traits.zero_copy; }) card.zero_copy = D::traits.zero_copy;
  [[maybe_unused]] auto add = [&]<class One>() {
    if constexpr (One::template offered<D>) card.workloads.push_back(entry_of<One, D>());
  };
  (add.template operator()<W>(), ...);
  return card;
}

}  // namespace copycost
