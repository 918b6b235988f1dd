// SPDX-License-Identifier: Apache-2.0
//
// headers: an item of 64 bytes with metadata goes to its branches, and each looks up one header. Four of five headers
// are the same in all items; names and values are interned, so that a header is two numbers.
#pragma once
#include <string>

#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct headers : workload_defaults {
  static constexpr workload_traits traits{.name = "headers",
                                          .about = "make an item with headers, to all branches, look one up in each",
                                          .cls = workload_class::fan_out,
                                          .payload = payload_use::read,
                                          .with = beside::allocator,
                                          .unit = "item"};
  static constexpr std::size_t kSize = 64, kSources = 32;

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    for (const std::uint64_t many : {0u, 4u, 16u})
      for (const std::uint64_t branches : {1u, 10u})
        if (p != profile::smoke || (many == 4 && branches == 10))
          out.push_back(params{{"headers", many}, {"branches", branches}});
    return out;
  }
  static double times(const params& at) { return static_cast<double>(at.number("branches")); }
  static limit_sum limit(const params& at) { return times(at) * least_turn(); }
  static limit_sum floor(const params& at) { return {{times(at), "malloc_memcpy_free", kSize, at.number("branches")}}; }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns == ownership::counted) return {{1, "malloc_free", kSize}, {times(at), "refcount_pair"}};
    return owns == ownership::copies ? floor(at) : limit_sum{};
  }
  static double copied_cap(const params&) { return kSize; }  // the item is made of bytes that stay where they are
  static bool design_reads(const params&) { return true; }
  static double written(const params& at) { return static_cast<double>(2 * (kSize + at.number("headers") * 8)); }
  static std::uint64_t audit_ops(const params&) { return 32; }

  // The header that a branch looks up: the last one, or nothing.
  static std::uint64_t looked_up(std::uint64_t many, std::uint64_t id) {
    return many == 0 ? 0 : value_of(many - 1, id);
  }
  // Of header `i` of item `id`: every fifth is the item's own.
  static std::uint64_t value_of(std::uint64_t i, std::uint64_t id) { return i % 5 == 4 ? 1000 + id : 100 + i; }

  static std::uint64_t expected(const params& at, std::uint16_t, std::uint64_t n) {
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i)
      for (std::uint64_t b = 0; b < at.number("branches"); ++b) seen.add(looked_up(at.number("headers"), i % kSources));
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
    using base = loop_episode<episode_of<D>>;

   public:
    explicit episode_of(const params& at)
        : base({at.number("branches"), kSize * at.number("branches")}),
          many_(at.number("headers")),
          branches_(at.number("branches")) {}
    void setup(window& w) override {
      for (std::size_t id = 0; id < kSources; ++id) {
        payload_.push_back(w.payload(kSize, id));
        auto& all = headers_.emplace_back();
        for (std::uint64_t i = 0; i < many_; ++i)
          all.push_back({must(context_.intern("name " + std::to_string(i))),
                         must(context_.intern(std::to_string(value_of(i, id))))});
      }
      wanted_ = must(context_.intern("name " + std::to_string(many_ == 0 ? 0 : many_ - 1)));
      for (std::size_t id = 0; id < kSources; ++id) values_.push_back(looked_up(many_, id));
      source_ = must(context_.intern("source"));
      warm_up<D>(maker_, kSize);
    }
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      const std::span<typename D::item> to(branches_);
      for (std::uint64_t i = 0, first = this->did(); i < n; ++i) {
        const std::size_t id = (first + i) % kSources;
        auto one = done(maker_.copy({source_, first + i, headers_[id]}, payload_[id]));
        done(D::fan_out(std::move(one), to));
        for (const auto& branch : to) see.number(look_up(branch, id));
        D::drop(to);
        end_turn(maker_, first + i);
      }
    }

   private:
    // The value's number must be the one that was given.
    std::uint64_t look_up(const typename D::item& one, std::size_t id) const {
      for (const header& h : one.meta().headers)
        if (h.name == wanted_) return h.value == headers_[id].back().value ? values_[id] : ~std::uint64_t{0};
      return 0;
    }

    const std::uint64_t many_;
    typename D::context context_;
    typename D::maker maker_{context_};
    std::vector<std::span<std::byte>> payload_;
    std::vector<std::vector<header>> headers_;
    std::vector<std::uint64_t> values_;
    name_id wanted_ = 0, source_ = 0;
    std::vector<typename D::item> branches_;
  };
};

}  // namespace copycost::graph::workloads
