// SPDX-License-Identifier: Apache-2.0
//
// What the chunk workloads have in common: sizes, making chunks of witnessed payload, and the oracle's model of one.
//
// Threads: one at a time.
// Cost: set-up code; not for timed regions.
#pragma once
#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/base/input/input.h"
#include "harness/core/observe.h"
#include "harness/ledger/witness/pattern.h"
#include "scenarios/chunk/contract.h"
#include "scenarios/common/least.h"
#include "scenarios/common/must.h"
#include "scenarios/common/register.h"
#include "scenarios/common/workload.h"

namespace copycost::chunk::workloads {

inline constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * 1024;
// Bytes of distinct buffers that a cold workload walks over: past every private cache.
inline constexpr std::uint64_t kColdBytes = 64 * kMiB;

// For loops over operations of a few nanoseconds: every call with a visible body is inlined. Otherwise the compiler
// inlines a design's function into some workloads and not into others, and the difference is larger than the operation.
#define COPYCOST_INLINED __attribute__((flatten))

// Nothing that was made in this context is alive: a design that frees a region as a whole does it now, inside the
// window, because that is when it pays for its memory. The other designs have freed already.
template <class Context>
void end_of_round(Context& made_here) {
  if constexpr (requires { made_here.reset(); }) made_here.reset();
}
// Operations between two ends of a round, when each makes `bytes`: what is alive at once stays in the private caches.
inline std::uint64_t round_of(std::uint64_t bytes) {
  return std::clamp<std::uint64_t>(256 * kKiB / (bytes + 1), 1, 256);
}

// Calls one(i) for each operation, with the ends of rounds in between.
template <class Context, class One>
void in_rounds(std::uint64_t n, std::uint64_t round, Context& made_here, One one) {
  for (std::uint64_t i = 0; i < n;) {
    for (const std::uint64_t end = std::min(n, i + round); i < end; ++i) one(i);
    end_of_round(made_here);
  }
}

// Payload that the operation itself produces, reported to the instruments that ask where results come from.
template <class See>
void produced_in_window(See&, window& w, std::span<const std::byte> where) {
  if constexpr (!std::is_same_v<See, cost_observer>) w.produced(where);
}

// A chunk over the producer's bytes: adopted, so that the design owns exactly the memory that the witnesses know.
template <class D>
typename D::chunk produce(typename D::context& context, window& w, std::size_t size, std::uint64_t id) {
  return must(context.adopt({context.intern("stream"), id * size}, foreign_bytes::lent(w.payload(size, id))));
}

// The real input in as few pieces of at most `size` bytes as it takes, no two of which differ by more than a byte: what
// one costs is what each costs. REQUIRES: there is one. VALID UNTIL: the input is set again.
inline std::vector<std::span<const std::byte>> input_pieces(std::size_t size) {
  std::vector<std::span<const std::byte>> out;
  std::span<const std::byte> rest = current_input("chunk")->bytes;
  for (std::size_t left = (rest.size() + size - 1) / size; left > 0; --left) {
    out.push_back(rest.first((rest.size() + left - 1) / left));
    rest = rest.subspan(out.back().size());
  }
  return out;
}
// Chunks over those pieces, one stream. The bytes are brought into memory that the witnesses know.
template <class D>
std::vector<typename D::chunk> produce_input(typename D::context& context, window& w, std::size_t size) {
  std::vector<typename D::chunk> out;
  std::uint64_t offset = 0;
  for (const auto piece : input_pieces(size)) {
    const std::span<std::byte> bytes = w.payload(piece.size(), out.size());
    std::copy(piece.begin(), piece.end(), bytes.begin());
    out.push_back(must(context.adopt({context.intern("stream"), offset}, foreign_bytes::lent(bytes))));
    offset += piece.size();
  }
  return out;
}
// Real input is offered when it has at least one byte.
inline bool has_input() { return current_input("chunk") != nullptr && !current_input("chunk")->bytes.empty(); }
// Of its pieces, the largest. REQUIRES: has_input().
inline std::uint64_t input_piece_size(std::size_t size) { return input_pieces(size).front().size(); }
inline bool on_input(const params& at) { return reads_input(at); }

// The same bytes for the oracle, in a standard container.
inline std::vector<std::byte> model_payload(std::uint16_t epoch, std::size_t size, std::uint64_t id) {
  std::vector<std::byte> bytes(size);
  pattern::write(bytes.data(), size, epoch, id);
  return bytes;
}

// How many buffers of `size` a workload walks over.
inline std::size_t buffers(const params& at, std::size_t size) {
  return at.has("cold") && at.number("cold") != 0 ? static_cast<std::size_t>(kColdBytes / size + 1) : 1;
}

// Each of many buffers has a count of its own, and the heap's state says how near to each other they lie: at worst an
// operation writes a page that no other one does.
inline double counts_written(const params& at, std::size_t size) { return buffers(at, size) > 1 ? 4 * kKiB : 0; }

// What a copy of `size` bytes costs, `from` the begin of each buffer of `whole` bytes that a workload walks over.
inline limit_sum copied_out(const params& at, std::uint64_t size, std::uint64_t whole, std::uint64_t from = 0) {
  limit_term copies{1, "malloc_memcpy_free", size};
  if (whole != size) {
    copies.span = whole;
    copies.from = from;
  }
  if (const std::uint64_t count = buffers(at, whole); count > 1) {
    copies.span = count * whole;
    copies.buffer = whole;
  }
  return {copies};
}
// Handles alone: counted ones are counted up and down, where bytes are copied `floor` is paid, and a region counts
// nothing.
inline limit_sum handle_reference(ownership owns, const limit_sum& floor, double handles = 1) {
  if (owns == ownership::counted) return {{handles, "refcount_pair"}};
  return owns == ownership::copies ? floor : limit_sum{};
}

// size x {hot, cold} points: cold only where a buffer is smaller than what is walked over.
inline std::vector<params> size_points(std::initializer_list<std::uint64_t> sizes,
                                       std::initializer_list<std::uint64_t> cold) {
  std::vector<params> out;
  for (const std::uint64_t size : sizes) out.push_back(params{{"size", size}});
  for (const std::uint64_t size : cold) out.push_back(params{{"size", size}, {"cold", 1}});
  return out;
}

// What standard containers answer to n operations that each see `len` bytes from `from` on of the next buffer.
inline std::uint64_t parts_of_buffers(const params& at, std::uint16_t epoch, std::uint64_t n, std::size_t from,
                                      std::size_t len) {
  const std::size_t size = at.number("size"), count = buffers(at, size);
  digest seen;
  for (std::uint64_t i = 0; i < n; ++i) {
    const auto bytes = model_payload(epoch, size, i % count);
    seen.add(std::span(bytes).subspan(from, len));
  }
  return results_of_one_role(seen);
}

// A loop over chunks that are there before: `buffers()` of them. E is as in loop_episode.
template <class E, class D>
class buffer_episode : public loop_episode<E> {
 public:
  void setup(window& w) override {
    for (std::size_t id = 0; id < count_; ++id) sources_.push_back(produce<D>(context_, w, size_, id));
  }

 protected:
  buffer_episode(const params& at, handled each)
      : loop_episode<E>(each), size_(at.number("size")), count_(buffers(at, size_)) {}
  // The buffer with which the walk goes on, and the one behind another.
  std::size_t next() const { return this->did() % count_; }

  const std::size_t size_, count_;
  typename D::context context_;
  std::vector<typename D::chunk> sources_;
};

}  // namespace copycost::chunk::workloads
