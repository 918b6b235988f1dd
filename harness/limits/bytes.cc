// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "harness/core/observe.h"
#include "harness/core/read_all.h"
#include "harness/limits/mapping.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {
namespace {

sample copy_at(std::uint64_t size, std::size_t page_distance, std::chrono::nanoseconds budget) {
  const copy_buffers buffers(size, page_distance);
  const auto copy = [&] {
    std::size_t bytes = size;
    hide(bytes);
    std::memcpy(buffers.target(), buffers.source(), bytes);
    escape(buffers.target());
  };
  return repeat({budget, size}, [&](std::uint64_t ops) { return time_operations(ops, copy); });
}

// The loop of handle_move, `Before` instructions later than another one.
template <int Before>
[[gnu::noinline]] double turns_at(const std::byte* place, std::uint64_t ops) {
  asm volatile(".rept %c0\n\tnop\n\t.endr" : : "i"(Before));
  return time_operations(ops, [place] { ::copycost::escape(place, std::size_t{64}); });
}

}  // namespace

sample memcpy_hot(std::uint64_t size, std::chrono::nanoseconds budget) {
  return copy_at(size, kBenignDistance, budget);
}

sample memcpy_page_offset(std::uint64_t size, std::chrono::nanoseconds budget) {
  return copy_at(size, kHeaderDistance, budget);
}

sample write_hot(std::uint64_t size, std::chrono::nanoseconds budget) {
  mapping memory(page_rounded(size));
  memory.fill();
  const auto write = [&] {
    std::size_t bytes = size;
    hide(bytes);
    std::memset(memory.data(), 0x5a, bytes);
    escape(memory.data());
  };
  return repeat({budget, size}, [&](std::uint64_t ops) { return time_operations(ops, write); });
}

// As the cheapest design gives a result away: a place and a size in two registers (observe.h). A loop that short
// depends on where it lies in its line of code; the quickest of four places counts.
sample handle_move(std::uint64_t, std::chrono::nanoseconds budget) {
  const mapping memory(kPageBytes);
  const std::byte* const place = memory.data();
  sample quickest;
  for (const auto turns : {turns_at<0>, turns_at<16>, turns_at<32>, turns_at<48>}) {
    const sample one = repeat({budget / 4}, [&](std::uint64_t ops) { return turns(place, ops); });
    if (quickest.ns == 0 || one.best_ns < quickest.best_ns) quickest = one;
  }
  return quickest;
}

sample read_hot(std::uint64_t size, std::chrono::nanoseconds budget) {
  mapping memory(page_rounded(size));
  memory.fill();
  const auto read = [&] {
    std::size_t bytes = size;
    hide(bytes);
    escape(read_all({memory.data(), bytes}));
  };
  return repeat({budget, size}, [&](std::uint64_t ops) { return time_operations(ops, read); });
}

}  // namespace copycost::limits::detail
