// SPDX-License-Identifier: Apache-2.0
//
// replay_capture: the traffic of a real cluster goes through a design. One operation is the whole trace.
//
//   way:decode   bytes --pieces--> inbox --> each message, each entry's payload read
//   way:encode   messages that were decoded before --> encoder --> each unit's gather list
//   way:both     what was decoded is encoded again at once
//
// With format:message the trace is one stream in the order of the capture; with format:msgappv2 its appends are as many
// streams as there are pairs of members, one after the other; format:compat is for designs that know nothing but
// frames, and for comparison with them. input:0 is the bundled trace (trace/README.md), input:1 the current input.
// Bringing a piece into inbox.space() stands for the kernel's copy; it is in the window, and it counts. A batch ends
// behind each piece that has completed a message.
#pragma once
#include <algorithm>
#include <type_traits>
#include <utility>

#include "harness/core/observe.h"
#include "scenarios/raft/traffic/capture_legs.h"
#include "scenarios/raft/workloads/parts/common.h"

namespace copycost::raft::workloads {

struct replay_capture : workload_defaults {
  static constexpr workload_traits traits{.name = "replay_capture",
                                          .about = "captured traffic of a cluster, decoded, encoded, or both",
                                          .cls = workload_class::read_once,
                                          .payload = payload_use::read,
                                          .unit = "trace"};
  static constexpr std::uint64_t kRead = 16 * kKiB, kSegment = 1460;  // a read that finds a lot; a TCP segment

  static params point(std::uint64_t input, std::string_view format, std::string_view way, std::uint64_t pieces) {
    return params{{"input", input}}.set("format", format).set("way", way).set("pieces", pieces);
  }
  template <class D>
  static std::vector<params> points_of(profile p) {
    constexpr bool speaks_message = D::traits.speaks(wire_format::etcd_message);
    std::vector<params> out;
    if constexpr (speaks_message) out.push_back(point(0, "message", "decode", kRead));
    if (has_input_trace()) out.push_back(point(1, speaks_message ? "message" : "compat", "both", kRead));
    if (p == profile::smoke && speaks_message) return out;
    if constexpr (D::traits.speaks(wire_format::compat)) out.push_back(point(0, "compat", "decode", kRead));
    if (p == profile::smoke) return out;
    if constexpr (speaks_message) out.push_back(point(0, "message", "encode", kRead));
    if (p == profile::quick) return out;
    if constexpr (speaks_message)
      out.push_back(point(0, "message", "decode", kSegment));
    else
      out.push_back(point(0, "compat", "encode", kRead));
    if constexpr (D::traits.speaks(wire_format::etcd_append)) out.push_back(point(0, "msgappv2", "both", kRead));
    return out;
  }
  static bool on_input(const params& at) { return reads_input(at); }
  static bool decodes(const params& at) { return at.text("way") != "encode"; }
  static bool encodes(const params& at) { return at.text("way") != "decode"; }
  static wire_format format_of(const params& at) { return *format_named(at.text("format")); }
  static capture_legs legs_of(const params& at) {
    return {on_input(at) ? input_trace() : bundled_trace(), format_of(at)};
  }
  static capture_legs::census census_of(const params& at) {
    static thread_local std::pair<std::string, capture_legs::census> latest;  // promises ask several times in a row
    std::string wanted = at.to_string();
    if (on_input(at)) wanted += "/" + std::to_string(current_input("raft")->number);
    if (latest.first != wanted) latest = {wanted, legs_of(at).count()};
    return latest.second;
  }

  // The pieces are brought in, and the payload is read. A unit that is encoded has a turn of its own.
  static limit_sum limit(const params& at) {
    const auto counts = census_of(at);
    limit_sum sum;
    if (decodes(at)) sum = least_copy_near(counts.bytes) + least_read_near(counts.payload);
    if (encodes(at)) sum = std::move(sum) + static_cast<double>(counts.units) * least_turn();
    return sum;
  }
  // The trace is not in any cache when it comes.
  static limit_sum reference(const params& at, ownership) {
    if (!decodes(at)) return {};
    const auto times = [](std::uint64_t bytes, std::uint64_t piece) {
      return static_cast<double>(bytes) / static_cast<double>(piece);
    };
    const std::uint64_t piece = at.number("pieces");
    const auto counts = census_of(at);
    return {{times(counts.bytes, piece), "memcpy_cold", piece}, {times(counts.payload, kRead), "read_hot", kRead}};
  }
  // The piece that is brought in, and unfinished units that move to where there is room. One copy of the payload more
  // would be above it: payload is most of a trace.
  static double copied_cap(const params& at) {
    return decodes(at) ? 1.5 * static_cast<double>(census_of(at).bytes) : 0;
  }
  static double written(const params&) { return 64 * kKiB; }  // heads and places of what is encoded at once
  static std::uint64_t audit_ops(const params& at) { return on_input(at) ? 1 : 2; }

