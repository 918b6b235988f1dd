// SPDX-License-Identifier: Apache-2.0
//
// The contract of the raft system behind virtual functions: a design of any kind, so that laws, connections under test,
// the reading of real input and everything else that is not timed is compiled once. any_design satisfies the same
// concept as a design does, so what is a template of the design works on it too. Errors and COPIES are those of the
// design.
//
// Lifetime: that of the design behind it.
// Threads: those of the design behind it.
// Cost: an allocation for each value.
#pragma once
#include <memory>
#include <utility>
#include <vector>

#include "harness/judge/law.h"
#include "scenarios/common/laws/boxed.h"
#include "scenarios/raft/contract.h"

namespace copycost::raft {

class any_bytes;

struct bytes_base {
  virtual ~bytes_base() = default;
  virtual bytes_view view() const = 0;  // VALID UNTIL: as the design's
  virtual result<any_bytes> share() const = 0;
  virtual result<void> compact() = 0;
  virtual std::uint64_t retained_bytes() const = 0;
};
class any_bytes : public boxed<bytes_base> {
 public:
  using boxed::boxed;
  // VALID UNTIL: as the design's.
  bytes_view view() const { return is_ == nullptr ? bytes_view() : is_->view(); }
  result<any_bytes> share() const {
    if (is_ == nullptr) return any_bytes();
    return is_->share();
  }
  result<void> compact() { return is_ == nullptr ? result<void>{} : is_->compact(); }
  std::uint64_t retained_bytes() const { return is_ == nullptr ? 0 : is_->retained_bytes(); }
};

struct message_base {
  virtual ~message_base() = default;
  virtual const message_view& view() const = 0;  // VALID UNTIL: as the design's
  virtual result<any_bytes> share_data(std::size_t i) const = 0;
  virtual std::uint64_t retained_bytes() const = 0;
  virtual void clear() = 0;
};
class any_message : public boxed<message_base> {
 public:
  using boxed::boxed;
  // VALID UNTIL: as the design's.
  const message_view& view() const {
    static const message_view none;
    return is_ == nullptr ? none : is_->view();
  }
  result<any_bytes> share_data(std::size_t i) const { return is_->share_data(i); }
  std::uint64_t retained_bytes() const { return is_ == nullptr ? 0 : is_->retained_bytes(); }
  void clear() {
    if (is_ != nullptr) is_->clear();
  }
};

struct frame_base {
  virtual ~frame_base() = default;
  virtual std::span<const iovec> parts() const = 0;  // VALID UNTIL: as the design's
  virtual std::size_t size() const = 0;
};
class any_frame : public boxed<frame_base> {
 public:
  using boxed::boxed;
  // VALID UNTIL: as the design's.
  std::span<const iovec> parts() const { return is_ == nullptr ? std::span<const iovec>() : is_->parts(); }
  std::size_t size() const { return is_ == nullptr ? 0 : is_->size(); }
};

class any_context;

struct encoder_base {
  virtual ~encoder_base() = default;
  virtual result<void> message(const message_view& m, any_frame& out, const request_id* id) = 0;
  virtual result<void> frame(frame_head h, bytes_view payload, any_frame& out) = 0;
};
class any_encoder : public boxed<encoder_base> {
 public:
  any_encoder(any_context& x, const encoder_options& o);
  result<void> message(const message_view& m, any_frame& out, const request_id* id) { return is_->message(m, out, id); }
  result<void> frame(frame_head h, bytes_view payload, any_frame& out) { return is_->frame(h, payload, out); }
};

struct inbox_base {
  virtual ~inbox_base() = default;
  virtual result<std::span<std::byte>> space() = 0;  // VALID UNTIL: as the design's
  virtual void wrote(std::size_t n) = 0;
  virtual result<arrived> next() = 0;
  virtual result<void> message(any_message& out) = 0;
  virtual result<any_bytes> payload() = 0;
  virtual result<void> ended() const = 0;
  virtual std::uint64_t reserved_bytes() const = 0;
  virtual std::uint64_t position() const = 0;
};
class any_inbox : public boxed<inbox_base> {
 public:
  any_inbox(any_context& x, const inbox_options& o);
  // VALID UNTIL: as the design's.
  result<std::span<std::byte>> space() { return is_->space(); }
  void wrote(std::size_t n) { is_->wrote(n); }
  result<arrived> next() { return is_->next(); }
  result<void> message(any_message& out) { return is_->message(out); }
  result<any_bytes> payload() { return is_->payload(); }
  result<void> ended() const { return is_->ended(); }
  std::uint64_t reserved_bytes() const { return is_->reserved_bytes(); }
  std::uint64_t position() const { return is_->position(); }
};

// One context of the design.
struct context_base {
  virtual ~context_base() = default;
  virtual result<any_bytes> copy(bytes_view v) = 0;
  virtual result<any_bytes> produce(std::size_t n, const payload_writer& write) = 0;
  virtual result<any_message> compose(const message_view& m, std::span<any_bytes> owners) = 0;
  virtual void applied() = 0;  // nothing in designs without batches
  virtual std::unique_ptr<encoder_base> encoder(const encoder_options& o) = 0;
  virtual std::unique_ptr<inbox_base> inbox(const inbox_options& o) = 0;
};
class any_context : public boxed<context_base> {
 public:
  using boxed::boxed;
  any_context() = delete;
  any_context(const any_context&) = delete;
  any_context& operator=(const any_context&) = delete;
  result<any_bytes> copy(bytes_view v) { return is_->copy(v); }
  result<any_bytes> produce(std::size_t n, const payload_writer& write) { return is_->produce(n, write); }
  result<any_message> compose(const message_view& m, std::span<any_bytes> owners) { return is_->compose(m, owners); }
  void applied() { is_->applied(); }
};

inline any_encoder::any_encoder(any_context& x, const encoder_options& o) : boxed(x.box()->encoder(o)) {}
inline any_inbox::any_inbox(any_context& x, const inbox_options& o) : boxed(x.box()->inbox(o)) {}

struct any_design {
  using bytes = any_bytes;
  using message = any_message;
  using frame = any_frame;
  using encoder = any_encoder;
  using inbox = any_inbox;
  using context = any_context;
};

class facade : public facade_base {
 public:
  virtual std::unique_ptr<context_base> context() = 0;
  virtual bool batches() const = 0;    // messages end with applied()
  virtual bool zero_copy() const = 0;  // payload is referred to, not copied: shares show the same bytes
  // Takes room for what a frame claims, up to the limit: the laws about that do not hold, and are not asked
  // (design_traits::trusts_lengths).
  virtual bool trusts_lengths() const = 0;
  // Bytes and messages may be looked at and dropped by any thread (design_traits::drops_anywhere).
  virtual bool drops_anywhere() const = 0;
  // Its parser is a third party's, and reads some messages that the contract refuses (design_traits::accepts_more).
  virtual bool accepts_more() const = 0;
  // Which wire formats the design speaks; a peer that is a codec may not have frames of its own.
  virtual bool speaks(wire_format w) const = 0;
};

}  // namespace copycost::raft
