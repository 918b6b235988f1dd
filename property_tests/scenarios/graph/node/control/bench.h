// SPDX-License-Identifier: Apache-2.0
// What tests of control nodes share: a design that fails on request, an outlet that records, and a drive that
// runs one node over given inputs, in drawn order, with a clock of its own.
//
//   inputs [a1 a2] [b1] --> drive: next_port, take, ended, on_time, finish --> node --> recorder.sent
#pragma once
#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "harness/base/check.h"
#include "harness/base/rng.h"
#include "impls/graph/slice/design.h"
#include "property_tests/catch.h"
#include "scenarios/graph/node/node.h"

namespace copycost::graph::testing {

// When the calls that may fail do: every call whose number is in `at`.
struct failures {
  std::set<std::uint64_t> at;
  std::uint64_t calls = 0;
  bool now() { return at.contains(calls++); }
};
inline failures& planned() {
  static failures f;
  return f;
}
inline constexpr error kNoMemory{errc::out_of_memory, 0, 0, 1};

// slice, whose maker and fan_out answer out_of_memory as planned().
struct shaky {
  static constexpr design_traits traits = slice_design::traits;
  using context = slice_design::context;
  using item = slice_design::item;
  using draft = slice_design::draft;
  class maker : public slice_maker {
   public:
    explicit maker(context& x) : slice_maker(x) {}
    result<item> copy(const metadata& meta, bytes_view bytes) {
      return planned().now() ? result<item>(kNoMemory) : slice_maker::copy(meta, bytes);
    }
    result<draft> build(const metadata& meta, std::size_t size) {
      return planned().now() ? result<draft>(kNoMemory) : slice_maker::build(meta, size);
    }
    result<item> part(const item& of, std::size_t pos, std::size_t len, const metadata& meta) {
      return planned().now() ? result<item>(kNoMemory) : slice_maker::part(of, pos, len, meta);
    }
    result<std::span<std::byte>> make_unique(item& one) {
      return planned().now() ? result<std::span<std::byte>>(kNoMemory) : slice_maker::make_unique(one);
    }
  };
  static result<void> fan_out(item&& one, std::span<item> to) {
    for (const item& place : to) COPYCOST_REQUIRE(place.use_count() == 0);  // what lies there would be lost
    return planned().now() ? result<void>(kNoMemory) : slice_design::fan_out(std::move(one), to);
  }
  static void drop(std::span<item> all) { slice_design::drop(all); }
};
static_assert(design<shaky>);

inline std::string text_of(bytes_view b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }
inline bytes_view bytes_of_text(std::string_view t) { return std::as_bytes(std::span(t)); }

// An item, as tests write it and as they find it.
struct seen {
  unsigned port = 0;
  std::string text;
  std::uint64_t key = 0;
  friend bool operator==(const seen&, const seen&) = default;
  friend auto operator<=>(const seen&, const seen&) = default;
  friend std::ostream& operator<<(std::ostream& to, const seen& s) {
    return to << s.port << ":'" << s.text << "'/" << s.key;
  }
};
using record = std::vector<seen>;

class recorder final : public outlet<shaky> {
 public:
  explicit recorder(process_names& names) : maker_(names) {}
  result<void> send(unsigned port, shaky::item&& one) override {
    if (gone.contains(port)) return error{errc::closed};
    if (one.size() > largest) return error{errc::too_large, 0, largest, one.size()};
    if (planned().now()) return kNoMemory;
    const shaky::item taken = std::move(one);
    sent.push_back({port, text_of(taken.bytes()), taken.meta().key});
    at_ns.push_back(clock_ns);
    places.push_back(taken.bytes().data());
    return {};
  }
  bool has_room(unsigned port) const override { return !full.contains(port); }
  shaky::maker& maker() override { return maker_; }
  std::int64_t now_ns() const override { return clock_ns; }

  // Of one port.
  record of(unsigned port) const {
    record out;
    std::ranges::copy_if(sent, std::back_inserter(out), [port](const seen& s) { return s.port == port; });
    return out;
  }

