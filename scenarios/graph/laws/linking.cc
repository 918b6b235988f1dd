// SPDX-License-Identifier: Apache-2.0
//
// Laws of links: what a process sends to another one, over a stream, in any design. Both ends are moved by one thread,
// so that a case that failed comes back.
#include <deque>

#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/common/streams/pairs.h"
#include "scenarios/graph/laws/draw.h"
#include "scenarios/graph/link/stream_link_in.h"
#include "scenarios/graph/link/stream_link_out.h"

namespace copycost::graph::properties {
namespace {

constexpr std::int64_t kPast = 0;
constexpr std::string_view kLinkClasses[] = {"a link that is full", "an item that waits"};

// A producer and a consumer, each in a context of its own, and what is on its way.
struct walk {
  walk(facade_maker make, stream_kind kind, const link_options& options) : a(make), b(make) {
    stream_options narrow;
    narrow.ring_bytes = narrow.socket_bytes = 4096;
    auto pair = make_stream_pair(kind, narrow);
    out = std::make_unique<stream_link_out<any_design>>(a.x, std::move(pair.first), options);
    in = std::make_unique<stream_link_in<any_design>>(b.x, std::move(pair.second), options);
  }
  void push() {
    const model_item model = draw_small_item("item");
    any_item one = draw_made(a, model, "way");
    const auto ok = out->push(one, kPast);
    RC_ASSERT((ok || ok.error().code == errc::late));
    drawn("a link that is full", !ok);
    check_equals(a.x, one, ok ? model_item() : model);
    if (ok) way.push_back(model);
  }
  // Answers how it ended, where it did not pop an item.
  errc pop() {
    any_item one;
    const auto ok = in->pop(one, kPast);
    drawn("an item that waits", !ok && !way.empty());
    if (!ok) return ok.error().code;
    RC_ASSERT(!way.empty());
    check_equals(b.x, one, way.front());
    way.pop_front();
    return errc::late;
  }
  ground a, b;
  std::unique_ptr<link_out<any_design>> out;
  std::unique_ptr<link_in<any_design>> in;
  std::deque<model_item> way;
};

void what_crosses_a_stream_arrives_once_and_in_order(facade_maker make) {
  link_options options;
  options.items = draw_one_of("items on their way", {1, 3, 1024});
  walk w(make, draw_bool("a socket") ? stream_kind::socketpair : stream_kind::pipe, options);
  for (std::uint64_t steps = draw_number("steps", 1, 30); steps > 0; --steps) {
    if (draw_number("push or pop", 0, 2) != 0)
      w.push();
    else
      RC_ASSERT(w.pop() == errc::late);
  }
  w.out->close();
  const std::uint64_t left = w.way.size();
  for (std::uint64_t turns = 0; w.pop() != errc::closed; ++turns) {
    RC_ASSERT(turns < 100'000);  // it hangs
    const auto drained = w.out->drain(kPast);
    RC_ASSERT((drained || drained.error().code == errc::late));
  }
  RC_ASSERT(w.way.empty());
  RC_ASSERT(w.out->drain(kPast).ok());
  RC_ASSERT(w.out->stats().taken == w.in->stats().items);
  RC_ASSERT(left <= w.in->stats().items);
}

}  // namespace

law_list linking() {
  return {law_of<what_crosses_a_stream_arrives_once_and_in_order>(
      "items that are sent over a stream are popped once and in order, and then the link is closed",
      {.cost = 4, .draws = kLinkClasses})};
}

}  // namespace copycost::graph::properties
