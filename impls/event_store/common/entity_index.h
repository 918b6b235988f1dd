// SPDX-License-Identifier: Apache-2.0
//
// Which events belong to an entity: for each name the sequences of its events, in order. It holds positions, not
// copies.
//
//   area  [head | table: hash and node | node: name, count, pieces | 4 sequences | node | 8 sequences | ... free ...]
//
// Everything lies in one area of memory that is all zero at first, and refers to itself by offsets (in units of 8
// bytes), so that other processes that map the area elsewhere can read it. Nothing moves, and only the area as a whole
// is freed, so readers go on while one writer adds. A full table is replaced by one of twice the size; lists grow by
// pieces of twice the size. An index whose entries are mostly of events that are gone is built anew elsewhere.
//
// Lifetime: of the area.
// Threads: one writer, any readers.
// Cost: a hash of the name and a look into the table and the node; adding writes 8 bytes.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "harness/base/check.h"
#include "scenarios/event_store/contract.h"

namespace copycost::event_store {

class entity_index {
 public:
  struct node {
    static constexpr unsigned kPieces = 28;
    std::uint32_t hash, name_size;
    std::atomic<std::uint64_t> count;
    std::uint32_t pieces[kPieces];  // piece k holds 4 << k sequences
  };
  struct head {
    std::uint64_t used;                // of the area, in units; the writer's
    std::uint64_t postings, entities;  // the writer's
    std::atomic<std::uint64_t> table;  // place << 8 | log2 of its size; 0: not made yet
  };

  entity_index() = default;
  // REQUIRES: the area is zero, or was an index before; it is 64 KiB or more, and aligned to 8.
  entity_index(std::byte* area, std::size_t bytes) : base_(area), units_(bytes / kUnit) {
    COPYCOST_ASSERT(bytes >= std::size_t{64} << 10 && reinterpret_cast<std::uintptr_t>(area) % kUnit == 0);
  }
  // What the writer does once with an area that is zero.
  void start();
  bool is_started() const { return at_head()->table.load(std::memory_order_acquire) != 0; }

  // Sequences of one entity, as they are at some moment. VALID UNTIL: the area is.
  class postings {
   public:
    postings() = default;
    postings(const std::byte* base, const node* of)
        : base_(base), of_(of), count_(of->count.load(std::memory_order_acquire)) {}
    std::uint64_t count() const { return count_; }
    sequence at(std::uint64_t i) const {
      const unsigned k = piece_of(i);
      return reinterpret_cast<const sequence*>(base_ + kUnit * of_->pieces[k])[i - first_in(k)];
    }
    // The first place whose sequence is not less than `seq`.
    std::uint64_t place_of(sequence seq) const {
      std::uint64_t low = 0, high = count_;
      while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        if (at(middle) < seq)
          low = middle + 1;
        else
          high = middle;
      }
      return low;
    }

   private:
    const std::byte* base_ = nullptr;
    const node* of_ = nullptr;
    std::uint64_t count_ = 0;
  };
  // Empty where the name is not known.
  postings find(std::string_view entity) const {
    const node* found = look_up(entity, hash_of(entity));
    return found == nullptr ? postings() : postings(base_, found);
  }

  // Whether `events` more fit, whatever their names.
  bool has_room(std::uint64_t events) const {
    const head& h = *at_head();
    return h.used + events * kWorst + 2 * (h.postings + h.entities) < units_;
  }
  // REQUIRES: has_room(), or an index of the same size has held these events and others; sequences rise. An empty name
  // is not kept.
  void add(std::string_view entity, sequence seq);
  // Forgets sequences from `end` on: what a writer that died had added and not published.
  void rewind(sequence end);
  std::uint64_t size() const { return at_head()->postings; }
  std::uint64_t used_bytes() const { return at_head()->used * kUnit; }

 private:
  static constexpr std::size_t kUnit = 8;
  static constexpr std::uint64_t kWorst = (sizeof(node) + kNameMax + kUnit) / kUnit + 4 + 16;
  struct slot {
    std::atomic<std::uint64_t> word;  // hash << 32 | node; 0: empty
  };

  static unsigned piece_of(std::uint64_t i) { return 63u - static_cast<unsigned>(__builtin_clzll(i / 4 + 1)); }
  static std::uint64_t first_in(unsigned k) { return ((std::uint64_t{1} << k) - 1) * 4; }
  static std::uint32_t hash_of(std::string_view name);

  head* at_head() const { return reinterpret_cast<head*>(base_); }
  template <class T>
  T* at(std::uint64_t unit) const {
    return reinterpret_cast<T*>(base_ + unit * kUnit);
  }
  std::uint64_t allocate(std::uint64_t bytes) {
    head& h = *at_head();
    const std::uint64_t unit = h.used;
    h.used += (bytes + kUnit - 1) / kUnit;
    COPYCOST_ASSERT(h.used <= units_);
    std::atomic_signal_fence(std::memory_order_seq_cst);  // a killed process has written nothing behind `used`
    return unit;
  }
  std::string_view name_of(const node* n) const {  // VALID UNTIL: the area is
    return {reinterpret_cast<const char*>(n + 1), n->name_size};
  }
  node* look_up(std::string_view entity, std::uint32_t hash) const;
  node* insert(std::string_view entity, std::uint32_t hash);
  void grow();

  std::byte* base_ = nullptr;
  std::uint64_t units_ = 0;
};

}  // namespace copycost::event_store
