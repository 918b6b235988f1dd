// SPDX-License-Identifier: Apache-2.0
//
// Options of stores in a directory. Only inside a property.
#pragma once
#include "harness/judge/run_laws.h"
#include "scenarios/event_store/laws/draw.h"

namespace copycost::event_store::properties {

inline sync_policy draw_sync_policy() { return static_cast<sync_policy>(draw_number("sync policy", 0, 2)); }

// Small files, so that there are several. Throws not_offered unless the design is durable.
inline store_options draw_durable(const facade& f, const std::string& dir) {
  if (!f.durable()) throw not_offered{"a directory"};
  store_options o = small_options();
  o.dir = dir;
  o.sync = draw_sync_policy();
  o.file_bytes = std::size_t{4096} << draw_number("size of files", 0, 4);
  o.batch_events = draw_number("batch_events", 1, 20);
  o.interval_ms = static_cast<std::uint32_t>(draw_number("interval_ms", 1, 10));
  o.seed = draw_number("seed of ids", 0, 9);
  return o;
}
inline store_options draw_durable(const facade& f, const home& files) { return draw_durable(f, files.path()); }

}  // namespace copycost::event_store::properties
