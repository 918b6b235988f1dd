// SPDX-License-Identifier: Apache-2.0
//
// transform: a node changes the first 8 bytes of an item and passes it on, in the three ways that were published. Does
// the way matter, or only whether the item has another owner?
//
//   borrow    takes a reference or an owner: of a borrowed item it makes one of its own, an owned one it changes
//   in_place  takes the item and answers it, changed
//   mutate    changes the item behind a reference
//
//   shared 0   one item goes round and has no other owner
//   shared 1   the item has another owner, whose bytes stay as they are: it is borrowed, or the node gets an owner more
#pragma once
#include <cstring>

#include "harness/ledger/witness/counters.h"
#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct transform : workload_defaults {
  static constexpr workload_traits traits{.name = "transform",
                                          .about = "a node changes the first bytes of an item, in one of three ways",
                                          .cls = workload_class::share,
                                          .payload = payload_use::read,
                                          .with = beside::allocator,
                                          .unit = "item"};
  enum class way { borrow, in_place, mutate };
  static way way_of(const params& at) {
    if (at.text("way") == "borrow") return way::borrow;
    return at.text("way") == "in_place" ? way::in_place : way::mutate;
  }
  static bool is_shared(const params& at) { return at.number("shared") != 0; }

  static std::vector<params> points(profile p) {
    std::vector<std::uint64_t> sizes = {4 * kKiB};
    if (p >= profile::full) sizes = {64, 4 * kKiB, 64 * kKiB};
    std::vector<params> out;
    for (const std::uint64_t size : sizes)
      for (const std::string_view w : {"borrow", "in_place", "mutate"})
        for (const std::uint64_t shared : {0u, 1u})
          if (p != profile::smoke || shared == (w == "borrow" ? 1u : 0u))
            out.push_back(params{{"size", size}}.set("way", w).set("shared", shared));
    return out;
  }
  // Of a shared item the rest is copied, because the other owner keeps what was there.
  static limit_sum limit(const params& at) { return is_shared(at) ? least_copy_near(at.number("size")) : least_turn(); }
  static limit_sum floor(const params& at) {
    return is_shared(at) ? limit_sum{{1, "malloc_memcpy_free", at.number("size")}} : limit_sum{};
  }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns == ownership::copies) return floor(at);
    if (owns != ownership::counted || !is_shared(at)) return {};
    if (way_of(at) == way::borrow) return floor(at);
    return limit_sum{{1, "refcount_pair"}} + floor(at);
  }
  static double copied_cap(const params& at) { return is_shared(at) ? static_cast<double>(at.number("size")) : 0; }
  static bool design_reads(const params&) { return true; }  // to write into a part, the rest is read
  static double written(const params& at) { return static_cast<double>(at.number("size")); }
  static std::uint64_t audit_ops(const params&) { return 32; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    auto item = model_payload(epoch, at.number("size"), 0);
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i) {
      std::memcpy(item.data(), &i, sizeof i);
      seen.add(std::span<const std::byte>(item).first(kHeadBytes));
    }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
    using base = loop_episode<episode_of<D>>;
    using item = typename D::item;
    // What a node of the first way gets: `owned` only where nothing is borrowed.
    struct borrowed_or_owned {
      const item* borrowed = nullptr;
      item owned;
    };

   public:
    explicit episode_of(const params& at)
        : base({1, kHeadBytes}), size_(at.number("size")), way_(way_of(at)), is_shared_(is_shared(at)) {}
    void setup(window& w) override {
      auto draft = must(maker_.build({}, size_));
      pattern::write(draft.bytes().data(), size_, w.epoch(), 0);
      w.produced(draft.bytes());
      source_ = must(maker_.seal(std::move(draft), size_));
      maker_.end_batch();
      warm_up<D>(maker_, size_);
    }
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      for (std::uint64_t i = 0, first = this->did(); i < n; ++i) {
        item one = is_shared_ ? changed_of_shared(first + i) : changed_of_owned(first + i);
        see.read(one.bytes().first(kHeadBytes));
        if (!is_shared_) source_ = std::move(one);
        end_turn(maker_, first + i);
      }
    }

   private:
    item changed_of_owned(std::uint64_t word) {
      if (way_ == way::borrow) return borrow({nullptr, std::move(source_)}, word);
      if (way_ == way::in_place) return in_place(std::move(source_), word);
      mutate(source_, word);
      return std::move(source_);
    }
    item changed_of_shared(std::uint64_t word) {
      if (way_ == way::borrow) return borrow({&source_, {}}, word);
      if (way_ == way::in_place) return in_place(source_.share(), word);
      item one = source_.share();
      mutate(one, word);
      return one;
    }

    item borrow(borrowed_or_owned in, std::uint64_t word) {
      if (in.borrowed == nullptr) return in_place(std::move(in.owned), word);
      const bytes_view from = in.borrowed->bytes();
      auto draft = done(maker_.build(in.borrowed->meta(), from.size()));
      counted_copy(draft.bytes().data(), from.data(), from.size());
      std::memcpy(draft.bytes().data(), &word, sizeof word);
      return done(maker_.seal(std::move(draft), from.size()));
    }
    item in_place(item one, std::uint64_t word) {
      mutate(one, word);
      return one;
    }
    void mutate(item& one, std::uint64_t word) {
      std::memcpy(done(maker_.make_unique(one)).data(), &word, sizeof word);
    }

    const std::size_t size_;
    const way way_;
    const bool is_shared_;
    typename D::context context_;
    typename D::maker maker_{context_};
    item source_;
  };
};

}  // namespace copycost::graph::workloads
