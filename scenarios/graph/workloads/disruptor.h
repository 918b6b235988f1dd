// SPDX-License-Identifier: Apache-2.0
//
// disruptor: items of 8 bytes through the shapes of threads that the Disruptor was measured with. Producers make items
// in batches; each thread that an item reaches reads it. One operation is one item of each producer.
//
//   1p1c      P -> C                    1p3c   P -> C, C, C
//   pipeline  P -> C -> C -> C          3p1c   P, P, P -> C         diamond   P -> C, C -> C
//
//   by channel   an edge for each arrow, and an owner of the item for each edge that leaves P
//   by ring      one ring: readers look at an item where it is, behind those that come before them
//   by mutex     3p1c alone: one edge behind a mutex for all producers
#pragma once
#include <memory>
#include <optional>

#include "scenarios/graph/run/channel/channel.h"
#include "scenarios/graph/run/channel/mutex_channel.h"
#include "scenarios/graph/workloads/parts/common.h"
#include "scenarios/graph/workloads/parts/patient_edges.h"
#include "scenarios/graph/workloads/parts/thread_shapes.h"

namespace copycost::graph::workloads {

struct disruptor : workload_defaults {
  static constexpr workload_traits traits{.name = "disruptor",
                                          .about = "an item of 8 bytes of each producer through a shape of threads",
                                          .cls = workload_class::hand_over,
                                          .payload = payload_use::read,
                                          .unit = "item"};
  static constexpr std::size_t kSize = 8, kBatch = 32, kEdge = 1024, kItems = 16;

  static bool by(const params& at, std::string_view what) { return at.text("by") == what; }
  static bool merges(const params& at) { return at.text("shape") == "3p1c"; }
  static std::uint64_t producers(const params& at) { return merges(at) ? 3 : 1; }
  // Owners that an item has when it leaves its producer.
  static std::uint64_t owners(const params& at) {
    return by(at, "channel") ? roles_of(at.text("shape"))[0].out.size() : 1;
  }

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    const auto add = [&](std::string_view shape, std::string_view by) {
      out.push_back(params{}.set("shape", shape).set("by", by));
    };
    if (p == profile::quick) add("1p3c", "channel");
    if (p <= profile::quick) add("1p3c", "ring");
    if (p < profile::full) return out;
    for (const std::string_view shape : {"1p1c", "1p3c", "pipeline", "diamond"})
      for (const std::string_view by : {"channel", "ring"}) add(shape, by);
    add("3p1c", "channel");
    add("3p1c", "mutex");
    return out;
  }
  static shape shape_of(const params& at) {
    return {.threads = static_cast<unsigned>(roles_of(at.text("shape")).size())};  // fits: four roles at most
  }
  static limit_sum limit(const params&) { return least_turn(); }
  static double copied_cap(const params& at) { return static_cast<double>(producers(at) * kSize); }
  static bool design_reads(const params&) { return true; }
  static double written(const params&) { return 1024; }
  // A thread that finds a lock taken sleeps: that of the edge, or of a segment.
  static double syscalls(const params& at) { return at.text("by") == "mutex" ? 8 : 1; }
  static std::uint64_t audit_ops(const params&) { return 256; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    std::vector<std::vector<std::byte>> items;
    for (std::size_t id = 0; id < kItems; ++id) items.push_back(model_payload(epoch, kSize, id));
    const auto roles = roles_of(at.text("shape"));
    digest all;
    for (const role_edges& role : roles) {
      digest one, seen;
      for (std::uint64_t i = 0; i < n && !role.in.empty(); ++i)
        for (std::size_t times = 0; times < (merges(at) ? 1 : role.in.size()); ++times) one.add(items[i % kItems]);
      for (std::size_t k = 0; k < role.in.size() && merges(at); ++k) seen.add(one.value());
      all.add(merges(at) ? seen.value() : one.value());
    }
    return all.value();
  }

  template <class D>
  class episode_of final : public counted_episode {
    using item = typename D::item;
    struct drop_together {
      void operator()(std::span<item> passed) const { D::drop(passed); }
    };
    using ring = multicast<item, drop_together>;
    using batch = std::array<item, kBatch>;

   public:
    // An operation: each thread that is no producer reads it once, or, behind three producers, three times.
    explicit episode_of(const params& at)
        : counted_episode({reads_of(at), reads_of(at) * kSize}),
          roles_(roles_of(at.text("shape"))),
          merges_(disruptor::merges(at)) {
      for (std::size_t i = 0; i < producers(at); ++i) makers_.push_back(std::make_unique<typename D::maker>(context_));
      if (by(at, "ring"))
        ring_.emplace(channel_limits{.items = kEdge}, static_cast<unsigned>(roles_.size() - 1));  // fits: four roles
      if (by(at, "mutex")) mutex_.emplace(channel_limits{.items = kEdge});
      if (!by(at, "channel")) return;
      for (const role_edges& role : roles_)
        for (std::size_t k = 0; k < role.out.size(); ++k)
          edges_.push_back(std::make_unique<channel<item>>(channel_limits{.items = kEdge}));
    }
    void setup(window& w) override {
      for (std::size_t id = 0; id < kItems; ++id) payload_.push_back(w.payload(kSize, id));
      for (const auto& maker : makers_) warm_up<D>(*maker, kSize);
    }
    void run(window& w, unsigned role, std::uint64_t n) override {
      if (roles_[role].in.empty()) {
        produce_all(w, role, n);
      } else {
        observed(w, [&](auto& see) { consume_all(see, w, role, n); });
      }
      if (role == 0) did(n);
    }

