// SPDX-License-Identifier: Apache-2.0
//
// json_strings: each of the 100 strings of a JSON text becomes an item. One operation is one text.
//
//   text  ["plain","with \"escapes\"", ...]
//   owned 0   a plain string is a part of the text; one with escapes cannot be borrowed and is decoded into an item
//   owned 1   every string is copied or decoded into an item of its own
#pragma once
#include "scenarios/graph/workloads/parts/common.h"
#include "scenarios/graph/workloads/parts/json_text.h"

namespace copycost::graph::workloads {

struct json_strings : workload_defaults {
  static constexpr workload_traits traits{.name = "json_strings",
                                          .about = "100 strings of a JSON text become items, borrowed or owned",
                                          .cls = workload_class::read_once,
                                          .payload = payload_use::text,
                                          .with = beside::allocator,
                                          .unit = "text"};
  static constexpr std::size_t kStrings = 100;

  static std::vector<params> points(profile p) {
    std::vector<std::uint64_t> sizes = {64};
    if (p >= profile::full) sizes = {64, 1 * kKiB};
    std::vector<params> out;
    for (const std::uint64_t size : sizes)
      for (const std::uint64_t escaped : {0u, 1u, 50u})
        for (const std::uint64_t owned : {0u, 1u})
          if (p != profile::smoke || (escaped == 50 && owned == 0))
            out.push_back(params{{"size", size}, {"escaped", escaped}, {"owned", owned}});
    return out;
  }
  // With quotes, commas and brackets.
  static std::uint64_t text_bytes(const params& at) { return kStrings * (at.number("size") + 3) + 1; }
  // Strings with escapes, and the bytes of what they say.
  static double decoded(const params& at) { return static_cast<double>(at.number("escaped")); }
  static double decoded_bytes(const params& at) {
    constexpr double kSaid = 1 - static_cast<double>(kEscapeBytes - kEscapeSays) / kEscapeEvery;
    return decoded(at) * kSaid * static_cast<double>(at.number("size"));
  }
  static double plain(const params& at) { return kStrings - decoded(at); }
  static double plain_bytes(const params& at) { return plain(at) * static_cast<double>(at.number("size")); }

  static limit_sum limit(const params& at) { return least_read(text_bytes(at)); }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns != ownership::counted || at.number("owned") != 0) return {};
    const limit_sum shares{{plain(at), "refcount_pair"}};
    if (decoded(at) == 0) return shares + limit(at);
    return shares + limit_sum{{decoded(at), "malloc_free", at.number("size")}} + limit(at);
  }
  static double copied_cap(const params& at) {
    return decoded_bytes(at) + (at.number("owned") != 0 ? plain_bytes(at) : 0);
  }
  static bool design_reads(const params&) { return true; }  // the quotes are looked for in the item
  static double written(const params& at) { return 2 * static_cast<double>(text_bytes(at)) + kStrings * 96; }
  static std::uint64_t audit_ops(const params&) { return 4; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto made = make_json_strings(epoch, kStrings, at.number("size"), at.number("escaped"));
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i)
      for (const std::string& one : made.strings) seen.add(one);
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
    using base = loop_episode<episode_of<D>>;
    using item = typename D::item;

   public:
    explicit episode_of(const params& at)
        : base({kStrings, text_bytes(at)}), at_(at), is_owned_(at.number("owned") != 0), strings_(kStrings) {}
    void setup(window& w) override {
      const auto made = make_json_strings(w.epoch(), kStrings, at_.number("size"), at_.number("escaped"));
      const std::span<std::byte> memory = w.payload(made.text.size(), 0);
      std::ranges::copy(std::as_bytes(std::span(made.text)), memory.begin());
      text_ = must(maker_.adopt({}, foreign_bytes::lent(memory)));
      maker_.end_batch();
      warm_up<D>(maker_, made.text.size());
    }
    template <class See>
    void loop(See& see, window&, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n; ++i) {
        const bytes_view text = text_.bytes();
        std::size_t at = 1;
        for (std::uint64_t k = 0; k < kStrings; ++k) {
          const json_string found = done(string_at(text, at));
          strings_[k] = string_of(found, text.subspan(found.begin, found.end - found.begin), k);
          see.handle(strings_[k].bytes());
          at = found.end + 2;  // behind the quote and a comma or a bracket
        }
        D::drop(std::span(strings_));
        maker_.end_batch();
      }
    }

   private:
    item string_of(const json_string& found, bytes_view raw, std::uint64_t key) {
      const metadata meta{0, key, {}};
      if (found.has_escapes) {
        auto draft = done(maker_.build(meta, raw.size()));
        const std::size_t used = done(decode(raw, draft.bytes()));
        return done(maker_.seal(std::move(draft), used));
      }
      if (is_owned_) return done(maker_.copy(meta, raw));
      return done(maker_.part(text_, found.begin, raw.size(), meta));
    }

    const params at_;
    const bool is_owned_;
    typename D::context context_;
    typename D::maker maker_{context_};
    item text_;
    std::vector<item> strings_;
  };
};

}  // namespace copycost::graph::workloads
