// SPDX-License-Identifier: Apache-2.0
// Goal: what an end of a link drops stands in the report of the run. Method: a graph that ends in a link which refuses
// some of its items.
#include "impls/graph/slice/design.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/graph/link/in_time.h"
#include "property_tests/scenarios/graph/link/numbered.h"
#include "scenarios/common/must.h"
#include "scenarios/graph/build/graph_builder.h"
#include "scenarios/graph/link/nodes.h"
#include "scenarios/graph/run/runner.h"

namespace copycost::graph {
namespace {

// Items of these sizes, one a turn.
class sizes_source final : public node<slice_design> {
 public:
  sizes_source(process_names& x, std::vector<std::size_t> sizes) : x_(x), sizes_(std::move(sizes)) {}
  const port_list& ports() const override { return ports_; }
  result<turn> produce(outlet<slice_design>& to) override {
    if (next_ == sizes_.size()) return turn::done;
    if (const auto ok = to.send(0, test::numbered<slice_design>(x_, next_, sizes_[next_])); !ok) return ok.error();
    ++next_;
    return turn::more;
  }

 private:
  process_names& x_;
  const std::vector<std::size_t> sizes_;
  std::size_t next_ = 0;
  const port_list ports_{{}, {{"out"}}};
};

}  // namespace

TEST_CASE("graph link: a run reports what its nodes dropped", "[graph][link]") {
  using D = slice_design;
  link_options options;
  options.bytes = 1000;
  test::ends<D> e(stream_kind::socketpair, options);
  link_in<D>& in = *e.in;
  graph_builder<D> b;
  must(b.add("source", std::make_unique<sizes_source>(e.a, std::vector<std::size_t>{10, 1001, 20, 2000, 30})));
  must(b.add("out", std::make_unique<link_sink<D>>(std::move(e.out)), {.on_error = error_strategy::skip}));
  must(b.connect("source", "out"));
  runner<D> r(must(std::move(b).build()), e.a);
  must(r.start());
  D::item got;
  for (const std::uint64_t i : {0u, 2u, 4u}) {
    REQUIRE(in.pop(got, test::in_time()).ok());
    CHECK(test::is_numbered<D>(e.b, got, i));
  }
  CHECK(in.pop(got, test::in_time()).error().code == errc::closed);
  static_cast<void>(r.wait());
  const run_report report = r.report();
  CHECK(report.nodes[1].dropped == 2);
  REQUIRE_FALSE(report.failures.empty());
  CHECK(report.failures[0].what.code == errc::too_large);
}

}  // namespace copycost::graph
