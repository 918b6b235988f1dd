// SPDX-License-Identifier: Apache-2.0
//
// replay_processes: k processes replay one log in shared memory, each from its beginning, and read every byte. Offered
// by designs whose store other processes can read. One operation is one replay by one process.
#pragma once
#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

struct replay_processes : workload_defaults {
  static constexpr workload_traits traits{.name = "replay_processes",
                                          .about = "k processes replay one log in shared memory, every byte",
                                          .cls = workload_class::fan_out,
                                          .payload = payload_use::read,
                                          .unit = "replay"};
  static constexpr std::size_t kMemory = std::size_t{4} << 30;  // address space; pages come when they are used

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t events, std::uint64_t consumers) {
      out.push_back({{"events", events}, {"consumers", consumers}});
    };
    if (p == profile::smoke) return out;
    add(100'000, 2);
    if (p != profile::quick) {
      add(100'000, 1);
      add(1'000'000, 1);
      add(1'000'000, 4);
      add(1'000'000, 16);
    }
    return out;
  }
  static shape shape_of(const params& at) {
    return {.processes = static_cast<unsigned>(at.number("consumers")), .cost = op_cost::varies};
  }
  template <class D>
  static constexpr bool offered = D::traits.shared;
  // The processors share what there is to read; more consumers take turns.
  static limit_sum limit(const params& at) {
    return at_once(at.number("consumers")) * least_read(at.number("events") * record_bytes(kSize));
  }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params&) { return false; }  // the consumers do
  // Pages that a process looks at for the first time, of which the kernel brings some at once.
  static double written(const params& at) { return static_cast<double>(at.number("events") * record_bytes(kSize)) / 8; }
  static std::uint64_t audit_ops(const params&) { return 1; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    return results_of_equal_processes(model_of_log(epoch, at.number("events"), n), at.number("consumers"));
  }

  template <class D>
  class episode_of final : public store_episode<episode_of<D>, D> {
    using base = store_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at)
        : base({at.number("events"), at.number("events") * kSize}), events_(at.number("events")) {}
    void setup(window& w) override {
      const int fd = w.segment(kMemory);
      if (w.role() != 0) {
        this->store_ = must(D::store::attach(fd));
        return;
      }
      store_options o = options_of(w);
      o.memory_fd = fd;
      o.memory_bytes_max = kMemory;
      this->open(o);
      filled<D>(*this->store_, w, events_, this->names_);
    }
    template <class See, class Reader>
    void loop(See& see, window&, std::uint64_t n, Reader& reader) {
      for (std::uint64_t i = 0; i < n; ++i)
        done(reader.read(kStart)).for_each([&](const event_view& e) { consume(see, e); });
    }

   private:
    std::uint64_t events_;
  };
};

}  // namespace copycost::event_store::workloads