  std::set<unsigned> gone, full;
  std::uint64_t largest = ~std::uint64_t{0};
  std::int64_t clock_ns = 1'000'000'000;
  record sent;
  std::vector<std::int64_t> at_ns;       // when each was
  std::vector<const std::byte*> places;  // where each lay
 private:
  shaky::maker maker_;
};

class bench {
 public:
  shaky::item item(const std::string& text, std::uint64_t key = 0) {
    auto made = slice_maker(names_).copy({7, key, {}}, bytes_of_text(text));
    REQUIRE(made.ok());
    return std::move(made).value();
  }
  // One item, which is used; without planned failures.
  result<void> give(node<shaky>& to, const std::string& text, std::uint64_t key = 0, unsigned port = 0) {
    shaky::item one = item(text, key);
    return to.take(port, one, out);
  }

  // Runs the node over all of the inputs. With `random` items arrive in an order that is drawn, else all are there at
  // once. What fails is tried again. `taken` says in which order the node took them.
  void drive(node<shaky>& n, std::vector<std::vector<seen>> inputs, rng* random = nullptr) {
    if (inputs.empty()) inputs.resize(n.ports().inputs.size());
    std::vector<std::size_t> next(inputs.size(), 0), there(inputs.size(), 0);
    inputs_seen state;
    for (std::uint64_t turns = 0; !is_over(inputs, state) || n.due_ns() != kNever; ++turns) {
      REQUIRE(turns < 1'000'000);
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (there[i] < inputs[i].size()) there[i] = random == nullptr ? inputs[i].size() : there[i] + random->below(2);
        const std::uint64_t bit = std::uint64_t{1} << i;
        if (next[i] < there[i]) state.ready |= bit;
        if (next[i] == inputs[i].size() && (state.ended & bit) == 0) {
          state.ended |= bit;
          CHECK(n.ended(static_cast<unsigned>(i), out).ok());
        }
      }
      if (random != nullptr) out.clock_ns += static_cast<std::int64_t>(random->below(5));
      if (n.due_ns() <= out.clock_ns) errors += n.on_time(out.clock_ns, out).ok() ? 0 : 1;
      const unsigned port = state.ready == 0 ? kWait : n.next_port(state);
      if (port == kWait) {
        if (n.due_ns() != kNever) out.clock_ns = std::max(out.clock_ns, n.due_ns());
        continue;
      }
      REQUIRE((state.ready >> port & 1) != 0);
      take(n, port, inputs[port][next[port]]);
      if (++next[port] == there[port]) state.ready &= ~(std::uint64_t{1} << port);
    }
    const auto done = n.finish(out);
    INFO((done.ok() ? "" : to_string(done.error())));
    CHECK(done.ok());
  }

  process_names names_;
  recorder out{names_};
  record taken;
  std::uint64_t errors = 0;  // answered by on_time()

 private:
  static bool is_over(const std::vector<std::vector<seen>>& inputs, const inputs_seen& s) {
    return s.ready == 0 && std::popcount(s.ended) == static_cast<int>(inputs.size());
  }
  // As often as it fails for want of memory; it must leave the item as it was.
  void take(node<shaky>& n, unsigned port, const seen& what) {
    shaky::item one = item(what.text, what.key);
    taken.push_back({port, what.text, what.key});
    for (result<void> done = n.take(port, one, out); !done.ok(); done = n.take(port, one, out)) {
      REQUIRE(done.error() == kNoMemory);
      REQUIRE(text_of(one.bytes()) == what.text);
      REQUIRE(one.meta().key == what.key);
    }
  }
};

// Sets failures for a scope.
class with_failures {
 public:
  explicit with_failures(std::set<std::uint64_t> at) { planned() = {std::move(at), 0}; }
  ~with_failures() { planned() = {}; }
  with_failures(const with_failures&) = delete;
  with_failures& operator=(const with_failures&) = delete;
};

// `n` items "<first letter><number>" with keys below `keys`.
inline std::vector<seen> drawn_items(char letter, std::size_t n, std::uint64_t keys, rng& random) {
  std::vector<seen> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back({0, letter + std::to_string(i), random.below(keys)});
  return out;
}
inline record sorted(record r) {
  std::ranges::sort(r);
  return r;
}

}  // namespace copycost::graph::testing
