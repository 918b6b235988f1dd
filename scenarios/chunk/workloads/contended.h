// SPDX-License-Identifier: Apache-2.0
//
// contended: several threads share and drop the same chunk at the same time. Moves handles only: no payload is read.
// One operation is one share and drop by one thread; every thread does n of them.
#pragma once
#include "scenarios/chunk/workloads/parts/common.h"

namespace copycost::chunk::workloads {

struct contended : workload_defaults {
  static constexpr workload_traits traits{
      .name = "contended",
      .about = "each thread takes and drops one more owner of the same chunk (handle only)",
      .cls = workload_class::share};

  // Processors that this process may run on, but no more than a stage has roles for.
  static unsigned processors() { return std::min(usable_processors(), 64u); }
  static std::vector<params> points(profile p) {
    const unsigned most = processors();
    std::vector<std::uint64_t> threads = {1};
    for (unsigned t = 2; t < most; t *= 2)
      if (p >= profile::full || t == 2) threads.push_back(t);
    if (most > 1) threads.push_back(most);
    if (p == profile::smoke) threads = {std::min(2u, most)};
    std::vector<std::uint64_t> sizes = {256, 4 * kKiB};
    if (p == profile::smoke) sizes = {4 * kKiB};
    if (p >= profile::full) sizes = {64, 256, 1 * kKiB, 4 * kKiB, 64 * kKiB};
    std::vector<params> out;
    for (const std::uint64_t size : sizes)
      for (const std::uint64_t t : threads) out.push_back(params{{"size", size}, {"threads", t}});
    return out;
  }
  static shape shape_of(const params& at) { return {.threads = static_cast<unsigned>(at.number("threads"))}; }
  // A design that counts nothing is not disturbed by the others.
  static limit_sum limit(const params& at) { return at_once(at.number("threads")) * least_turn(); }
  static limit_sum floor(const params& at) {
    if (at.number("threads") != 1) return {};  // no probe allocates in two threads
    return {{1, "malloc_memcpy_free", at.number("size")}};
  }
  // A count that t threads move is passed around between them: what two of them wait for each other, t / 2 times.
  static limit_sum reference(const params& at, ownership owns) {
    const std::uint64_t threads = at.number("threads");
    if (threads == 1 || owns != ownership::counted) return handle_reference(owns, floor(at));
    return {{static_cast<double>(threads) / 2, "refcount_pair_2t"}};
  }
  static double copied_cap(const params&) { return 0; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto bytes = model_payload(epoch, at.number("size"), 0);
    digest one;
    for (std::uint64_t i = 0; i < n; ++i) one.add(bytes);
    return results_of_equal_roles(one, at.number("threads"));
  }

  template <class D>
  class episode_of final : public buffer_episode<episode_of<D>, D> {
    using base = buffer_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at) : base(at, {.payload_bytes = at.number("size")}) {}
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      const auto* source = this->sources_.data();
      for (std::uint64_t i = 0; i < n; ++i) {
        const auto other = hidden(source)->share();
        see.handle(other.view());
      }
    }
  };
};

}  // namespace copycost::chunk::workloads
