// SPDX-License-Identifier: Apache-2.0
//
// Names of measurements of the machine (limit_id) and sums of them (limit_sum): workloads say with them what an
// operation takes at least, and harness/limits measures them. A limit_id also says how many bytes the measurement walks
// over, because a copy out of a few hot bytes is not the same work as one out of many.
//
//   span 64 KiB, in buffers of 16 KiB          size 1 KiB from 0: every byte, one piece after the other
//   |----------------|----------------|---
//   |1|2|3|4|5|6|7|8 |...                      size 8 KiB from 4 KiB: the middle half of every buffer
//   |    |---1---|   |    |---2---|   |
//
// Threads: a value.
#pragma once
#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace copycost {
namespace limits {

struct limit_id {
  std::string name;
  std::uint64_t size = 0;    // bytes of one operation; 0 where the limit has no size
  std::uint64_t alive = 0;   // blocks that are alive at once; 0: one, and all that most limits know
  std::uint64_t span = 0;    // distinct bytes that operations walk over, in order and round; 0: those of one operation
  std::uint64_t buffer = 0;  // bytes of each of the buffers that the span consists of; 0: it is one
  std::uint64_t from = 0;    // where in each buffer the first operation begins
  friend auto operator<=>(const limit_id&, const limit_id&) = default;
};

// What a limit_id says of the walk, without its zeros.
struct walk {
  std::uint64_t buffers = 1, buffer_bytes = 0;
  std::uint64_t pieces = 1;  // operations in one buffer
};
// REQUIRES: id.size > 0.
inline walk walk_of(const limit_id& id) {
  const std::uint64_t span = std::max(id.span, id.from + id.size);
  const std::uint64_t buffer = std::max(id.buffer == 0 ? span : id.buffer, id.from + id.size);
  return {std::max<std::uint64_t>(1, span / buffer), buffer, (buffer - id.from) / id.size};
}

}  // namespace limits

// A multiple of one measurement, e.g. 1 x malloc_memcpy_free of 4096 bytes.
struct limit_term {
  double times = 1;
  std::string name;
  std::uint64_t size = 0, alive = 0, span = 0, buffer = 0, from = 0;  // as in limits::limit_id
  limits::limit_id id() const { return {name, size, alive, span, buffer, from}; }
};
using limit_sum = std::vector<limit_term>;

// Both, one after the other: a measurement that both name is there once.
inline limit_sum operator+(limit_sum a, limit_sum b) {
  for (limit_term& t : b) {
    const auto same = std::find_if(a.begin(), a.end(), [&](const limit_term& one) { return one.id() == t.id(); });
    if (same == a.end())
      a.push_back(std::move(t));
    else
      same->times += t.times;
  }
  return a;
}
// All of it so many times: nothing where that is 0.
inline limit_sum operator*(double times, limit_sum sum) {
  if (times == 0) sum.clear();
  for (limit_term& t : sum) t.times *= times;
  return sum;
}

}  // namespace copycost
