// SPDX-License-Identifier: Apache-2.0
//
// One node while it runs: takes items, calls the node, applies its error strategy, publishes what it sent.
//
//   turn   flush --> time --> produce()                   or   look --> take() x 32 --> flush
//                                                                        |fails
//                                                        again later <---+---> stop, skip, dead letter
//   life   works --> ends: finish() was called, its last items go out --> ended: outputs closed, inputs abandoned
//
// A node whose items find no room is not called before they are out. One whose readers are all gone ends, and so do in
// turn those that feed it. One that answers `closed` of its own takes nothing more, and ends.
//
// Lifetime: the graph's node, the edges, the context, the gate and the clock outlive it.
// Threads: as runnable.h says.
// Cost: two virtual calls an item (next_port, take), one a send; due_ns() once a turn, and the clock only where that is
// a time. No lock, and no allocation once all its vectors have grown.
#pragma once
#include <functional>
#include <string>
#include <utility>

#include "scenarios/graph/build/graph_builder.h"
#include "scenarios/graph/run/inputs.h"
#include "scenarios/graph/run/outputs.h"

namespace copycost::graph {

// What a running node knows of its place.
struct node_place {
  unsigned number = 0;
  std::string name;
  node_options options{};
  unsigned dead_letter = kNoPort;  // the output for items that failed
  bool is_source = false;
};

template <design D>
class running_node final : public runnable, private room_waiter {
  using item = typename D::item;

 public:
  // Wakes: what runnable is made of behind the gate.
  template <class... Wakes>
  running_node(node_place place, node<D>& what, typename D::context& context, const run_options& o, gate& all,
               Wakes... wakes)
      : runnable(all, wakes...),
        place_(std::move(place)),
        node_(what),
        clock_(o.clock != nullptr ? *o.clock : steady_clock::instance()),
        turn_(o.turn),
        out_(context, clock_, *this) {}

  void add_input(edge<item>* from) { in_.add_port(from, turn_); }
  void add_output(const std::vector<edge<item>*>& to, bool for_failed) { out_.add_port(to, turn_, for_failed); }
  // Of one that was not begun too: nothing of it runs any more, and what is on its way to it is dropped.
  void give_up() { end(); }

  node_report report() const {
    return {place_.name,    in_.taken(),    out_.sent(),          out_.unconnected(), unread_.get(),
            skipped_.get(), retried_.get(), dead_lettered_.get(), node_.dropped(),    has_ended()};
  }

 private:
  enum class life : std::uint8_t { works, ends, ended };
  // What becomes of the node after a call that failed.
  enum class after : std::uint8_t { goes_on, again, later, ends };

  progress take_turn() noexcept override {
    try {
      const progress p = try_turn();
      in_.drop_used();
      return p;
    } catch (...) {  // of the node's next_port() or due_ns(): it cannot be asked what comes next
      fail(describe(exception_as_error()), true);
      return end();
    }
  }
  progress try_turn();
  progress source_turn();
  progress input_turn();
  after take_one(unsigned port);
  bool call_on_time();
  bool waits_to_try_again();
  progress finish();
  progress leave();
  progress end();

  // Calls the node; what it throws is an error.
  template <class Call>
  auto guarded(Call call) -> decltype(call());
  error exception_as_error();
  failure describe(error e);
  bool is_no_failure(const error& e);
  void settle(const result<void>& done);
  after retry_or(after otherwise);
  after failed_source(const error& e);
  after failed_item(unsigned port, const error& e);
  bool send_dead_letter(item& one);
  void fail(failure what, bool fatal) { all().failed(std::move(what), fatal); }

  bool may_wait_for_room() const override { return may_wait(); }
  bool wait_for_room(const std::function<bool()>& once) override {
    wait_inside(once);
    return (all().asked() & gate::kAbort) == 0;
  }
  std::int64_t next_look_ns(progress p) const override;

  const node_place place_;
  node<D>& node_;
  const run_clock& clock_;
  const unsigned turn_;
  inputs<D> in_;
  outputs<D> out_;
  life life_ = life::works;
  bool wants_to_leave_ = false;
  unsigned attempts_ = 0;           // that failed so far, of one call
  unsigned again_port_ = kWait;     // whose front item is tried again
  std::int64_t again_ns_ = 0;       // not before this time
  std::int64_t not_before_ns_ = 0;  // on_time() is not called
  std::int64_t look_ns_ = kNever;   // a time that it waits for; all three on the run's clock
  std::int64_t idle_ns_ = kIdleFirstNs;
  std::string text_;  // of the last exception
  counter unread_, skipped_, retried_, dead_lettered_;
};

}  // namespace copycost::graph

#include "scenarios/graph/run/running_node_calls.h"
