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
struct bytes_box final : any_bytes::base {
  bytes_box() = default;
  explicit bytes_box(typename D::bytes b) : held(std::move(b)) {}
  // VALID UNTIL: as the design's.
  bytes_view view() const override { return held.view(); }
  result<any_bytes> share() const override {
    auto r = held.share();
    if (!r) return r.error();
    return any_bytes(std::make_unique<bytes_box>(std::move(r).value()));
  }
  result<void> compact() override { return held.compact(); }
  std::uint64_t retained_bytes() const override { return held.retained_bytes(); }
  typename D::bytes held;
};
template <class D>
result<any_bytes> boxed(result<typename D::bytes> r) {
  if (!r) return r.error();
  return any_bytes(std::make_unique<bytes_box<D>>(std::move(r).value()));
}

template <class D>
struct message_box final : any_message::base {
  message_box() = default;
  explicit message_box(typename D::message m) : held(std::move(m)) {}
  // VALID UNTIL: as the design's.
  const message_view& view() const override { return held.view(); }
  result<any_bytes> share_data(std::size_t i) const override { return boxed<D>(held.share_data(i)); }
  std::uint64_t retained_bytes() const override { return held.retained_bytes(); }
  void clear() override { held.clear(); }
  typename D::message held;
};

template <class D>
struct frame_box final : any_frame::base {
  // VALID UNTIL: as the design's.
  std::span<const iovec> parts() const override { return held.parts(); }
  std::size_t size() const override { return held.size(); }
  typename D::frame held;
};

template <class Box, class Any>
Box& box_in(Any& any) {
  if (any.box() == nullptr) any = Any(std::make_unique<Box>());
  return static_cast<Box&>(*any.box());
}

template <class D>
struct encoder_box final : any_encoder::base {
  encoder_box(typename D::context& x, const encoder_options& o) : held(x, o) {}
  result<void> message(const message_view& m, any_frame& out, const request_id* id) override {
    return held.message(m, box_in<frame_box<D>>(out).held, id);
  }
  result<void> frame(frame_head h, bytes_view payload, any_frame& out) override {
    return held.frame(h, payload, box_in<frame_box<D>>(out).held);
  }
  typename D::encoder held;
};

template <class D>
struct inbox_box final : any_inbox::base {
  inbox_box(typename D::context& x, const inbox_options& o) : held(x, o) {}
  result<std::span<std::byte>> space() override { return held.space(); }
  void wrote(std::size_t n) override { held.wrote(n); }
  result<arrived> next() override { return held.next(); }
  result<void> message(any_message& out) override { return held.message(box_in<message_box<D>>(out).held); }
  result<any_bytes> payload() override { return boxed<D>(held.payload()); }
  result<void> ended() const override { return held.ended(); }
  std::uint64_t reserved_bytes() const override { return held.reserved_bytes(); }
  std::uint64_t position() const override { return held.position(); }
  typename D::inbox held;
};

template <class D>
struct context_box final : any_context::base {
  result<any_bytes> copy(bytes_view v) override { return boxed<D>(held.copy(v)); }
  result<any_bytes> produce(std::size_t n, const payload_writer& write) override {
    return boxed<D>(held.produce(n, write));
  }
  result<any_message> compose(const message_view& m, std::span<any_bytes> owners) override {
    std::vector<typename D::bytes> real;
    for (any_bytes& b : owners) real.push_back(std::move(box_in<bytes_box<D>>(b).held));
    auto r = held.compose(m, real);
    if (!r) {  // they are the caller's again
      for (std::size_t i = 0; i < real.size(); ++i) box_in<bytes_box<D>>(owners[i]).held = std::move(real[i]);
      return r.error();
    }
    return any_message(std::make_unique<message_box<D>>(std::move(r).value()));
  }
  void applied() override {
    if constexpr (has_batches<D>) held.applied();
  }
  std::unique_ptr<any_encoder::base> encoder(const encoder_options& o) override {
    return std::make_unique<encoder_box<D>>(held, o);
  }
  std::unique_ptr<any_inbox::base> inbox(const inbox_options& o) override {
    return std::make_unique<inbox_box<D>>(held, o);
  }
  typename D::context held;
};

}  // namespace boxes

template <design D>
class facade_of final : public facade {
 public:
  std::unique_ptr<any_context::base> context() override { return std::make_unique<boxes::context_box<D>>(); }
  bool batches() const override { return has_batches<D>; }
  bool zero_copy() const override {
    if constexpr (requires { D::kZeroCopy; })
      return D::kZeroCopy;
    else
      return false;
  }
  bool drops_anywhere() const override {
    if constexpr (requires { D::kDropsAnywhere; })
      return D::kDropsAnywhere;
    else
      return false;
  }
  bool trusts_lengths() const override {
    if constexpr (requires { D::kTrustsLengths; })
      return D::kTrustsLengths;
    else
      return false;
  }
  bool accepts_more() const override {
    if constexpr (requires { D::kAcceptsMore; })
      return D::kAcceptsMore;
    else
      return false;
  }
  bool speaks(wire_format w) const override {
    if constexpr (requires { D::speaks(w); })
      return D::speaks(w);
    else
      return true;
  }
};

template <design D>
std::unique_ptr<facade_base> make_facade() {
  return std::make_unique<facade_of<D>>();
}

}  // namespace copycost::raft
