// SPDX-License-Identifier: Apache-2.0
// Goal: a graph that sends its items here or there by load loses, doubles and reorders none of them, and does not
// switch to and fro. Method: the policy against loads on a clock by hand; real graphs with both ways, switched at
// random.
#include <rapidcheck.h>

#include "harness/base/now.h"
#include "impls/graph/shm/design.h"
#include "impls/graph/slice/design.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/graph/link/numbered.h"
#include "scenarios/common/must.h"
#include "scenarios/graph/build/graph_builder.h"
#include "scenarios/graph/link/hybrid/nodes.h"
#include "scenarios/graph/link/nodes.h"
#include "scenarios/graph/run/runner.h"

namespace copycost::graph {
namespace {

// How often the policy changes its mind over `seconds` of a steady load, which begins at `at_ns`.
unsigned changes(load_switch& by, double per_s, int seconds, std::int64_t& at_ns, bool& is_far) {
  unsigned n = 0;
  const std::int64_t end = at_ns + seconds * std::int64_t{1'000'000'000};
  for (const auto step = static_cast<std::int64_t>(1e9 / per_s); at_ns < end; at_ns += step) {
    const bool now = by.seen(at_ns);
    n += now != is_far ? 1 : 0;
    is_far = now;
  }
  return n;
}

template <design D>
class counting_source final : public node<D> {
 public:
  counting_source(typename D::context& x, std::uint64_t n) : x_(x), n_(n) {}
  const port_list& ports() const override { return ports_; }
  result<turn> produce(outlet<D>& to) override {
    if (next_ == n_) return turn::done;
    auto one = test::numbered<D>(x_, next_, next_ % 300);
    if (const auto sent = to.send(0, std::move(one)); !sent) return sent.error();
    ++next_;
    return turn::more;
  }

 private:
  typename D::context& x_;
  const std::uint64_t n_;
  std::uint64_t next_ = 0;
  const port_list ports_{{}, {{"out"}}};
};

template <design D>
class checking_sink final : public node<D> {
 public:
  explicit checking_sink(typename D::context& x) : x_(x) {}
  const port_list& ports() const override { return ports_; }
  result<void> take(unsigned, typename D::item& one, outlet<D>&) override {
    wrong += test::is_numbered<D>(x_, one, came) ? 0 : 1;
    ++came;
    return {};
  }
  std::uint64_t came = 0, wrong = 0;

 private:
  typename D::context& x_;
  const port_list ports_{{{"in"}}, {}};
};

// Both ways as random as the seed.
class switch_by_seed final : public way_policy {
 public:
  explicit switch_by_seed(std::uint64_t seed) : random_(seed) {}
  bool seen(std::int64_t) override {
    if (random_.below(20) == 0) is_far_ = !is_far_;
    return is_far_;
  }

 private:
  rng random_;
  bool is_far_ = false;
};

}  // namespace

TEST_CASE("graph hybrid: the load decides, with hysteresis", "[graph][hybrid]") {
  load_switch by(1000);
  std::int64_t at = 5'000'000'000;
  bool is_far = false;
  CHECK(changes(by, 1000, 5, at, is_far) == 0);  // at the limit: as it was
  CHECK(changes(by, 1090, 5, at, is_far) == 0);  // below 1.1 times the limit
  CHECK(changes(by, 1200, 5, at, is_far) == 1);
  CHECK(is_far);
  CHECK(changes(by, 1000, 5, at, is_far) == 0);
  CHECK(changes(by, 920, 5, at, is_far) == 0);
  CHECK(changes(by, 800, 5, at, is_far) == 1);
  CHECK_FALSE(is_far);
  at += 3600 * std::int64_t{1'000'000'000};  // no item for an hour
  CHECK_FALSE(by.seen(at));
  CHECK(by.items_per_s() <= 1);
}

TEST_CASE("graph hybrid: a load that ramps up and down through the limit switches once each way", "[graph][hybrid]") {
  CHECK(rc::check("ramp", [] {
    load_switch by(5000);
    std::int64_t at = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
    bool is_far = false;
    unsigned n = 0;
    const double noise = *rc::gen::inRange(0, 90) / 1000.0;  // below the hysteresis
    for (int step = 0; step <= 40; ++step) {
      const double wave = step % 2 == 0 ? 1 + noise / 2 : 1 - noise / 2;
      n += changes(by, (step <= 20 ? 1000 + 400 * step : 17'000 - 400 * step) * wave, 1, at, is_far);
    }
    RC_ASSERT(n == 2u);
    RC_ASSERT(!is_far);
  }));
}

namespace {

// Both processes of a hybrid graph in one: what is far has nothing in common with the rest but two sockets.
template <design D>
struct both_ways {
  explicit both_ways(std::uint64_t n, std::uint64_t seed) {
    auto there = make_stream_pair(stream_kind::socketpair), back = make_stream_pair(stream_kind::socketpair);
    const auto count = std::make_shared<hybrid_count>();
    auto switching = std::make_unique<hybrid_split<D>>(std::make_unique<switch_by_seed>(seed), count);
    auto checking = std::make_unique<checking_sink<D>>(x);
    split = switching.get();
    sink = checking.get();
    must(near.add("source", std::make_unique<counting_source<D>>(x, n)));
    must(near.add("split", std::move(switching)));
    must(near.add("out", sink_of(x, std::move(there.first))));
    must(near.add("back", source_of(x, std::move(back.second))));
    must(near.add("join", std::make_unique<hybrid_join<D>>(count)));
    must(near.add("sink", std::move(checking)));
    for (const auto& [from, to] : {std::pair{"source", "split"},
                                   {"split:near", "join:near"},
                                   {"split:far", "out"},
                                   {"back", "join:far"},
                                   {"join", "sink"}})
      must(near.connect(from, to));
    must(far.add("in", source_of(y, std::move(there.second))));
    must(far.add("out", sink_of(y, std::move(back.first))));
    must(far.connect("in", "out"));
  }
  static std::unique_ptr<link_sink<D>> sink_of(typename D::context& c, std::unique_ptr<byte_stream> to) {
    return std::make_unique<link_sink<D>>(std::make_unique<stream_link_out<D>>(c, std::move(to)));
  }
  static std::unique_ptr<link_source<D>> source_of(typename D::context& c, std::unique_ptr<byte_stream> from) {
    return std::make_unique<link_source<D>>(std::make_unique<stream_link_in<D>>(c, std::move(from)));
  }
  void run(executor_kind kind) {
    runner<D> a(must(std::move(near).build()), x, {.executor = kind, .workers = 2});
    runner<D> b(must(std::move(far).build()), y, {.executor = executor_kind::threads});
    must(b.start());
    must(a.start());
    must(a.wait());
    must(b.wait());
    came = sink->came;
    wrong = sink->wrong;
    switches = split->switches();
    late = split->late();
  }
  typename D::context x, y;
  graph_builder<D> near, far;
  hybrid_split<D>* split = nullptr;
  checking_sink<D>* sink = nullptr;
  std::uint64_t came = 0, wrong = 0, switches = 0, late = 0;
};

}  // namespace

TEMPLATE_TEST_CASE("graph hybrid: random switches between here and a link lose, double and reorder nothing",
                   "[graph][hybrid][threads]", slice_design, shm_design) {
  CHECK(rc::check("switches", [] {
    const auto n = *rc::gen::inRange<std::uint64_t>(0, 500);
    both_ways<TestType> both(n, *rc::gen::arbitrary<std::uint64_t>());
    both.run(*rc::gen::element(executor_kind::threads, executor_kind::pool));
    RC_ASSERT(both.came == n);
    RC_ASSERT(both.wrong == 0u);
    RC_ASSERT(both.late == 0u);
    RC_CLASSIFY(both.switches > 2);
  }));
  both_ways<TestType> long_run(2000, 7);
  long_run.run(executor_kind::threads);
  CHECK(long_run.came == 2000);
  CHECK(long_run.switches >= 20);
}

}  // namespace copycost::graph
