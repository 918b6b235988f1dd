// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/record/options.h"

#include <ctime>

namespace copycost::event_store {

std::uint64_t wall_clock_ms() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}

result<void> check_options(const store_options& o) {
  auto bad = [](std::uint64_t which) { return error{.code = errc::bad_options, .got = which}; };
  if (o.first > kStart - 2) return bad(1);
  if (o.segment_bytes < 4096 || o.segment_bytes % 4096 != 0 || o.segment_bytes > (std::size_t{1} << 30)) return bad(2);
  if (o.event_bytes_max < kRecordHeader || o.event_bytes_max > o.segment_bytes / 4) return bad(3);
  if (o.memory_bytes_max < 64 * o.segment_bytes) return bad(4);
  if (o.now_ms == nullptr) return bad(6);
  if (o.interval_ms == 0) return bad(11);
  if (o.batch_events == 0) return bad(12);
  if (o.file_bytes < 4096) return bad(13);
  return {};
}

}  // namespace copycost::event_store
