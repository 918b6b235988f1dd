// SPDX-License-Identifier: Apache-2.0
//
// write_branches: one item to four branches, of which none, one or all write to theirs (copy on write). A branch that
// writes makes its item unique and writes its first 8 bytes; then each branch is read up to there and dropped.
//
//   item --> branch 0: make_unique, write     (writers 1: this one alone)
//        --> branch 1 .. 3: read               (writers 4: these write too)
#pragma once
#include <cstring>

#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct write_branches : workload_defaults {
  static constexpr workload_traits traits{.name = "write_branches",
                                          .about = "one item to 4 branches; none, one or all write to theirs",
                                          .cls = workload_class::fan_out,
                                          .payload = payload_use::read,
                                          .with = beside::allocator,
                                          .unit = "item"};
  static constexpr std::size_t kBranches = 4;

  static std::vector<params> points(profile p) {
    std::vector<std::uint64_t> sizes = {256, 4 * kKiB, 64 * kKiB}, writers = {0, 1, kBranches};
    if (p == profile::smoke) {
      sizes = {4 * kKiB};
      writers = {1};
    }
    if (p >= profile::full) sizes = {64, 256, 1 * kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB, 1 * kMiB};
    std::vector<params> out;
    for (const std::uint64_t size : sizes)
      for (const std::uint64_t w : writers) out.push_back(params{{"size", size}, {"writers", w}});
    return out;
  }
  // The source lives on, so each writer needs bytes of its own, whatever the design: the rest of the item is copied.
  static limit_sum limit(const params& at) {
    return static_cast<double>(at.number("writers")) * least_copy_near(at.number("size")) + kBranches * least_turn();
  }
  static limit_sum floor(const params& at) { return {{kBranches, "malloc_memcpy_free", at.number("size"), kBranches}}; }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns == ownership::copies) return floor(at);
    if (owns != ownership::counted) return {};
    limit_sum all{{kBranches, "refcount_pair"}};
    if (const auto w = static_cast<double>(at.number("writers")); w > 0)
      all.push_back({w, "malloc_memcpy_free", at.number("size"), at.number("writers")});
    return all;
  }
  static double copied_cap(const params& at) { return static_cast<double>(at.number("writers") * at.number("size")); }
  static bool design_reads(const params&) { return true; }  // to write into a part, the rest is read
  static double written(const params& at) { return static_cast<double>(at.number("writers") * at.number("size")); }
  static std::uint64_t audit_ops(const params&) { return 16; }

  // What a writer writes.
  static std::uint64_t word_of(std::uint64_t op, std::size_t branch) { return op * kBranches + branch; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto item = model_payload(epoch, at.number("size"), 0);
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i)
      for (std::size_t b = 0; b < kBranches; ++b) {
        auto one = item;
        if (const std::uint64_t word = word_of(i, b); b < at.number("writers"))
          std::memcpy(one.data(), &word, sizeof word);
        seen.add(std::span<const std::byte>(one).first(kHeadBytes));
      }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
    using base = loop_episode<episode_of<D>>;

   public:
    explicit episode_of(const params& at)
        : base({kBranches, kBranches * kHeadBytes}),
          size_(at.number("size")),
          writers_(at.number("writers")),
          branches_(kBranches) {}
    void setup(window& w) override {
      source_ = produce<D>(maker_, w, size_, 0);
      warm_up<D>(maker_, size_);
    }
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      const std::span<typename D::item> to(branches_);
      for (std::uint64_t i = 0, first = this->did(); i < n; ++i) {
        done(D::fan_out(source_.share(), to));
        for (std::size_t b = 0; b < writers_; ++b) {
          const std::uint64_t word = word_of(first + i, b);
          std::memcpy(done(maker_.make_unique(to[b])).data(), &word, sizeof word);
        }
        for (const auto& one : to) see.read(one.bytes().first(kHeadBytes));
        D::drop(to);
        end_turn(maker_, first + i);
      }
    }

   private:
    const std::size_t size_, writers_;
    typename D::context context_;
    typename D::maker maker_{context_};
    typename D::item source_;
    std::vector<typename D::item> branches_;
  };
};

}  // namespace copycost::graph::workloads
