// SPDX-License-Identifier: Apache-2.0
//
// The laws' graphs of real nodes.
#include <algorithm>
#include <cstring>
#include <memory>

#include "scenarios/graph/laws/graphs/random_graph.h"
#include "scenarios/graph/node/control/branches.h"
#include "scenarios/graph/node/control/key_routers.h"
#include "scenarios/graph/node/control/routers.h"
#include "scenarios/graph/node/control/transforms.h"

namespace copycost::graph::properties {
namespace {

using any_node = std::unique_ptr<node<any_design>>;
using writable = std::span<std::byte>;

// Marks, in a way that says beforehand that it will not fail.
struct checked_mark {
  std::uint8_t number;
  result<void> check(bytes_view payload) const {
    if (payload.size() < kHead) return error{errc::node_failed, 0, kHead, payload.size()};
    return {};
  }
  void apply(writable payload) const { mark(payload, number); }
};

any_node marking(std::uint8_t number, unsigned variant) {
  switch (variant) {
    case 0:
      return make_in_place<any_design>([number](writable payload) {
        mark(payload, number);
        return payload.size();
      });
    case 1:
      return make_mutate<any_design>([number](writable payload) -> result<void> {
        mark(payload, number);
        return {};
      });
    case 2:
      return make_mutate<any_design>(checked_mark{number});
    default:
      return make_borrow_or_own<any_design>(
          [number](const any_item& one, any_maker& m) -> result<std::optional<any_item>> {
            auto draft = m.build(one.meta(), one.size());
            if (!draft) return draft.error();
            std::ranges::copy(one.bytes(), draft->bytes().begin());
            mark(draft->bytes(), number);
            auto made = m.seal(std::move(draft).value(), one.size());
            if (!made) return made.error();
            return std::optional<any_item>(std::move(made).value());
          });
  }
}

any_node mapping(const graph_node& n) {
  key_map<any_design>::map outputs;
  for (std::uint64_t key = 0; key < 1000; ++key)  // all keys that are drawn
    if (const unsigned to = output_in_map(key, n); to < n.outputs - n.variant) outputs.emplace(key, to);
  return must(key_map<any_design>::make(std::move(outputs), n.outputs - n.variant, n.variant == 1));
}

bool has_even_number(const any_item& one) {
  std::uint32_t seq = 1;
  std::memcpy(&seq, one.bytes().data() + sizeof(std::uint32_t), sizeof seq);
  return seq % 2 == 0;
}

any_node made(const drawn_graph& g, unsigned number, any_context& x, std::vector<token_sink*>& sinks) {
  const graph_node& n = g.nodes[number];
  const auto short_number = static_cast<std::uint8_t>(number);  // fits: some tens
  switch (n.what) {
    case op::source:
      return std::make_unique<token_source>(x, n.tokens, g.seed + number);
    case op::mark:
      return marking(short_number, n.variant);
    case op::flip:
      return make_in_place<any_design>([short_number](writable payload) {
        flip(payload, short_number);
        return payload.size();
      });
    case op::shrink:
      return make_in_place<any_design>([](writable payload) { return std::max(payload.size() / 2, kHead); });
    case op::broadcast:
      return std::make_unique<broadcast<any_design>>(n.outputs);
    case op::round_robin:
      return std::make_unique<round_robin<any_design>>(n.outputs);
    case op::by_hash:
      return std::make_unique<key_hash<any_design>>(n.outputs);
    case op::by_map:
      return mapping(n);
    case op::by_parity:
      return make_if<any_design>(has_even_number);
    case op::merge:
      return std::make_unique<merge<any_design>>(n.inputs, static_cast<merge_order>(n.variant));
    case op::skip:
    case op::dead_letter:
      return std::make_unique<failing_node>(x, true);
    case op::retry:
      return std::make_unique<failing_node>(x, false);
    case op::sink:
      break;
  }
  auto sink = std::make_unique<token_sink>(x, n.variant == 1);
  sinks[number] = sink.get();
  return sink;
}

node_options options_of(op what) {
  node_options o;
  if (what == op::skip) o.on_error = error_strategy::skip;
  if (what == op::dead_letter) o.on_error = error_strategy::dead_letter;
  if (what == op::retry) o.retries = failing_node::kTimes;
  return o;
}

}  // namespace

graph<any_design> build_graph(const drawn_graph& g, any_context& x, std::vector<token_sink*>& sinks) {
  graph_builder<any_design> b;
  sinks.assign(g.nodes.size(), nullptr);
  const auto name = [](unsigned node) { return "n" + std::to_string(node); };
  const auto port = [&](unsigned node, unsigned number) { return name(node) + ":" + std::to_string(number); };
  for (unsigned i = 0; i < g.nodes.size(); ++i) must(b.add(name(i), made(g, i, x, sinks), options_of(g.nodes[i].what)));
  for (const graph_edge& e : g.edges) must(b.connect(port(e.from, e.from_port), port(e.to, e.to_port), {g.limits}));
  return must(std::move(b).build());
}

}  // namespace copycost::graph::properties
