// SPDX-License-Identifier: Apache-2.0
//
// What the graph workloads have in common: sizes, items over payload that the witnesses know, and how much of an item a
// consumer reads.
//
// Threads: one at a time.
// Cost: set-up code, except read_parts().
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "harness/core/observe.h"
#include "harness/ledger/witness/pattern.h"
#include "scenarios/common/least.h"
#include "scenarios/common/must.h"
#include "scenarios/common/register.h"
#include "scenarios/common/workload.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph::workloads {

inline constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * 1024;

// For loops over operations of a few nanoseconds: every call with a visible body is inlined.
#define COPYCOST_INLINED __attribute__((flatten))

// What the window lends under that number, for the oracle.
inline std::vector<std::byte> model_payload(std::uint16_t epoch, std::size_t size, std::uint64_t id) {
  std::vector<std::byte> bytes(size);
  pattern::write(bytes.data(), bytes.size(), epoch, id);
  return bytes;
}

// Payload of the window under that number, as an item.
template <class D>
typename D::item produce(typename D::maker& maker, window& w, std::size_t size, std::uint64_t id,
                         const metadata& meta = {}) {
  return must(maker.adopt(meta, foreign_bytes::lent(w.payload(size, id))));
}

// Of two roles that have both seen the item of number 0, `n` times.
inline std::uint64_t results_of_round_trips(std::size_t size, std::uint16_t epoch, std::uint64_t n) {
  const auto item = model_payload(epoch, size, 0);
  digest seen;
  for (std::uint64_t i = 0; i < n; ++i) seen.add(item);
  return results_of_equal_roles(seen, 2);
}

// An item that is written inside the window, as the producer's; the witnesses learn where.
template <class D, class See>
typename D::item written_item(See&, typename D::maker& maker, window& w, std::size_t size, std::uint64_t id) {
  auto draft = done(maker.build({0, id, {}}, size));
  pattern::write(draft.bytes().data(), size, w.epoch(), id);
  if constexpr (!std::is_same_v<See, cost_observer>) w.produced(draft.bytes());
  return done(maker.seal(std::move(draft), size));
}

// Items that a node makes between two ends of a batch, as a source does in one turn.
inline constexpr std::uint64_t kTurn = 32;
template <class Maker>
void end_turn(Maker& maker, std::uint64_t op) {
  if (op % kTurn == kTurn - 1) maker.end_batch();
}
// Makes and drops two batches: a design that keeps memory for the next batch has it from then on.
template <class D>
void warm_up(typename D::maker& maker, std::size_t size) {
  std::array<typename D::item, 2> items;
  for (auto& one : items) {
    one = must(maker.seal(must(maker.build({}, size)), size));
    maker.end_batch();
  }
  D::drop(std::span(items));
}

// How much of each item a consumer reads.
inline constexpr std::uint64_t kReadHead = 0, kReadSamples = 1, kReadAll = 2;
inline constexpr std::size_t kHeadBytes = 8, kSampleBytes = 64, kSampleEvery = 1024;

// Calls part(bytes) for each piece that is read: the first 8 bytes; a line of 64 bytes in each KiB; everything.
template <class Part>
COPYCOST_INLINED void read_parts(std::span<const std::byte> bytes, std::uint64_t how, Part part) {
  if (how == kReadAll) return part(bytes);
  if (how == kReadHead) return part(bytes.first(std::min(bytes.size(), kHeadBytes)));
  for (std::size_t at = 0; at < bytes.size(); at += kSampleEvery)
    part(bytes.subspan(at, std::min(kSampleBytes, bytes.size() - at)));
}
inline std::uint64_t bytes_read(std::uint64_t size, std::uint64_t how) {
  if (how == kReadAll) return size;
  if (how == kReadHead) return std::min<std::uint64_t>(size, kHeadBytes);
  const std::uint64_t whole = size / kSampleEvery, rest = size % kSampleEvery;
  return whole * kSampleBytes + std::min<std::uint64_t>(rest, kSampleBytes);
}

}  // namespace copycost::graph::workloads
