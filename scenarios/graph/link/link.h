// SPDX-License-Identifier: Apache-2.0
//
// An edge to another process, as each of its ends sees it: a channel whose other end may die.
//
//   producer's process                                            consumer's process
//   push, push_some --> link_out ~~~~ what carries it ~~~~> link_in --> pop, pop_some
//   close()                                                             abandon()
//
// Items arrive once and in order. How a link ends, and what each side learns:
//
//   the producer closes          the consumer pops what is left, then pop answers `closed`
//   the producer's process dies  the consumer pops what was published and came whole, then `peer_gone`
//   the consumer leaves or dies  push answers `peer_gone`, soon; stats().undelivered counts what was not taken
//   a side breaks the protocol   the other one answers `broken_link`, or the error of the batch, from then on
//
// Lifetime: not longer than the context. Items that were popped outlive the link.
// Threads: one at a time for each end; the two ends are independent.
// Cost: that of what carries it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "scenarios/graph/contract.h"
#include "scenarios/graph/run/channel/never.h"

namespace copycost::graph {

struct link_options {
  std::uint64_t items = 1024;                 // that are on their way at once; a carrier may have room for fewer
  std::uint64_t bytes = 64 * 1024 * 1024;     // of payload that is on its way at once; the largest item, too
  std::int64_t patience_ns = 30'000'000'000;  // how long a peer that never came is waited for
  std::int64_t linger_ns = 1'000'000'000;     // how long the producer's end waits at its end for what was not taken
};

struct link_stats {
  std::uint64_t items = 0, bytes = 0;  // pushed, or popped
  std::uint64_t taken = 0;             // of the items that were pushed: taken by the consumer's end
  std::uint64_t undelivered = 0;       // pushed and not taken when the link ended, or taken and not popped
  std::uint64_t refused = 0;           // what came and was no item
  std::uint64_t waits = 0;             // calls of push() and pop() that could not go on at once
};

// The producer's end. Destroyed without close(), it is to the consumer as if its process had died.
template <design D>
class link_out {
 public:
  using item = typename D::item;
  virtual ~link_out() = default;

  // Waits for room until the deadline, on the clock of now_ns(). The item is moved from only on success.
  // Errors: late, closed (by close()), peer_gone, broken_link; too_large, and what the carrier says of the item.
  virtual result<void> push(item& one, std::int64_t deadline_ns) = 0;
  // As many of the first as there is room for; the consumer sees them at once. Errors: those of push() but `late`,
  // where the first one is not pushed.
  virtual result<std::size_t> push_some(std::span<item> items) = 0;
  // Waits until the consumer's end has taken everything. Errors: late, peer_gone, broken_link.
  virtual result<void> drain(std::int64_t deadline_ns) = 0;
  // Nothing comes after what was pushed. Does not wait.
  virtual void close() = 0;
  // VALID UNTIL: this is destroyed.
  virtual const link_stats& stats() const = 0;
};

// The consumer's end.
template <design D>
class link_in {
 public:
  using item = typename D::item;
  virtual ~link_in() = default;

  // Waits for an item until the deadline, on the clock of now_ns(). Errors: late, closed (nothing more comes),
  // peer_gone, broken_link, those of a batch that is damaged; out_of_room, out_of_memory and names_full: the item is
  // still there.
  virtual result<void> pop(item& into, std::int64_t deadline_ns) = 0;
  // The oldest that have come, at most as many as `into` has places for; 0: none has come. Errors: those of pop() but
  // `late`, where no item is popped.
  virtual result<std::size_t> pop_some(std::span<item> into) = 0;
  // This end leaves: the producer learns it; what was not popped is dropped and counted.
  virtual void abandon() = 0;
  // VALID UNTIL: this is destroyed.
  virtual const link_stats& stats() const = 0;
};

// What a design specialises whose items another process can view where they are:
//
//   static constexpr std::size_t kSegmentBytes;                                       all zero at first
//   static result<std::unique_ptr<D::context>> context_in(int fd);                    in each process; fd stays its own
//   static result<std::unique_ptr<link_out<D>>> out(D::context&, unsigned ring, const link_options&);
//   static result<std::unique_ptr<link_in<D>>> in(D::context&, unsigned ring, const link_options&);
//
// Rings 0 and 1 are there.
template <class D>
struct process_link_of;
template <class D>
concept crosses_processes = requires {
  { process_link_of<D>::kSegmentBytes } -> std::convertible_to<std::size_t>;
};

}  // namespace copycost::graph
