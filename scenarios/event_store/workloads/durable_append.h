// SPDX-License-Identifier: Apache-2.0
//
// durable_append: batches of events of 64 bytes into a store on the disk, under each sync policy: `each` (on the disk
// when the append returns), `batch` (every 1,024 events), `interval` (every 100 ms). With several writers, appends that
// meet share one sync. One operation is one append by one writer.
#pragma once
#include "scenarios/event_store/workloads/parts/files.h"

namespace copycost::event_store::workloads {

struct durable_append : workload_defaults {
  static constexpr workload_traits traits{.name = "durable_append",
                                          .about = "append a batch of events to a store on the disk",
                                          .cls = workload_class::recover,
                                          .payload = payload_use::read,
                                          .with = beside::kernel,
                                          .unit = "append"};
  static constexpr std::uint64_t kPayloads = 1024;  // different ones

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    const auto add = [&](std::string_view policy, std::uint64_t batch, std::uint64_t writers) {
      params at;
      at.set("sync", policy).set("batch", batch).set("writers", writers);
      out.push_back(std::move(at));
    };
    if (p == profile::smoke) return out;
    add("each", 1, 1);
    add("each", 512, 1);
    add("batch", 16, 1);
    if (p == profile::quick) return out;
    for (const std::string_view policy : {"each", "interval", "batch"})
      for (const std::uint64_t batch : {1u, 16u, 256u})
        if (!(policy == "each" && batch == 1) && !(policy == "batch" && batch == 16)) add(policy, batch, 1);
    add("each", 1, 4);
    add("each", 8192, 1);
    return out;
  }
  // Names of files are as long as the machine's directories.
  static shape shape_of(const params& at) {
    return {.threads = static_cast<unsigned>(at.number("writers")), .cost = op_cost::varies};
  }
  template <class D>
  static constexpr bool offered = D::traits.durable;
  // The record also names its writer.
  static std::uint64_t bytes_of(const params& at) {
    return at.number("batch") * padded(kRecordHeader + kSize + 2 * kNameSize);
  }
  // Room that is there already is written and made durable; where no append waits for that, the bytes are written. A
  // sync may serve the appends of all writers, but each of them waits for one.
  static limit_sum limit(const params& at) {
    if (at.text("sync") == "each") return {{1, "overwrite_fdatasync", bytes_of(at)}};
    return least_write(bytes_of(at));
  }
  // A file that grows, and a system call an append where it is not synced.
  static limit_sum reference(const params& at, ownership) {
    if (at.text("sync") == "each") return {{1, "append_fdatasync", bytes_of(at)}};
    return least_copy(bytes_of(at)) + limit_sum{{1, "syscall"}};
  }
  static double copied_cap(const params& at) { return static_cast<double>(at.number("batch") * kSize); }
  static double kernel_bytes(const params& at) {
    return static_cast<double>(at.number("batch") * (record_bytes(kSize) + 8)) + 64;
  }
  static double syscalls(const params& at) { return 3 + static_cast<double>(at.number("batch")) / 64; }
  static std::uint64_t audit_ops(const params& at) {
    return std::clamp<std::uint64_t>(64 * kKiB / log_bytes(at.number("batch")), 1, 64);
  }

  // Each writer's events, in its own order: how writers meet is left open.
  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest one, first, all;
    model_events events(epoch);
    events.repeat(0, kPayloads);
    for (std::uint64_t i = 0; i < n * at.number("batch"); ++i) events.consume(one, i);
    const std::uint64_t writers = at.number("writers");
    for (std::uint64_t writer = 0; writer < writers; ++writer) first.add(one.value());
    all.add(first.value());  // the first role looks for all of them
    for (std::uint64_t writer = 1; writer < writers; ++writer) all.add(digest().value());
    return all.value();
  }

  template <class D>
  class episode_of final : public with_store<counted_episode, D> {
    using base = with_store<counted_episode, D>;

   public:
    explicit episode_of(const params& at)
        : base({at.number("batch"), at.number("batch") * kSize}),
          batch_(at.number("batch")),
          writers_(at.number("writers")),
          policy_(at.text("sync")) {}
    void setup(window& w) override {
      this->open(durable_options(w, policy_));
      this->make_payloads(w, kPayloads);
      this->make_drafts(kPayloads + batch_);
    }
    void run(window& w, unsigned role, std::uint64_t n) override {
      const std::vector<draft>& drafts = this->drafts_;
      std::vector<draft> batch(drafts.begin(), drafts.begin() + static_cast<std::ptrdiff_t>(batch_));
      w.open();
      for (std::uint64_t i = 0; i < n; ++i) {
        const std::uint64_t from = i * batch_ % kPayloads;
        for (std::uint64_t k = 0; k < batch_; ++k) {
          batch[k].payload = drafts[from + k].payload;
          batch[k].time = static_cast<std::int64_t>(i * batch_ + k);
          batch[k].related = this->names_[role];
        }
        done(this->store_->append(batch));
      }
      w.close();
      this->did(n);
      if (role == 0 && w.watches() == watching::results) look(w);
    }
    // The store has files in the episode's directory: it goes first.
    tally finish(window& w) override {
      this->store_.reset();
      return base::finish(w);
    }

   private:
    // After the window, when all writers are done.
    void look(window& w) {
      std::vector<digest> of(writers_);
      auto reader = must(this->store_->reader());
      must(reader.read(kStart)).for_each([&](const event_view& e) {
        for (std::uint64_t writer = 0; writer < writers_; ++writer) {
          if (e.related() != this->names_[writer]) continue;
          of[writer].add(static_cast<std::uint64_t>(e.time()));
          of[writer].add(e.payload());
        }
      });
      for (const digest& one : of) w.seen().add(one.value());
    }

    std::uint64_t batch_, writers_;
    std::string policy_;
  };
};

}  // namespace copycost::event_store::workloads
