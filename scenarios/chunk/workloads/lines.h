// SPDX-License-Identifier: Apache-2.0
//
// lines: cut a text that lies in chunks of 64 KiB into lines, check that each line is UTF-8, drop it. Chunks end
// anywhere, inside characters too. With input:1 the text is the real input. One operation is the whole text.
#pragma once
#include "scenarios/chunk/derived/sequence.h"
#include "scenarios/chunk/workloads/parts/common.h"
#include "scenarios/chunk/workloads/parts/log_text.h"
#include "scenarios/common/utf8.h"

namespace copycost::chunk::workloads {

struct lines : workload_defaults {
  static constexpr workload_traits traits{.name = "lines",
                                          .about = "a text of several chunks into lines, every line checked as UTF-8",
                                          .cls = workload_class::read_once,
                                          .payload = payload_use::text,
                                          .unit = "text"};
  static constexpr std::size_t kText = 256 * kKiB, kPiece = 64 * kKiB;

  static std::vector<params> points(profile) {
    std::vector<params> out = {params{{"size", kText}}};
    if (has_input()) out.push_back(params{{"size", current_input("chunk")->bytes.size()}, {"input", 1}});
    return out;
  }
  static limit_sum limit(const params& at) { return least_read(at.number("size")); }
  static double copied_cap(const params& at) { return static_cast<double>(census_of(at).crossing_bytes); }
  static std::uint64_t audit_ops(const params& at) { return on_input(at) ? 1 : 4; }

  // The text for the oracle, and where its pieces end.
  static log_text text_of(const params& at, std::uint16_t epoch) {
    if (!on_input(at)) return make_log_text(epoch, at.number("size"), kPiece);
    log_text out;
    for (const auto piece : input_pieces(kPiece)) {
      out.text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      out.cuts.push_back(out.text.size());
    }
    return out;
  }
  // VALID UNTIL: the text is changed or gone.
  static std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      out.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    return out;
  }

  // What promises are made of: the lines of one text, and those that no chunk holds alone.
  struct census {
    std::uint64_t lines = 0, empty = 0, bytes = 0;
    std::uint64_t crossing = 0, crossing_bytes = 0;
  };
  static census census_of(const params& at) {
    const log_text all = text_of(at, 1);
    census out;
    std::size_t begin = 0;
    for (const std::string_view line : split_lines(all.text)) {
      const std::size_t end = begin + line.size();
      const auto cut = std::upper_bound(all.cuts.begin(), all.cuts.end(), begin);
      const bool crosses = cut != all.cuts.end() && *cut < end;
      out.lines += 1;
      out.empty += line.empty();
      out.bytes += line.size();
      if (crosses) {
        out.crossing += 1;
        out.crossing_bytes += line.size();
      }
      begin = end + 1;
    }
    return out;
  }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const log_text all = text_of(at, epoch);
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i)
      for (const std::string_view line : split_lines(all.text)) {
        seen.add(line);
        seen.add(std::uint64_t{utf8::valid_prefix(std::as_bytes(std::span(line.data(), line.size())))});
      }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at) : loop_episode<episode_of>({0, at.number("size")}), at_(at), row_(joined_) {}
    void setup(window& w) override {
      joined_.intern("stream");
      auto chunks = on_input(at_) ? produce_input<D>(context_, w, kPiece) : produce_text(w);
      for (auto& c : chunks)
        if (const auto ok = row_.push(std::move(c)); !ok) operation_failed(ok.error());
    }
    template <class See>
    void loop(See& see, window&, std::uint64_t n) {
      std::uint64_t cut = 0;
      in_rounds(n, 16, joined_, [&](std::uint64_t) {
        done(row_.each_line([&](const auto& line) {
          see.handle(line.view());
          see.number(utf8::valid_prefix(line.view()));
          ++cut;
        }));
      });
      this->also({cut, 0});
    }

   private:
    // The text, written by the producer over the payload memory that the witnesses know.
    std::vector<typename D::chunk> produce_text(window& w) {
      const log_text all = make_log_text(w.epoch(), at_.number("size"), kPiece);
      const bytes_view text = std::as_bytes(std::span(all.text));
      std::vector<typename D::chunk> out;
      std::size_t begin = 0;
      for (const std::size_t end : all.cuts) {
        const std::span<std::byte> memory = w.payload(end - begin, out.size());
        std::copy(text.begin() + static_cast<std::ptrdiff_t>(begin), text.begin() + static_cast<std::ptrdiff_t>(end),
                  memory.begin());
        out.push_back(must(context_.adopt({context_.intern("stream"), begin}, foreign_bytes::lent(memory))));
        begin = end;
      }
      return out;
    }

    params at_;
    typename D::context context_;  // of the text
    typename D::context joined_;   // of the lines that cross a boundary
    sequence<D> row_;
  };
};

}  // namespace copycost::chunk::workloads
