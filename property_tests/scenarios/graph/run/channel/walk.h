// SPDX-License-Identifier: Apache-2.0
// A random walk of one thread over both ends of a channel, of any kind, beside a std::deque.
#pragma once
#include <rapidcheck.h>

#include <deque>
#include <vector>

#include "harness/base/now.h"
#include "property_tests/scenarios/graph/run/channel/counted_item.h"
#include "scenarios/common/laws/draw.h"
#include "scenarios/graph/error.h"
#include "scenarios/graph/run/channel/limits.h"

namespace copycost::graph::channel_tests {

// What a channel is to hold, and what has become of it.
struct channel_model {
  channel_limits limits;
  std::deque<std::pair<std::uint64_t, std::size_t>> inside{};  // number, size
  bool closed = false, abandoned = false;
  std::uint64_t pushed = 0, popped = 0, pushed_bytes = 0, popped_bytes = 0, left = 0, items_high = 0, bytes_high = 0;

  std::uint64_t bytes() const { return abandoned ? 0 : pushed_bytes - popped_bytes; }
  // What a push of one answers; null: it is in.
  const char* push(std::size_t size) {
    if (closed || abandoned) return "closed";
    if (size > limits.bytes) return "too_large";
    if (inside.size() == limits.items || size > limits.bytes - bytes()) return "full";
    inside.emplace_back(pushed++, size);
    pushed_bytes += size;
    items_high = std::max<std::uint64_t>(items_high, inside.size());
    bytes_high = std::max(bytes_high, bytes());
    return nullptr;
  }
  // What a pop of one answers; null: `number` is out.
  const char* pop(std::uint64_t& number) {
    if (inside.empty()) return closed || abandoned ? "closed" : "empty";
    number = inside.front().first;
    popped_bytes += inside.front().second;
    ++popped;
    inside.pop_front();
    return nullptr;
  }
};

inline std::string answer(const result<void>& r) { return r.ok() ? "" : std::string(to_string(r.error().code)); }
inline std::string answer(const char* code) { return code == nullptr ? "" : code; }
// What a call with a deadline answers where one without would answer `code`.
inline std::string waited(const char* code) {
  const std::string now = answer(code);
  return now == "full" || now == "empty" ? "late" : now;
}

template <class Channel>
class channel_walk {
 public:
  explicit channel_walk(const channel_limits& limits) : channel_(limits), model_{limits} {}

  void step() {
    switch (draw_number("call", 0, 16)) {
      case 0:
        return end();
      case 1:
      case 2:
        return push(false);
      case 3:
        return push(true);
      case 4:
      case 5:
        return pop(false);
      case 6:
        return pop(true);
      case 7:
      case 8:
      case 9:
      case 10:
        return pop_some();
      default:
        return push_some();
    }
  }
  void compare() {
    RC_ASSERT(channel_.size() == model_.inside.size());
    RC_ASSERT(channel_.bytes() == model_.bytes());
    RC_ASSERT(channel_.is_drained() == (model_.abandoned || (model_.closed && model_.inside.empty())));
    RC_ASSERT(channel_.is_closed() == model_.closed);
    RC_ASSERT(channel_.is_abandoned() == model_.abandoned);
    RC_ASSERT(counted_item::alive() == static_cast<std::int64_t>(model_.inside.size()));
    const channel_stats s = channel_.stats();
    RC_ASSERT(s.pushed == model_.pushed);
    RC_ASSERT(s.pushed_bytes == model_.pushed_bytes);
    RC_ASSERT(s.popped == model_.popped);
    RC_ASSERT(s.popped_bytes == model_.popped_bytes);
    RC_ASSERT(s.abandoned == model_.left);
    RC_ASSERT(s.items_high <= model_.items_high);
    RC_ASSERT(s.bytes_high <= model_.bytes_high);
  }

 private:
  std::size_t draw_size() {
    const std::uint64_t most = model_.limits.bytes;
    return static_cast<std::size_t>(draw_one_of("size", {0, 1, 7, most / 4, most / 2, most, most + 1}));
  }
  void push(bool waits) {
    counted_item one(model_.pushed, draw_size());
    const bool fits = one.size() <= model_.limits.bytes - model_.bytes() && model_.inside.size() < model_.limits.items;
    if (!model_.abandoned) RC_ASSERT(channel_.has_room(one.size()) == fits);
    const char* expected = model_.push(one.size());
    if (waits)
      RC_ASSERT(answer(channel_.push(one, now_ns())) == waited(expected));
    else
      RC_ASSERT(answer(channel_.try_push(one)) == answer(expected));
    RC_ASSERT(one.is_real() == (expected != nullptr));
  }
  void push_some() {
    std::vector<counted_item> some;
    for (std::uint64_t n = draw_number("many", 0, 6); n > 0; --n)
      some.emplace_back(model_.pushed + some.size(), draw_size());
    std::size_t taken = 0;
    const char* why = model_.closed || model_.abandoned ? "closed" : nullptr;
    while (taken < some.size() && (why = model_.push(some[taken].size())) == nullptr) ++taken;
    const auto pushed = channel_.push_some(some);
    if (taken == 0 && why != nullptr && answer(why) != "full")
      RC_ASSERT(to_string(pushed.error().code) == answer(why));
    else
      RC_ASSERT(pushed.value() == taken);
    for (std::size_t i = 0; i < some.size(); ++i) RC_ASSERT(some[i].is_real() == (i >= taken));
  }
  void pop(bool waits) {
    counted_item one(99, 0);
    std::uint64_t number = 99;
    const char* expected = model_.pop(number);
    if (waits)
      RC_ASSERT(answer(channel_.pop(one, now_ns())) == waited(expected));
    else
      RC_ASSERT(answer(channel_.try_pop(one)) == answer(expected));
    RC_ASSERT(one.is_real());
    RC_ASSERT(one.number() == number);
  }
  void pop_some() {
    std::vector<counted_item> into(static_cast<std::size_t>(draw_number("at most", 0, 6)));
    const std::size_t popped = channel_.pop_some(into);
    RC_ASSERT(popped == std::min(into.size(), model_.inside.size()));
    for (std::size_t i = 0; i < popped; ++i) {
      std::uint64_t number = 0;
      RC_ASSERT(model_.pop(number) == nullptr);
      RC_ASSERT(into[i].number() == number);
    }
  }
  // Seldom, so that most of a walk runs on an open channel.
  void end() {
    if (draw_number("ends", 0, 9) != 0) return;
    if (draw_bool("by the consumer")) {
      channel_.abandon();
      model_.abandoned = true;
      model_.left += model_.inside.size();
      model_.inside.clear();
    } else {
      channel_.close();
      model_.closed = true;
    }
  }

  Channel channel_;
  channel_model model_;
};

template <class Channel>
void walk() {
  {
    channel_walk<Channel> both({std::size_t{1} << draw_number("items (log)", 0, 4), draw_number("bytes", 1, 200)});
    for (std::uint64_t steps = draw_number("steps", 1, 150); steps > 0; --steps) {
      both.step();
      both.compare();
    }
  }
  RC_ASSERT(counted_item::alive() == 0);  // what was left is destroyed with the channel
}

}  // namespace copycost::graph::channel_tests