   private:
    static std::uint64_t reads_of(const params& at) { return at.text("shape") == "1p1c" ? 1 : 3; }

    // --- producers

    void produce_all(window& w, unsigned role, std::uint64_t n) {
      batch made;
      typename D::maker& maker = *makers_[role];
      w.open();
      for (std::uint64_t i = 0; i < n;) {
        const std::size_t many = std::min<std::uint64_t>(kBatch, n - i);
        for (std::size_t k = 0; k < many; ++k, ++i)
          made[k] = done(maker.copy({0, role, {}}, payload_[(first_[role] + i) % kItems]));
        publish(role, std::span(made).first(many));
        maker.end_batch();
      }
      w.close();
      first_[role] += n;
    }
    void publish(unsigned role, std::span<item> some) {
      const std::vector<unsigned>& out = roles_[role].out;
      if (ring_) return push_all(*ring_, some);
      if (mutex_) return push_all(*mutex_, some);
      if (out.size() == 1) return push_all(*edges_[out[0]], some);
      std::array<batch, kRolesMost> branches;
      std::array<item, kRolesMost> each;
      for (std::size_t k = 0; k < some.size(); ++k) {
        done(D::fan_out(std::move(some[k]), std::span(each).first(out.size())));
        for (std::size_t b = 0; b < out.size(); ++b) branches[b][k] = std::move(each[b]);
      }
      for (std::size_t b = 0; b < out.size(); ++b) push_all(*edges_[out[b]], std::span(branches[b]).first(some.size()));
    }

    // --- consumers

    template <class See>
    void consume_all(See& see, window& w, unsigned role, std::uint64_t n) {
      const role_edges& own = roles_[role];
      w.open();
      if (ring_) {
        follow(see, role, n);
      } else if (merges_) {
        merge(see, own, n);
      } else {
        pass_on(see, own, n);
      }
      w.close();
    }
    // Takes one of each input, reads it, and gives the first on.
    template <class See>
    void pass_on(See& see, const role_edges& own, std::uint64_t n) {
      std::array<batch, 2> came;
      for (std::uint64_t i = 0; i < n;) {
        const std::size_t many =
            pop_any(*edges_[own.in[0]], std::span(came[0]).first(std::min<std::uint64_t>(kBatch, n - i)));
        for (std::size_t got = 0; own.in.size() > 1 && got < many;)
          got += pop_any(*edges_[own.in[1]], std::span(came[1]).subspan(got, many - got));
        for (std::size_t k = 0; k < many; ++k) {
          see.read(came[0][k].bytes());
          if (own.in.size() > 1) see.handle(came[1][k].bytes());
        }
        for (std::size_t k = 0; k < own.in.size(); ++k) {
          const std::span<item> some = std::span(came[k]).first(many);
          k < own.out.size() ? push_all(*edges_[own.out[k]], some) : D::drop(some);
        }
        i += many;
      }
    }
    // Looks at items of the ring, behind the roles whose edges lead here.
    template <class See>
    void follow(See& see, unsigned role, std::uint64_t n) {
      auto& own = ring_->at(role - 1);
      patience wait(kWaitsForItem);
      for (std::uint64_t i = 0; i < n;) {
        std::uint64_t most = n - i;
        for (unsigned before = 1; before < role; ++before)
          if (leads_to(roles_[before], roles_[role]))
            most = std::min(most, ring_->at(before - 1).position() - own.position());
        const std::span<const item> some = most == 0 ? std::span<const item>() : own.peek(most);
        if (some.empty()) {
          wait.turn();
          continue;
        }
        for (const item& one : some) {
          see.read(one.bytes());
          if (roles_[role].in.size() > 1) see.handle(one.bytes());
        }
        own.passed(some.size());
        i += some.size();
        wait = patience(kWaitsForItem);
      }
    }
    // Takes what comes, whichever producer it is of. Only of each producer the order is known.
    template <class See>
    void merge(See& see, const role_edges& own, std::uint64_t n) {
      std::array<digest, kRolesMost> of_each;
      batch came;
      patience wait(kWaitsForItem);  // in all
      for (std::uint64_t left = own.in.size() * n, turn = 0; left > 0; ++turn) {
        const std::span<item> room = std::span(came).first(std::min<std::uint64_t>(kBatch, left));
        const std::size_t many = mutex_ ? mutex_->pop_some(room) : edges_[own.in[turn % own.in.size()]]->pop_some(room);
        for (const item& one : room.first(many)) {
          if constexpr (std::is_same_v<See, results_observer>)
            of_each[one.meta().key].add(one.bytes());
          else
            see.read(one.bytes());
        }
        D::drop(room.first(many));
        left -= many;
        if (many == 0) wait.turn();
      }
      if constexpr (std::is_same_v<See, results_observer>)
        for (const digest& one : of_each) see.number(one.value());
    }

    const std::vector<role_edges> roles_;
    const bool merges_;
    typename D::context context_;
    std::vector<std::unique_ptr<typename D::maker>> makers_;  // one a producer
    std::array<std::uint64_t, kRolesMost> first_{};           // items that each producer has made
    std::vector<std::span<std::byte>> payload_;
    std::vector<std::unique_ptr<channel<item>>> edges_;
    std::optional<ring> ring_;
    std::optional<mutex_channel<item>> mutex_;
  };
};

}  // namespace copycost::graph::workloads
