// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "harness/core/read_all.h"
#include "harness/ledger/witness/heap_payload.h"
#include "harness/limits/block.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {
namespace {

// The bytes that are copied, walked over in order and round: payload as the clock's instrument lends it, at the same
// places within the page. Of many buffers, what a design made of payload: blocks of the allocator, with the payload
// between them where the allocator puts it there.
class walked_payload {
 public:
  explicit walked_payload(const limit_id& id) : how_(walk_of(id)), size_(id.size), from_(id.from) {
    buffers_.reserve(how_.buffers);
    for (std::uint64_t i = 0; i < how_.buffers; ++i) {
      buffers_.push_back(memory_.lend(how_.buffer_bytes).data());
      if (id.buffer != 0) buffers_.back() = block(how_.buffer_bytes);
      std::memset(buffers_.back(), 0x5a, how_.buffer_bytes);
    }
  }
  const std::byte* next() {
    const std::byte* const at = buffers_[buffer_] + from_ + piece_ * size_;
    if (++piece_ == how_.pieces) {
      piece_ = 0;
      buffer_ = buffer_ + 1 < how_.buffers ? buffer_ + 1 : 0;
    }
    return at;
  }
  // Once round, so that what is walked over is as near as its size allows, as in a workload's second round.
  void warm() {
    for (std::uint64_t i = 0; i < how_.buffers * how_.pieces; ++i) std::free(copied());
  }
  // A block with a copy of the next bytes, to be freed by the caller.
  std::byte* copied() {
    std::byte* block = allocate(size_);
    std::size_t bytes = size_;
    hide(bytes);
    std::memcpy(block, next(), bytes);
    escape(block);
    return block;
  }

 private:
  struct freed {
    void operator()(std::byte* block) const { std::free(block); }
  };
  std::byte* block(std::uint64_t bytes) { return blocks_.emplace_back(allocate(bytes)).get(); }

  walk how_;
  std::uint64_t size_, from_, buffer_ = 0, piece_ = 0;
  heap_payload memory_;
  std::vector<std::unique_ptr<std::byte, freed>> blocks_;
  std::vector<std::byte*> buffers_;
};

// What an owner of a copy has to keep: its place in a stream, its bytes and whose they are.
struct handle {
  std::uint64_t stream = 0, offset = 0;
  const std::byte* data = nullptr;
  std::uint64_t size = 0;
  std::byte* block = nullptr;
  std::uint64_t capacity = 0;
};
void copy_into(std::vector<handle>& kept, walked_payload& payload, std::uint64_t size) {
  for (handle& h : kept) {
    std::byte* const block = payload.copied();
    h = {1, h.offset + size, block, size, block, size};
    escape(&h);
  }
}
void free_all(const std::vector<handle>& kept) {
  for (const handle& h : kept) std::free(h.block);
}

// Rounds of `alive` copies each; nanoseconds for one of them.
template <class Round>
sample by_rounds(const limit_id& id, std::uint64_t alive, std::chrono::nanoseconds budget, const Round& round) {
  const sample all = repeat({budget, id.size * alive}, [&](std::uint64_t ops) { return time_operations(ops, round); });
  const auto each = static_cast<double>(alive);
  return {all.ns / each, all.best_ns / each, all.bytes_per_second};
}

}  // namespace

sample malloc_memcpy_free(const limit_id& id, std::chrono::nanoseconds budget) {
  walked_payload payload(id);
  payload.warm();
  if (id.alive == 0) return by_rounds(id, 1, budget, [&] { std::free(payload.copied()); });
  std::vector<handle> kept(id.alive);
  return by_rounds(id, id.alive, budget, [&] {
    copy_into(kept, payload, id.size);
    free_all(kept);
  });
}

sample malloc_memcpy_read_free(const limit_id& id, std::chrono::nanoseconds budget) {
  walked_payload payload(id);
  payload.warm();
  std::vector<handle> kept(std::max<std::uint64_t>(1, id.alive));
  return by_rounds(id, kept.size(), budget, [&] {
    copy_into(kept, payload, id.size);
    for (const handle& h : kept) escape(read_all({h.data, h.size}));
    free_all(kept);
  });
}

}  // namespace copycost::limits::detail
