// SPDX-License-Identifier: Apache-2.0
//
// A link over one ring of a segment: items go to the process at its other end as descriptors, and are viewed where the
// producer wrote them. No byte of payload is copied.
//
//   producer's context --push--> ring k: [block 17, 8, 4096 | source, headers | key][...] --pop--> consumer's context
//                                (an item whose headers have a block of their own is two messages)
//
// At every instant an item on its way belongs to the producer's counts or to the consumer's. When a process is killed,
// at any instruction, what it held is free after reclaim(), which the other end calls when it sees that its peer is
// gone; what the producer published still arrives. Items that were pushed leave the producer's counts some at a time,
// so use_count() stays up for a while after they arrived.
//
// Hostile peers: every number that is read from the segment is checked (slab.h); what is no item ends the link.
//
// Lifetime: not longer than its context. Where a living consumer does not take everything within linger_ns of the
// producer's end, the blocks of the rest stay in use until it has taken them and the producer's process has ended.
// Threads: one at a time for each end.
// Cost: a push some stores and one locked instruction; a pop takes the segment's lock once for up to 32 items, and once
// for each last drop. Waiting spins for some 50 us, then sleeps.
#pragma once
#include <array>
#include <memory>
#include <optional>

#include "impls/common/block_link.h"
#include "impls/graph/shm/design.h"
#include "scenarios/graph/link/link.h"

namespace copycost::graph {

// What a message says beside its block: `tag` of block_message.
//   [headers have a block of their own 1 bit | headers 11 bits | source 20 bits]
namespace shm_tag {
inline constexpr unsigned kSourceBits = 20, kHeaderBits = 11;
inline constexpr std::uint32_t kOwnHeaders = 1u << 31;
// These say more headers than an item can have: the block of an item's headers; the end of the link.
inline constexpr std::uint32_t kHeaders = 0xFFFFFFFE, kEnd = 0xFFFFFFFF;
static_assert(kNamesMax <= 1u << kSourceBits && kHeadersMax < (1u << kHeaderBits) - 1);
}  // namespace shm_tag

class shm_link_out final : public link_out<shm_design> {
 public:
  // Takes the producer's end of the ring, in the segment of `x`. Errors: bad_parameter (there is no such ring),
  // port_taken (a living process has the end, or the consumer has yet to take what an earlier producer left).
  static result<std::unique_ptr<shm_link_out>> open(shm_context& x, unsigned ring, const link_options& options = {});
  ~shm_link_out() override;

  // Errors beside those of link.h: bad_parameter: the item lies in another segment, or its source is no name.
  result<void> push(item& one, std::int64_t deadline_ns) override;
  result<std::size_t> push_some(std::span<item> items) override;
  result<void> drain(std::int64_t deadline_ns) override;
  void close() override;
  // VALID UNTIL: this is destroyed.
  const link_stats& stats() const override { return stats_; }

  // Releases what the consumer has taken; push() does it now and then. Answers how many items are on their way.
  std::uint64_t settle();

 private:
  struct sent {
    std::uint32_t bytes, items;
  };
  shm_link_out(slab& memory, unsigned ring, const link_options& options);
  result<void> may_push(const item& one);
  bool has_room(const item& one);
  void put(item& one);
  void put_message(const block_message& m, item::count_word* count, const sent& what);
  result<void> put_if_room(item& one);
  void look_at_peer();
  void fail(errc why);
  bool has_failed() const { return ended_ && ended_->code != errc::closed; }
  // Waits for the consumer; late when the deadline has passed.
  result<void> wait(std::int64_t deadline_ns);

  slab& memory_;
  const link_options options_;
  const std::int64_t since_ns_;
  block_sender out_;
  std::array<sent, kRingCapacity> sent_{};  // message k at k % kRingCapacity
  std::uint32_t pushed_ = 0, settled_ = 0;  // messages
  std::uint64_t items_ = 0, bytes_ = 0;     // on their way
  std::optional<error> ended_;
  link_stats stats_;
};

class shm_link_in final : public link_in<shm_design> {
 public:
  // Takes the consumer's end of the ring. Errors: bad_parameter, port_taken (a living process has the end).
  static result<std::unique_ptr<shm_link_in>> open(shm_context& x, unsigned ring, const link_options& options = {});
  ~shm_link_in() override { abandon(); }

  result<void> pop(item& into, std::int64_t deadline_ns) override;
  result<std::size_t> pop_some(std::span<item> into) override;
  void abandon() override;
  // VALID UNTIL: this is destroyed.
  const link_stats& stats() const override { return stats_; }

 private:
  shm_link_in(slab& memory, unsigned ring, const link_options& options);
  // False: nothing is there.
  result<bool> try_pop(item& into);
  bool complete(item::parts& is, const block_receiver::arrived& first);
  bool find_headers(item::parts& is) const;
  result<bool> look_at_peer(item& into);
  error end(errc why);

  slab& memory_;
  const link_options options_;
  const std::int64_t since_ns_;
  block_receiver in_;
  std::uint32_t fruitless_ = 0;
  std::optional<error> ended_;
  link_stats stats_;
};

}  // namespace copycost::graph
