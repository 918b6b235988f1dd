// SPDX-License-Identifier: Apache-2.0
//
// append: batches of 1, 16 and 256 events into a store in memory that was empty at first. With in_place:1 the producer
// writes the payload where it stays, and nothing is copied at all. One operation is one append.
#pragma once
#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

struct append : workload_defaults {
  static constexpr workload_traits traits{.name = "append",
                                          .about = "append a batch of events to a store in memory",
                                          .cls = workload_class::ingest,
                                          .payload = payload_use::read,
                                          .unit = "append"};
  static constexpr std::size_t kPayloads = 16;  // different ones

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t batch, std::uint64_t size) {
      out.push_back({{"batch", batch}, {"size", size}});
    };
    if (p == profile::smoke) {
      add(16, 64);
      return out;
    }
    if (p == profile::quick) {
      add(1, 64);
      add(16, 64);
      add(256, 64);
      add(16, kKiB);
      add(1, 16 * kKiB);
    } else {
      for (const std::uint64_t batch : {1u, 16u, 256u})
        for (const std::uint64_t size : {std::uint64_t{64}, kKiB, 16 * kKiB}) add(batch, size);
    }
    out.push_back({{"batch", 1}, {"size", kKiB}, {"in_place", 1}});
    return out;
  }
  // The store grows.
  static shape shape_of(const params&) { return {.state = batch_state::fresh}; }
  static bool in_place(const params& at) { return at.has("in_place") && at.number("in_place") != 0; }
  static limit_sum limit(const params& at) {
    return least_append(at.number("size"), static_cast<double>(at.number("batch")));
  }
  static limit_sum reference(const params& at, ownership) {
    return append_reference(at.number("size"), static_cast<double>(at.number("batch")));
  }
  static double copied_cap(const params& at) {
    return in_place(at) ? 0 : static_cast<double>(at.number("batch") * at.number("size"));
  }
  // A record, and an entry of an index wherever it lies.
  static double written(const params& at) {
    return static_cast<double>(at.number("batch") * (record_bytes(at.number("size")) + 4 * kKiB));
  }
  static std::uint64_t audit_ops(const params& at) {
    return std::clamp<std::uint64_t>(4 * kMiB / (at.number("batch") * at.number("size")), 2, 64);
  }
  // Into a store that is empty at first, up to 4,096 events or a mebibyte.
  static std::uint64_t batch_ops(const params& at) {
    const std::uint64_t events = std::min<std::uint64_t>(4096, kMiB / at.number("size"));
    return std::max<std::uint64_t>(4, events / at.number("batch"));
  }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest seen;
    const std::size_t size = at.number("size");
    std::vector<std::byte> bytes(size);
    for (std::uint64_t i = 0; i < n * at.number("batch"); ++i) {
      pattern::write(bytes.data(), size, epoch, in_place(at) ? i : i % kPayloads);
      seen.add(i);
      seen.add(std::span<const std::byte>(bytes));
    }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public store_episode<episode_of<D>, D> {
    using base = store_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at)
        : base({at.number("batch"), at.number("batch") * at.number("size")}),
          batch_(at.number("batch")),
          size_(at.number("size")),
          in_place_(in_place(at)) {}
    void setup(window& w) override {
      this->open(options_of(w));
      if (!in_place_) this->make_payloads(w, kPayloads, 0, size_);
      this->make_drafts(kEntities + batch_);  // a batch begins anywhere in the first thousand
    }
    void ready(window&) {}
    template <class See>
    void loop(See&, window& w, std::uint64_t n) {
      const std::uint64_t begin = this->did();
      in_place_ ? write(w, begin, begin + n) : append_batches(begin, begin + n);
    }
    template <class See>
    void look(See& see) {
      this->look_at_log(see);
    }
    std::uint64_t live_payload_bytes() const override { return this->did() * batch_ * size_; }

   private:
    void append_batches(std::uint64_t begin, std::uint64_t end) {
      for (std::uint64_t i = begin; i < end; ++i) {
        const std::uint64_t from = i * batch_ % (kPayloads * (kEntities / kPayloads));
        done(this->store_->append({this->drafts_.data() + from, batch_}));
      }
    }
    void write(window& w, std::uint64_t begin, std::uint64_t end) {
      const std::uint16_t epoch = w.epoch();
      produced_places places(w);
      for (std::uint64_t i = begin; i < end; ++i)
        done(this->store_->append_in_place(this->drafts_[i % kEntities], size_, [&](std::span<std::byte> to) {
          pattern::write(to.data(), to.size(), epoch, i);
          places.add(to);
        }));
    }

    std::uint64_t batch_;
    std::size_t size_;
    bool in_place_;
  };
};

}  // namespace copycost::event_store::workloads
