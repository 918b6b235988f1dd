// SPDX-License-Identifier: Apache-2.0
//
// lines: each line of a text becomes an item, as a source makes them of a file: the text is one adopted block, and
// lines are parts of it. With input:1 the text is the real input. One operation is the whole text.
#pragma once
#include "scenarios/graph/workloads/parts/common.h"
#include "scenarios/graph/workloads/parts/line_text.h"

namespace copycost::graph::workloads {

struct lines : workload_defaults {
  static constexpr workload_traits traits{.name = "lines",
                                          .about = "each line of a text becomes an item, a part of one adopted block",
                                          .cls = workload_class::read_once,
                                          .payload = payload_use::text,
                                          .unit = "text"};
  static constexpr std::size_t kText = 256 * kKiB;

  static std::vector<params> points(profile p) {
    std::vector<params> out = {params{{"size", kText}}};
    if (p >= profile::full) out.push_back(params{{"size", 16 * kMiB}});
    if (has_input()) out.push_back(params{{"size", input_text().size()}, {"input", 1}});
    return out;
  }
  static std::string made_text(const params& at, std::uint16_t epoch) {
    return make_line_text(epoch, at.number("size"));
  }
  static std::uint64_t lines_of(const params& at) {
    std::uint64_t n = 0;
    const auto count = [&](std::size_t, std::size_t) { ++n; };
    if (reads_input(at)) {
      each_line(input_text(), count);
    } else {
      const std::string text = made_text(at, 1);
      each_line(std::as_bytes(std::span(text)), count);
    }
    return n;
  }
  static limit_sum limit(const params& at) { return least_read(at.number("size")); }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns != ownership::counted) return {};
    return limit_sum{{static_cast<double>(lines_of(at)), "refcount_pair"}} + limit(at);
  }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params&) { return true; }  // the ends are looked for in the item
  static double written(const params&) { return 128 * kTurn; }
  static std::uint64_t audit_ops(const params& at) { return at.number("size") > kText ? 1 : 4; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const std::string made = reads_input(at) ? std::string() : made_text(at, epoch);
    const bytes_view text = reads_input(at) ? input_text() : std::as_bytes(std::span(made));
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i)
      each_line(text, [&](std::size_t begin, std::size_t size) { seen.add(text.subspan(begin, size)); });
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
    using base = loop_episode<episode_of<D>>;

   public:
    explicit episode_of(const params& at) : base({lines_of(at), at.number("size")}), at_(at) {}
    void setup(window& w) override {
      const std::span<std::byte> memory = w.payload(at_.number("size"), 0);
      const std::string made = reads_input(at_) ? std::string() : made_text(at_, w.epoch());
      std::ranges::copy(reads_input(at_) ? input_text() : std::as_bytes(std::span(made)), memory.begin());
      text_ = must(maker_.adopt({}, foreign_bytes::lent(memory)));
      maker_.end_batch();
      warm_up<D>(maker_, kHeadBytes);
    }
    template <class See>
    void loop(See& see, window&, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n; ++i) {
        std::size_t held = 0;
        std::uint64_t number = 0;
        each_line(text_.bytes(), [&](std::size_t begin, std::size_t size) {
          turn_[held] = done(maker_.part(text_, begin, size, {0, number++, {}}));
          see.handle(turn_[held].bytes());
          if (++held < turn_.size()) return;
          D::drop(std::span(turn_));
          held = 0;
        });
        D::drop(std::span(turn_).first(held));
      }
    }

   private:
    const params at_;
    typename D::context context_;
    typename D::maker maker_{context_};
    typename D::item text_;
    std::array<typename D::item, kTurn> turn_;  // as many lines as a source has in its hands
  };
};

}  // namespace copycost::graph::workloads
