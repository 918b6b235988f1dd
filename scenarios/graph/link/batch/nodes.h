// SPDX-License-Identifier: Apache-2.0
//
// Batches as nodes of a graph: one makes them, the other makes items of them again.
//
//   "in":bytes --> [batch_node] --> "out":batch --> ... --> "in":batch --> [unbatch_node] --> "out":bytes
//
// A batch that has something wrong is an error of the node: the strategy of the graph decides, and no item is passed
// over without being counted.
//
// Lifetime: the context outlives the node.
// Threads: one at a time.
// Cost: that of batcher.h and batch_reader.h.
#pragma once
#include <cstdint>
#include <memory>
#include <utility>

#include "scenarios/graph/link/batch/batch_reader.h"
#include "scenarios/graph/link/batch/batcher.h"

namespace copycost::graph {

// The type of what runs through an edge between both: a whole batch in wire form.
inline constexpr const char* kBatch = "batch";

template <design D>
class batch_node final : public node<D> {
 public:
  using typename node<D>::item;

  // Errors: bad_parameter.
  static result<std::unique_ptr<batch_node>> make(typename D::context& names, const batch_when& when) {
    auto waiting = batcher<D>::make(when);
    if (!waiting) return waiting.error();
    return std::unique_ptr<batch_node>(new batch_node(names, std::move(waiting).value()));
  }

  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  // After an error the item is not in the batch, and what waited before it waits still.
  result<void> take(unsigned, item& one, outlet<D>& out) override {
    auto ok = waiting_.add(names_, one, out.now_ns());
    if (!ok && ok.error().code == errc::full) {
      if (const auto gone = flush(out); !gone) return gone;
      ok = waiting_.add(names_, one, out.now_ns());
    }
    if (!ok || !waiting_.is_full()) return ok;
    const auto gone = flush(out);
    if (!gone) waiting_.take_back(one);
    return gone;
  }
  result<void> finish(outlet<D>& out) override { return waiting_.empty() ? result<void>() : flush(out); }
  std::int64_t due_ns() const override { return waiting_.due_ns(); }
  result<void> on_time(std::int64_t now_ns, outlet<D>& out) override {
    return waiting_.is_due(now_ns) ? flush(out) : result<void>();
  }
  const batcher<D>& waiting() const { return waiting_; }

 private:
  batch_node(typename D::context& names, batcher<D> waiting) : names_(names), waiting_(std::move(waiting)) {}
  result<void> flush(outlet<D>& out) {
    auto made = waiting_.batch(out.maker());
    if (!made) return made.error();
    if (const auto ok = out.send(0, std::move(made).value()); !ok) return ok;
    waiting_.sent();
    out.maker().end_batch();
    return {};
  }

  typename D::context& names_;
  batcher<D> waiting_;
  const port_list ports_{{{"in"}}, {{"out", kBatch}}};
};

template <design D>
class unbatch_node final : public node<D> {
 public:
  using typename node<D>::item;

  explicit unbatch_node(typename D::context& names, const batch_limits& limits = {}) : reader_(names, limits) {}

  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  // After an error in the middle the batch is still there; taken once more, it goes on where it stopped.
  result<void> take(unsigned, item& one, outlet<D>& out) override {
    if (const auto ok = reader_.open(out.maker(), one); !ok) return ok;
    begin(reader_.head());
    for (std::uint32_t i = 0; i < sent_; ++i) reader_.skip();
    const auto ok = send_all(out);
    if (!ok) {
      left_ = reader_.left() + made_not_sent_;
      reader_.close();
      return ok;
    }
    is_open_ = false;
    one = item();
    out.maker().end_batch();
    return {};
  }
  result<void> finish(outlet<D>&) override {
    give_up();
    return {};
  }

  const read_stats& reading() const { return reader_.stats(); }
  // Items of batches that stopped in the middle and were not taken once more.
  std::uint64_t lost() const { return lost_; }

 private:
  // Whether it is the batch that stopped in the middle.
  void begin(const batch_head& head) {
    if (is_open_ && head.number == open_.number && head.body_crc == open_.body_crc) return;
    give_up();
    is_open_ = true;
    open_ = head;
    sent_ = 0;
  }
  void give_up() {
    if (is_open_) lost_ += left_;
    is_open_ = false;
  }
  result<void> send_all(outlet<D>& out) {
    made_not_sent_ = 0;
    for (item one;; ++sent_) {
      const auto more = reader_.next(out.maker(), one);
      if (!more) return more.error();
      if (!more.value()) return {};
      made_not_sent_ = 1;
      if (const auto ok = out.send(0, std::move(one)); !ok) return ok;
      made_not_sent_ = 0;
    }
  }

  batch_reader<D> reader_;
  batch_head open_;
  bool is_open_ = false;  // open_ stopped in the middle, after sent_ items, with left_ to come
  std::uint32_t sent_ = 0, left_ = 0, made_not_sent_ = 0;
  std::uint64_t lost_ = 0;
  const port_list ports_{{{"in", kBatch}}, {{"out"}}};
};

}  // namespace copycost::graph
