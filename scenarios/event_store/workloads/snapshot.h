// SPDX-License-Identifier: Apache-2.0
//
// snapshot: readers take a stable view of the store and drop it (handle only), while a writer appends (appends:1).
// There may be more readers than processors, so the processor time of a reader is shown. The store begins with a
// thousand events. One operation is one snapshot.
#pragma once
#include <atomic>

#include "harness/base/now.h"
#include "scenarios/common/patience.h"
#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

struct snapshot : workload_defaults {
  static constexpr workload_traits traits{.name = "snapshot",
                                          .about = "take a stable view and drop it, in thread time (handle only)",
                                          .cls = workload_class::share,
                                          .shows = shown_time::processor,
                                          .unit = "snapshot"};
  static constexpr std::uint64_t kEvents = 1000;
  static constexpr std::int64_t kPauseNs = 20'000;  // between two appends

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t readers, std::uint64_t appends) {
      out.push_back({{"readers", readers}, {"appends", appends}});
    };
    add(1, 0);
    if (p != profile::smoke) {
      add(1, 1);
      add(2, 1);
      add(8, 1);
    }
    return out;
  }
  static shape shape_of(const params& at) {
    shape s;
    s.scenery = at.number("appends") != 0 ? 1 : 0;
    s.threads = static_cast<unsigned>(at.number("readers")) + s.scenery;
    s.state = s.scenery == 0 ? batch_state::kept : batch_state::fresh;
    return s;
  }
  static limit_sum limit(const params&) { return least_turn(); }
  // Beside an appender the log is not in the reader's cache, and a lock is waited for: no probe does the same.
  static limit_sum floor(const params& at) {
    if (at.number("appends") != 0) return {};
    return {{1, "malloc_memcpy_free", kEvents * record_bytes(kSize)}};
  }
  // A reader that others see publishes where it reads.
  static limit_sum reference(const params& at, ownership owns) {
    return owns == ownership::copies ? floor(at) : limit_sum{{1, "atomic_exchange"}};
  }
  static double copied_cap(const params&) { return 0; }

  static std::uint64_t expected(const params& at, std::uint16_t, std::uint64_t n) {
    digest reader, all;
    for (std::uint64_t i = 0; i < n; ++i) reader.add(std::uint64_t{1});
    if (at.number("appends") != 0) all.add(digest().value());  // the appender's
    for (std::uint64_t k = 0; k < at.number("readers"); ++k) all.add(reader.value());
    return all.value();
  }

  template <class D>
  class episode_of final : public store_episode<episode_of<D>, D> {
    using base = store_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at)
        : base({}), readers_(static_cast<unsigned>(at.number("readers"))), appends_(at.number("appends") != 0) {}
    void setup(window& w) override { this->open(w, kEvents); }
    void run(window& w, unsigned role, std::uint64_t n) override {
      appends_&& role == 0 ? append_meanwhile(w) : base::run(w, role, n);
    }
    template <class See, class Reader>
    void loop(See& see, window&, std::uint64_t n, Reader& reader) {
      for (std::uint64_t i = 0; i < n; ++i) {
        const auto s = reader.snapshot();
        const bounds b = s.range();
        see.number(b.first == 0 && b.end >= kEvents ? 1 : 0);
      }
      finished_.fetch_add(1, std::memory_order_release);
    }

   private:
    void append_meanwhile(window& w) {
      finished_ = 0;
      const std::uint64_t zero = 0;
      draft one = draft_of(0, this->names_[0]);
      one.payload = std::as_bytes(std::span(&zero, 1));
      w.open();
      for (std::int64_t last = now_ns(); finished_.load(std::memory_order_acquire) < readers_;) {
        if (now_ns() - last < kPauseNs) {
          std::this_thread::yield();
          continue;
        }
        done(this->store_->append({&one, 1}));
        last = now_ns();
      }
      w.close();
    }

    unsigned readers_;
    bool appends_;
    std::atomic<unsigned> finished_{0};  // readers of this batch
  };
};

}  // namespace copycost::event_store::workloads
