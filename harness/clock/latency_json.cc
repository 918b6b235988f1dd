// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/latency_json.h"

#include "harness/base/failure.h"

namespace copycost {

json histogram_json(const latency_histogram& h) {
  json cells = json::array{};
  for (std::size_t i = 0; i < latency_histogram::kCells; ++i) {
    if (h.cells()[i] == 0) continue;
    json pair = json::array{};
    pair.push(static_cast<std::uint64_t>(i)).push(h.cells()[i]);
    cells.push(std::move(pair));
  }
  return json::of({{"min", h.min_ns()}, {"max", h.max_ns()}, {"overflow", h.overflow()}, {"cells", std::move(cells)}});
}

latency_histogram histogram_from(const json& text) {
  std::array<std::uint64_t, latency_histogram::kCells> cells{};
  for (const json& pair : text["cells"].items()) {
    const std::int64_t at = pair.items().size() == 2 ? pair.items()[0].integer() : -1;
    if (at < 0 || static_cast<std::size_t>(at) >= cells.size())
      throw failure(exit_code::internal, "a launch reports latencies that are none");
    cells[static_cast<std::size_t>(at)] = static_cast<std::uint64_t>(pair.items()[1].integer());
  }
  return latency_histogram::of(cells, text["min"].integer(), text["max"].integer(),
                               static_cast<std::uint64_t>(text["overflow"].integer()));
}

json summary_json(const latency_summary& s) {
  return json::of({{"count", s.count},
                   {"p50", s.p50_ns},
                   {"p90", s.p90_ns},
                   {"p99", s.p99_ns},
                   {"p99_9", s.p99_9_ns},
                   {"p99_99", s.p99_99_ns},
                   {"max", s.max_ns},
                   {"overflow", s.overflow}});
}

}  // namespace copycost
