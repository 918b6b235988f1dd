// SPDX-License-Identifier: Apache-2.0
//
// The nodes of the laws' graphs that control/ does not have: a source of tokens, a sink that keeps what came, a node
// that fails.
//
// Lifetime: the context outlives them.
// Threads: one at a time.
#pragma once
#include <map>
#include <vector>

#include "scenarios/graph/laws/graphs/token.h"
#include "scenarios/graph/node/node.h"

namespace copycost::graph::properties {

// Sends tokens in order, made in every way, and has nothing to send now and then.
class token_source final : public node<any_design> {
 public:
  token_source(any_context& x, std::vector<token> all, std::uint64_t seed)
      : x_(x), all_(std::move(all)), random_(seed) {}
  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  result<turn> produce(outlet<any_design>& to) override;

 private:
  result<any_item> made(any_maker& m, const token& t);

  any_context& x_;
  const std::vector<token> all_;
  rng random_;
  std::size_t next_ = 0;
  any_item waiting_;  // what could not be sent
  const port_list ports_{{}, {{"out"}}};
};

// Keeps every item, or what it carries.
class token_sink final : public node<any_design> {
 public:
  token_sink(const any_context& x, bool keeps_items) : x_(x), keeps_items_(keeps_items) {}
  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  result<void> take(unsigned, any_item& one, outlet<any_design>&) override;
  // What came, in order. An item that is not what it was made as is none.
  std::vector<std::optional<token>> came() const;

 private:
  const any_context& x_;
  const bool keeps_items_;
  std::vector<any_item> items_;
  std::vector<std::optional<token>> tokens_;
  const port_list ports_{{{"in"}}, {}};
};

// Whether a failing node fails on a token at all.
inline bool is_bad(const token& t) { return t.seq % 5 == 3; }

// Sends what it takes, and fails on bad tokens: always, or the first two times.
class failing_node final : public node<any_design> {
 public:
  failing_node(const any_context& x, bool for_good) : x_(x), for_good_(for_good) {}
  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  result<void> take(unsigned, any_item& one, outlet<any_design>& to) override;

  static constexpr unsigned kTimes = 2;

 private:
  const any_context& x_;
  const bool for_good_;
  std::map<token, unsigned> failed_;  // how often
  const port_list ports_{{{"in"}}, {{"out"}}};
};

}  // namespace copycost::graph::properties
