// SPDX-License-Identifier: Apache-2.0
//
// What the chunk workloads have in common: sizes, making chunks of witnessed payload, and the oracle's model of one.
// Set-up code; not for timed regions.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/core/failure.h"
#include "harness/core/observe.h"
#include "harness/core/pattern.h"
#include "scenarios/chunk/contract.h"
#include "scenarios/common/register.h"

namespace copycost::chunk::workloads {

inline constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * 1024;
// Bytes of distinct buffers that a cold workload walks over: past every private cache.
inline constexpr std::uint64_t kColdBytes = 64 * kMiB;

// An operation of the set-up that must not fail; throws failure{internal} with the error.
template <class T>
T must(result<T> r) {
  if (!r.ok()) throw failure(exit_code::internal, "chunk set-up: " + to_string(r.error()));
  return std::move(r).value();
}

// A chunk over the producer's bytes: adopted, so that the design owns exactly the memory that the witnesses know.
template <class D>
typename D::chunk produce(typename D::context& context, window& w, std::size_t size, std::uint64_t id) {
  return must(context.adopt({context.intern("stream"), id * size}, foreign_bytes::lent(w.payload(size, id))));
}

// The same bytes for the oracle, in a standard container.
inline std::vector<std::byte> model_payload(std::uint16_t epoch, std::size_t size, std::uint64_t id) {
  std::vector<std::byte> bytes(size);
  pattern::write(bytes.data(), size, epoch, id);
  return bytes;
}

// The digest of a process with one role, as stage_window::results() computes it.
inline std::uint64_t results_of_one_role(const digest& seen) {
  digest all;
  all.add(seen.value());
  return all.value();
}

// How many buffers of `size` a workload walks over.
inline std::size_t buffers(const params& at, std::size_t size) {
  return at.has("cold") && at.number("cold") != 0 ? static_cast<std::size_t>(kColdBytes / size + 1) : 1;
}

// size x {hot, cold} points: cold only where a buffer is smaller than what is walked over.
inline std::vector<params> size_points(std::initializer_list<std::uint64_t> sizes, std::initializer_list<std::uint64_t> cold) {
  std::vector<params> out;
  for (const std::uint64_t size : sizes) out.push_back(params{{"size", size}});
  for (const std::uint64_t size : cold) out.push_back(params{{"size", size}, {"cold", 1}});
  return out;
}

}  // namespace copycost::chunk::workloads