  static std::uint64_t expected(const params& at, std::uint16_t, std::uint64_t n) {
    const capture_legs legs = legs_of(at);
    digest seen;
    for (std::uint64_t k = 0; k < n; ++k)
      for (const capture_leg& l : legs.list())
        for (std::size_t i = 0; i < l.ends.size(); ++i) {
          if (decodes(at)) see_plainly(seen, l.messages[i]);
          if (encodes(at)) seen.add(l.unit(i));
        }
    return results_of_one_role(seen);
  }
  static void see_plainly(digest& seen, const plain::message& m) {
    for (const std::uint64_t v : {m.type, m.to, m.from, m.term, m.log_term, m.index, m.commit, m.reject, m.reject_hint})
      seen.add(v);
    for (const plain::entry& e : m.entries) {
      seen.add(e.type);
      seen.add(e.term);
      seen.add(e.index);
      seen.add(e.data);
    }
    seen.add(m.context);
    if (!m.snapshot_data.empty()) {
      seen.add(m.snapshot_index);
      seen.add(m.snapshot_term);
      seen.add(m.snapshot_data);
    }
  }
  // A receiver looks at every field and reads every byte of payload.
  template <class See>
  static void see_message(See& see, const message_view& m) {
    const message_head& h = m.head;
    see.number(static_cast<std::uint64_t>(h.type));
    for (const std::uint64_t v : {h.to, h.from, h.term, h.log_term, h.index, h.commit}) see.number(v);
    see.number(h.reject ? 1 : 0);
    see.number(h.reject_hint);
    for (const entry_view& e : m.entries) {
      see.number(static_cast<std::uint64_t>(e.type));
      see.number(e.term);
      see.number(e.index);
      see.read(e.data);
    }
    see.read(m.context);
    if (m.snapshot.data.empty()) return;
    see.number(m.snapshot.index);
    see.number(m.snapshot.term);
    see.read(m.snapshot.data);
  }
  // A sender has the parts; how many they are is the design's affair. Where they lie is not asked: heads are not
  // payload.
  template <class See>
  static void see_parts(See& see, std::span<const iovec> parts, std::size_t size) {
    for (const iovec& p : parts) {
      const bytes_view bytes(static_cast<const std::byte*>(p.iov_base), p.iov_len);
      if constexpr (std::is_same_v<See, cost_observer>) see.handle(bytes);
      if constexpr (std::is_same_v<See, results_observer>) see.seen.part(bytes);
    }
    if constexpr (std::is_same_v<See, results_observer>) see.seen.add(std::uint64_t{size});
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>({census_of(at).units, census_of(at).bytes}),
          legs_(legs_of(at)),
          decodes_(decodes(at)),
          encodes_(encodes(at)),
          pieces_(static_cast<std::size_t>(at.number("pieces"))),
          format_(format_of(at)) {
      limits_.payload = std::max(limits_.payload, static_cast<std::size_t>(census_of(at).largest));
    }
    void setup(window& w) override {
      std::uint64_t id = 0;
      for (const capture_leg& l : legs_.list()) {
        const std::span<std::byte> memory = w.payload(l.stream.size(), id++);
        std::copy(l.stream.begin(), l.stream.end(), memory.begin());
        lent_.push_back(memory);
        if (decodes_) continue;
        auto& kept = kept_messages_.emplace_back();
        kept.reserve(l.ends.size());
        receive(
            kept_, l, memory, [&](typename D::message& m) { kept.push_back(std::exchange(m, {})); }, [] {});
      }
    }
    template <class See>
    void loop(See& see, window&, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < lent_.size(); ++k) decodes_ ? decode(see, k) : encode(see, k);
    }

   private:
    encoder_options sending(const capture_leg& l) const {
      encoder_options o;
      o.format = format_;
      o.limit = limits_;
      o.from = l.from;
      o.to = l.to;
      return o;
    }
    // Feeds a stream in pieces; `each` has the messages, `applied` ends a batch.
    template <class Each, class Applied>
    void receive(typename D::context& x, const capture_leg& l, bytes_view rest, Each each, Applied applied) {
      inbox_options o;
      o.format = format_;
      o.limit = limits_;
      o.from = l.from;
      o.to = l.to;
      typename D::inbox inbox(x, o);
      typename D::message m;
      while (!rest.empty()) {
        const std::span<std::byte> space = done(inbox.space());
        const std::size_t n = std::min({space.size(), rest.size(), pieces_});
        counted_copy(space.data(), rest.data(), n);
        inbox.wrote(n);
        rest = rest.subspan(n);
        bool any = false;
        while (done(inbox.next()).what != arrival::none) {
          done(inbox.message(m));
          each(m);
          any = true;
        }
        if (any) {
          m.clear();
          applied();
        }
      }
      done(inbox.ended());
    }
    template <class See>
    void decode(See& see, std::size_t k) {
      const capture_leg& l = legs_.list()[k];
      typename D::encoder encoder(context_, sending(l));
      receive(
          context_, l, lent_[k],
          [&](typename D::message& m) {
            see_message(see, m.view());
            if (encodes_) encode_one(see, encoder, m);
          },
          [&] { end_of_batch<D>(context_); });
    }
    template <class See>
    void encode(See& see, std::size_t k) {
      typename D::encoder encoder(context_, sending(legs_.list()[k]));
      for (const typename D::message& m : kept_messages_[k]) encode_one(see, encoder, m);
    }
    template <class See>
    void encode_one(See& see, typename D::encoder& encoder, const typename D::message& m) {
      done(encoder.message(m.view(), frame_, nullptr));
      see_parts(see, frame_.parts(), frame_.size());
    }

    capture_legs legs_;
    bool decodes_, encodes_;
    std::size_t pieces_;
    wire_format format_;
    wire_limits limits_;
    std::vector<std::span<std::byte>> lent_;  // the streams, in memory that the witnesses know
    typename D::context context_, kept_;      // of what is decoded in the window; of what is there before
    std::vector<std::vector<typename D::message>> kept_messages_;
    typename D::frame frame_;
  };
};

}  // namespace copycost::raft::workloads
