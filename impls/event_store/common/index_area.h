// SPDX-License-Identifier: Apache-2.0
//
// An entities' index in memory of its own: address space for as much as it may ever need; the kernel gives the pages
// that are written to.
//
// Lifetime: owns what it holds; counted_index: of its last owner.
// Threads: as entity_index.
// Cost: two system calls.
#pragma once
#include <memory>

#include "impls/event_store/common/counted.h"
#include "impls/event_store/common/entity_index.h"

namespace copycost::event_store {

class index_area {
 public:
  // A share of what the store may reserve. Null when there is no address space.
  static std::unique_ptr<index_area> make(const store_options& o);
  explicit index_area(std::byte* mapped, std::size_t bytes) : at_(mapped), bytes_(bytes), index_(mapped, bytes) {
    index_.start();
  }
  ~index_area();
  index_area(const index_area&) = delete;
  index_area& operator=(const index_area&) = delete;

  entity_index& index() { return index_; }
  const entity_index& index() const { return index_; }
  // Whether so much of it is of events that are gone that it should be built anew, when `events` are there.
  bool is_stale(std::uint64_t events) const { return index_.size() > 2 * events + 4096; }
  // Whether that would help where it has no room.
  bool has_waste(std::uint64_t events) const { return index_.size() > events + events / 2; }

 private:
  std::byte* at_;
  std::size_t bytes_;
  entity_index index_;
};

struct counted_index : counted {
  explicit counted_index(std::unique_ptr<index_area> a) : area(std::move(a)) {}
  std::unique_ptr<index_area> area;
  // Null when there is no address space.
  static owner<counted_index> make(const store_options& o) {
    auto area = index_area::make(o);
    return area == nullptr ? owner<counted_index>() : owner<counted_index>(new counted_index(std::move(area)));
  }
  static void destroy(counted_index* i) { delete i; }
};

}  // namespace copycost::event_store
