// SPDX-License-Identifier: Apache-2.0
//
// arena: what arrives lies in the arena of a batch, and so do the lists of entries. All of it goes at once when the
// batch is applied, and the arena is used again.
//
//   batch 7   [unit|unit|entries|unit|entries|half a uni...free....]      applied(): the half unit moves over, the
//   batch 8   [half a uni.....free ..............................]        rest is free
//              one arena receives while the other one is empty
//
// Sending is as in slice: gather writes of what lies in an arena.
//
// Lifetime: messages and bytes live until applied(), which the caller calls when it uses none of them any more.
// Threads: all of it belongs to one.
// Cost: no counts, no frees; applied() copies what has come of unfinished units.
#pragma once
#include <array>
#include <vector>

#include "harness/base/check.h"
#include "impls/raft/arena/bytes.h"
#include "impls/raft/common/gather.h"
#include "impls/raft/common/inbox.h"

namespace copycost::raft {

class arena_room;

class arena_context {
 public:
  arena_context() = default;
  arena_context(const arena_context&) = delete;
  arena_context& operator=(const arena_context&) = delete;

  result<arena_bytes> copy(bytes_view v);  // COPIES: v.size()
  result<arena_bytes> produce(std::size_t n, const payload_writer& write);
  result<arena_message> compose(const message_view& m, std::span<arena_bytes> owners);
  // Ends the batch: whatever was decoded, copied or produced before is gone. COPIES: unfinished units.
  void applied();

  arena& batch() { return arenas_[current_]; }  // VALID UNTIL: the context is destroyed

 private:
  friend class arena_room;
  std::array<arena, 2> arenas_;
  std::size_t current_ = 0;
  std::vector<arena_room*> rooms_;
};

// Where bytes arrive: a piece of the batch's arena.
class arena_room {
 public:
  explicit arena_room(arena_context& x) : context_(x) { x.rooms_.push_back(this); }
  ~arena_room() { std::erase(context_.rooms_, this); }
  arena_room(const arena_room&) = delete;
  arena_room& operator=(const arena_room&) = delete;

  // VALID UNTIL: reserve(), consumed(), or the batch ends.
  bytes_view held() const { return {piece_.data + begin_, end_ - begin_}; }
  // COPIES: held(), where it must move to have room behind it.
  result<void> reserve(std::size_t n);
  // VALID UNTIL: as held().
  std::span<std::byte> space() const { return {piece_.data + end_, room_ - end_}; }
  void filled(std::size_t n) {
    COPYCOST_ASSERT(n <= space().size());
    end_ += n;
  }
  void consumed(std::size_t n) {
    begin_ += n;
    if (begin_ == end_ && !kept_) begin_ = end_ = 0;
  }
  std::uint64_t reserved_bytes() const { return room_; }
  result<arena_bytes> own(bytes_view payload) {
    if (payload.empty()) return arena_bytes();
    kept_ = true;
    return arena_bytes(context_.batch(), piece_.ticket, payload);
  }
  void begin(arena_message& m) { m.entries().begin(context_.batch()); }
  // Or every refused message would keep a list until the end.
  void abandon(arena_message& m) { m.entries().give_back(); }
  result<void> keep(bytes_view, arena_message& m) {
    if (!m.refers()) return {};
    m.entries().finish();
    m.lives_in(context_.batch(), piece_.ticket);
    kept_ = true;
    return {};
  }
  arena& batch() { return context_.batch(); }  // VALID UNTIL: the context is destroyed

 private:
  friend class arena_context;
  // COPIES: held(). The memory before is another batch's.
  void move_to(arena& to);

  arena_context& context_;
  arena::lease piece_;
  std::size_t room_ = 0, begin_ = 0, end_ = 0;
  bool kept_ = false;  // a message looks into this piece until the batch ends
};

struct arena_design {
  static constexpr design_traits traits{.zero_copy = true, .batches = true};
  using bytes = arena_bytes;
  using message = arena_message;
  using frame = gather_frame;
  using context = arena_context;
  class inbox : public basic_inbox<arena_room, message, bytes> {
   public:
    using basic_inbox::basic_inbox;
  };
  class encoder : public gather_encoder {
   public:
    encoder(context&, const encoder_options& o) : gather_encoder(o) {}
  };
};
static_assert(design<arena_design>);

}  // namespace copycost::raft
