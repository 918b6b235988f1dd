// SPDX-License-Identifier: Apache-2.0
//
// slice: gather writes of payload where it lies; received messages are slices of the receive buffer.
//
//   sent      message [entry data*]---------------+        received  [count|....unit|unit|half a uni....free...]
//   frame     scratch [head|fields] part part part|                         ^  ^data
//   writev       ^--------------------^           v                message [owner*|entries: views] ----+ keeps
//                                        [count|payload]                                               the block
//
// A receive block that no message keeps any more is used again from its start. One that a message keeps stays with that
// message, and the unfinished unit at its end moves to a fresh block.
//
// Lifetime: a message keeps its block, and so does an entry that was shared. retained_bytes() says how much that is,
// compact() is the cure, and compact_below() the rule for callers that keep entries.
// Threads: bytes and messages may be dropped by any thread; contexts, encoders and inboxes belong to one.
// Cost: a message with payload one count; an entry none until shared.
#pragma once
#include "harness/base/check.h"
#include "impls/common/ref_block.h"
#include "impls/raft/common/gather.h"
#include "impls/raft/common/held_message.h"
#include "impls/raft/common/inbox.h"

namespace copycost::raft {

// A part of a counted block.
class slice_bytes {
 public:
  slice_bytes() = default;
  slice_bytes(ref block, bytes_view view) : block_(std::move(block)), view_(view) {}
  slice_bytes(slice_bytes&& o) noexcept : block_(std::move(o.block_)), view_(std::exchange(o.view_, {})) {}
  slice_bytes& operator=(slice_bytes&& o) noexcept {
    block_ = std::move(o.block_);
    view_ = std::exchange(o.view_, {});
    return *this;
  }
  // VALID UNTIL: this is destroyed, moved from or changed.
  bytes_view view() const { return view_; }
  result<slice_bytes> share() const { return part(view_); }
  result<slice_bytes> part(bytes_view view) const {
    return view.empty() ? slice_bytes() : slice_bytes(block_.share(), view);
  }
  result<void> compact();
  // Compacts where less than one in `ratio` bytes of what is kept is wanted: the rule for entries that go into a log.
  result<void> compact_below(std::uint64_t ratio) {
    return view_.size() * ratio < retained_bytes() ? compact() : result<void>{};
  }
  std::uint64_t retained_bytes() const { return block_.get() == nullptr ? 0 : block_.get()->held_bytes(); }

 private:
  ref block_;
  bytes_view view_;
};

// Where bytes arrive: one block at a time.
class slice_room {
 public:
  template <class Context>
  explicit slice_room(Context&) {}
  // VALID UNTIL: reserve() or consumed().
  bytes_view held() const { return {data() + begin_, end_ - begin_}; }
  // COPIES: held(), where a fresh block is needed.
  result<void> reserve(std::size_t n);
  // VALID UNTIL: as held().
  std::span<std::byte> space() const { return {data() + end_, capacity() - end_}; }
  void filled(std::size_t n) {
    COPYCOST_ASSERT(n <= space().size());
    end_ += n;
  }
  void consumed(std::size_t n) {
    begin_ += n;
    if (begin_ != end_ || !block_.get()->is_unique()) return;
    begin_ = end_ = 0;
    if (capacity() > kKeptRoom) block_ = ref();
  }
  std::uint64_t reserved_bytes() const { return capacity(); }
  result<slice_bytes> own(bytes_view payload) const {
    return payload.empty() ? slice_bytes() : slice_bytes(block_.share(), payload);
  }
  template <class Message>
  result<void> keep(bytes_view payload, Message& m) const {
    if (m.refers()) m.set_owner(slice_bytes(block_.share(), payload));
    return {};
  }

 private:
  // VALID UNTIL: reserve().
  std::byte* data() const { return block_.get() == nullptr ? nullptr : block_.get()->data(); }
  std::size_t capacity() const { return block_.get() == nullptr ? 0 : block_.get()->capacity(); }

  ref block_;
  std::size_t begin_ = 0, end_ = 0;
};

struct slice_design {
  static constexpr design_traits traits{.zero_copy = true, .drops_anywhere = true, .every_size = true};
  using bytes = slice_bytes;
  using message = held_message<slice_bytes>;
  using frame = gather_frame;
  using inbox = basic_inbox<slice_room, message, bytes>;

  class context {
   public:
    result<bytes> copy(bytes_view v);  // COPIES: v.size()
    result<bytes> produce(std::size_t n, const payload_writer& write);
    result<message> compose(const message_view& m, std::span<bytes> owners) { return message::composed(m, owners); }
  };
  class encoder : public gather_encoder {
   public:
    encoder(context&, const encoder_options& o) : gather_encoder(o) {}
  };
};
static_assert(design<slice_design>);

}  // namespace copycost::raft
