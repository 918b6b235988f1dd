// SPDX-License-Identifier: Apache-2.0
//
// A design as the facade that laws and the reading of real input ask (any_raft.h). Included once a design, by generated
// files.
#pragma once
#include <memory>
#include <utility>

#include "scenarios/raft/any_raft.h"

namespace copycost::raft {
namespace boxes {

template <class D>
struct bytes_box final : bytes_base {
  bytes_box() = default;
  explicit bytes_box(typename D::bytes b) : held(std::move(b)) {}
  // VALID UNTIL: as the design's.
  bytes_view view() const override { return held.view(); }
  result<any_bytes> share() const override { return in_box<any_bytes, bytes_box>(held.share()); }
  result<void> compact() override { return held.compact(); }
  std::uint64_t retained_bytes() const override { return held.retained_bytes(); }
  typename D::bytes held;
};
template <class D>
result<any_bytes> in_bytes_box(result<typename D::bytes> r) {
  return in_box<any_bytes, bytes_box<D>>(std::move(r));
}

template <class D>
struct message_box final : message_base {
  message_box() = default;
  explicit message_box(typename D::message m) : held(std::move(m)) {}
  // VALID UNTIL: as the design's.
  const message_view& view() const override { return held.view(); }
  result<any_bytes> share_data(std::size_t i) const override { return in_bytes_box<D>(held.share_data(i)); }
  std::uint64_t retained_bytes() const override { return held.retained_bytes(); }
  void clear() override { held.clear(); }
  typename D::message held;
};

template <class D>
struct frame_box final : frame_base {
  // VALID UNTIL: as the design's.
  std::span<const iovec> parts() const override { return held.parts(); }
  std::size_t size() const override { return held.size(); }
  typename D::frame held;
};

template <class D>
struct encoder_box final : encoder_base {
  encoder_box(typename D::context& x, const encoder_options& o) : held(x, o) {}
  result<void> message(const message_view& m, any_frame& out, const request_id* id) override {
    return held.message(m, held_or_fresh<frame_box<D>>(out), id);
  }
  result<void> frame(frame_head h, bytes_view payload, any_frame& out) override {
    return held.frame(h, payload, held_or_fresh<frame_box<D>>(out));
  }
  typename D::encoder held;
};

template <class D>
struct inbox_box final : inbox_base {
  inbox_box(typename D::context& x, const inbox_options& o) : held(x, o) {}
  result<std::span<std::byte>> space() override { return held.space(); }
  void wrote(std::size_t n) override { held.wrote(n); }
  result<arrived> next() override { return held.next(); }
  result<void> message(any_message& out) override { return held.message(held_or_fresh<message_box<D>>(out)); }
  result<any_bytes> payload() override { return in_bytes_box<D>(held.payload()); }
  result<void> ended() const override { return held.ended(); }
  std::uint64_t reserved_bytes() const override { return held.reserved_bytes(); }
  std::uint64_t position() const override { return held.position(); }
  typename D::inbox held;
};

template <class D>
struct context_box final : context_base {
  result<any_bytes> copy(bytes_view v) override { return in_bytes_box<D>(held.copy(v)); }
  result<any_bytes> produce(std::size_t n, const payload_writer& write) override {
    return in_bytes_box<D>(held.produce(n, write));
  }
  result<any_message> compose(const message_view& m, std::span<any_bytes> owners) override {
    std::vector<typename D::bytes> real;
    for (any_bytes& b : owners) real.push_back(std::move(held_or_fresh<bytes_box<D>>(b)));
    auto r = held.compose(m, real);
    if (!r) {  // they are the caller's again
      for (std::size_t i = 0; i < real.size(); ++i) held_or_fresh<bytes_box<D>>(owners[i]) = std::move(real[i]);
      return r.error();
    }
    return any_message(std::make_unique<message_box<D>>(std::move(r).value()));
  }
  void applied() override {
    if constexpr (has_batches<D>) held.applied();
  }
  std::unique_ptr<encoder_base> encoder(const encoder_options& o) override {
    return std::make_unique<encoder_box<D>>(held, o);
  }
  std::unique_ptr<inbox_base> inbox(const inbox_options& o) override { return std::make_unique<inbox_box<D>>(held, o); }
  typename D::context held;
};

}  // namespace boxes

template <design D>
class facade_of final : public facade {
 public:
  std::unique_ptr<context_base> context() override { return std::make_unique<boxes::context_box<D>>(); }
  bool batches() const override { return D::traits.batches; }
  bool zero_copy() const override { return D::traits.zero_copy; }
  bool drops_anywhere() const override { return D::traits.drops_anywhere; }
  bool trusts_lengths() const override { return D::traits.trusts_lengths; }
  bool accepts_more() const override { return D::traits.accepts_more; }
  bool speaks(wire_format w) const override { return D::traits.speaks(w); }
};

template <design D>
std::unique_ptr<facade_base> make_facade() {
  return std::make_unique<facade_of<D>>();
}

}  // namespace copycost::raft
