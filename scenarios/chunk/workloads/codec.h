// SPDX-License-Identifier: Apache-2.0
//
// codec: encode a chunk into its binary form and decode it again, by copying the payload out (alias:0) or by sharing
// the encoded buffer (alias:1), with and without a checksum (crc:1, crc:0).
#pragma once
#include "scenarios/chunk/derived/codec.h"
#include "scenarios/chunk/workloads/parts/common.h"

namespace copycost::chunk::workloads {

struct codec : workload_defaults {
  static constexpr workload_traits traits{.name = "codec",
                                          .about = "encode a chunk, decode it by copy or by sharing the encoded buffer",
                                          .cls = workload_class::ingest,
                                          .payload = payload_use::read};

  static std::vector<params> points(profile p) {
    const auto point = [](std::uint64_t size, std::uint64_t alias, std::uint64_t crc) {
      return params{{"size", size}, {"alias", alias}, {"crc", crc}};
    };
    if (p == profile::smoke) return {point(4 * kKiB, 1, 1)};
    if (p == profile::quick)
      return {point(256, 1, 0), point(4 * kKiB, 0, 0), point(4 * kKiB, 1, 0), point(4 * kKiB, 1, 1)};
    std::vector<params> out;
    for (const std::uint64_t size : {64u, 256u, 4096u, 65536u, 1048576u})
      for (const std::uint64_t alias : {0u, 1u})
        for (const std::uint64_t crc : {0u, 1u}) out.push_back(point(size, alias, crc));
    return out;
  }
  static double times(const params& at) { return at.number("alias") != 0 ? 1 : 2; }
  // COPIES: size, or twice that. A checksum that is verified is a read of what was written; a copy can check as it
  // goes.
  static limit_sum with_check(const params& at, limit_sum copies) {
    const bool reads = at.number("crc") != 0 && at.number("alias") != 0;
    return reads ? std::move(copies) + least_read(at.number("size")) : copies;
  }
  static limit_sum limit(const params& at) { return with_check(at, times(at) * least_copy(at.number("size"))); }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns != ownership::copies && owns != ownership::counted) return {};
    return with_check(at, {{owns == ownership::copies ? 2 : times(at), "malloc_memcpy_free", at.number("size")}});
  }
  static double copied_cap(const params& at) { return times(at) * static_cast<double>(at.number("size")); }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto bytes = model_payload(epoch, at.number("size"), 0);
    const std::uint64_t frame =
        3 + 4 + std::string_view("stream").size() + 8 + 4 + bytes.size() + (at.number("crc") != 0 ? 4 : 0);
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i) {
      seen.add(bytes);
      seen.add(std::uint64_t{0});
      seen.add(frame);
    }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public buffer_episode<episode_of<D>, D> {
    using base = buffer_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at)
        : base(at, {.payload_bytes = at.number("size")}),
          alias_(at.number("alias") != 0),
          how_{at.number("crc") != 0} {}
    void setup(window& w) override {
      base::setup(w);
      coded_.intern("stream");
    }
    template <class See>
    void loop(See& see, window&, std::uint64_t n) {
      const auto& source = this->sources_.front();
      in_rounds(n, round_of(2 * this->size_), coded_, [&](std::uint64_t) {
        const auto frame = done(encode<D>(coded_, source, how_));
        const auto back = done(alias_ ? decode_alias<D>(coded_, frame) : decode_copy<D>(coded_, frame.view()));
        see.handle(back.chunk.view());
        see.number(back.chunk.at().offset);
        see.number(back.consumed);
      });
    }

   private:
    bool alias_;
    encode_options how_;
    typename D::context coded_;
  };
};

}  // namespace copycost::chunk::workloads
