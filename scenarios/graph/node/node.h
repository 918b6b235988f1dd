// SPDX-License-Identifier: Apache-2.0
//
// A node of a graph, as the one who writes it sees it. What runs a node (run/) calls it and moves its items.
//
//   source      produce() until it answers turn::done
//   all others  next_port() --> take(port, item) ... ended(port) ... finish()
//   with time   due_ns() --> on_time()
//
// Lifetime: the graph owns its nodes.
// Threads: one at a time; what runs it orders the calls.
// Cost: a virtual call an item.
#pragma once
#include <bit>
#include <cstdint>

#include "scenarios/graph/contract.h"
#include "scenarios/graph/node/ports.h"
#include "scenarios/graph/run/channel/never.h"

namespace copycost::graph {

// Where a node sends what it has.
template <design D>
class outlet {
 public:
  virtual ~outlet() = default;
  // Along every edge of the port: with several edges each has an owner of its own (D::fan_out). Waits for room. An open
  // port drops and counts. A reader that is gone is left out and counted; errors: closed when all are gone, stopped;
  // out_of_memory and out_of_room. On error `one` is unchanged.
  virtual result<void> send(unsigned port, typename D::item&& one) = 0;
  // Whether send() would find room at once on every edge of the port.
  virtual bool has_room(unsigned port) const = 0;
  virtual typename D::maker& maker() = 0;
  // The time that delays and timeouts count in (a clock of the runner's: tests move it by hand).
  virtual std::int64_t now_ns() const = 0;
};

enum class turn { more, idle, done };

// Which inputs hold an item, and which have ended: bit i is input i.
struct inputs_seen {
  std::uint64_t ready = 0, ended = 0;
};
inline constexpr unsigned kWait = ~0u;  // no input now

template <design D>
class node {
 public:
  using item = typename D::item;
  virtual ~node() = default;

  // The same every time. VALID UNTIL: the node is destroyed.
  virtual const port_list& ports() const = 0;

  // Of sources: sends a few items, or says that there are none now (idle: it is asked again, without haste) or ever
  // (done).
  virtual result<turn> produce(outlet<D>&) { return turn::done; }

  // One item of an input. The node moves from it when it has used it; on error it is still there, for a retry or for
  // the dead-letter port.
  virtual result<void> take(unsigned, item&, outlet<D>&) { return {}; }
  // The input has ended: nothing more comes there. Each input ends once.
  virtual result<void> ended(unsigned, outlet<D>&) { return {}; }
  // All inputs have ended, and the node is not due any more (due_ns() is kNever). What it still holds goes out now.
  // Then the outputs are closed.
  virtual result<void> finish(outlet<D>&) { return {}; }

  // The input of which an item is taken next, or kWait though some are ready. REQUIRES, of the answer: ready has its
  // bit. By default they take turns.
  virtual unsigned next_port(const inputs_seen& now) {
    const std::uint64_t later = turn_ >= 63 ? 0 : now.ready & (~std::uint64_t{0} << (turn_ + 1));
    const std::uint64_t from = later != 0 ? later : now.ready;
    return from == 0 ? kWait : turn_ = static_cast<unsigned>(std::countr_zero(from));
  }

  // When on_time() is to be called at the latest; kNever: not at all.
  virtual std::int64_t due_ns() const { return kNever; }
  virtual result<void> on_time(std::int64_t /*now_ns*/, outlet<D>&) { return {}; }

  // Items that the node took, or made, and dropped. May be asked while the node runs.
  virtual std::uint64_t dropped() const { return 0; }
  // Items that it keeps: what is lost when the run stops before finish(). Not while the node runs.
  virtual std::uint64_t held() const { return 0; }

 private:
  unsigned turn_ = 0;
};

}  // namespace copycost::graph
