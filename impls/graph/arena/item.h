// SPDX-License-Identifier: Apache-2.0
//
// Part of the arena design: an item whose bytes lie in a region, or are kept by one.
//
//   item [data*|size|source|key|owner] --> region                                    without headers
//                              owner   --> item_headers [region*|n|headers ...]      with them: in the region,
//                                                                                    or on the heap, counted
//
// The lowest bit of the owner says that no other item was made of these bytes, so that make_unique() may write them
// where they are: regions count items, and not the owners of one item's bytes. share() and part() clear it in the item
// that they are asked of, which is why it is atomic. It is never set again.
//
// Lifetime: the region is freed behind its last item. Headers on the heap are one owner of the region together.
// Threads: a value; items of one region may be used and dropped in different threads.
// Cost: share and drop are one locked instruction each, and drop_all() is one for each run of items of one region.
#pragma once
#include <atomic>
#include <utility>

#include "impls/graph/arena/region.h"
#include "impls/graph/common/item_words.h"

namespace copycost::graph {

struct item_headers {
  region* in;
  std::uint32_t size;
  std::atomic<std::uint32_t> owners;  // 0: they lie in the region, and go with it

  static std::size_t bytes_for(std::span<const header> list) {
    return list.empty() ? 0 : sizeof(item_headers) + list.size_bytes();
  }
  // In memory of bytes_for(list). VALID UNTIL: that memory is freed.
  static item_headers* place(void* memory, region& in, std::span<const header> list, std::uint32_t owners);
  void add(std::uint64_t more);
  // VALID UNTIL: this is freed.
  std::span<const header> list() const { return {reinterpret_cast<const header*>(this + 1), size}; }
};
static_assert(sizeof(item_headers) == 16);

class arena_item {
 public:
  arena_item() = default;
  arena_item(arena_item&& o) noexcept : words_(std::exchange(o.words_, {})), owner_(o.take_owner()) {}
  arena_item& operator=(arena_item&& o) noexcept {
    const item_words words = std::exchange(o.words_, {});
    const std::uintptr_t owner = o.take_owner();  // first, so that assignment to itself keeps the count
    let_go();
    words_ = words;
    owner_.store(owner, std::memory_order_relaxed);
    return *this;
  }
  ~arena_item() { let_go(); }

  std::size_t size() const { return words_.size(); }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  bytes_view bytes() const {
    COPYCOST_ASSERT(is_sound());
    return {words_.data(), words_.size()};
  }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  metadata meta() const { return {words_.source(), words_.key(), headers()}; }
  arena_item share() const {
    not_alone();
    add(1);
    return arena_item(words_, owner());
  }
  // 0: a region counts its items, and not the owners of the bytes of one.
  std::uint64_t use_count() const { return 0; }
  // Of the whole region, until its last item is dropped.
  std::uint64_t held_bytes() const;

 private:
  friend struct arena_design;
  friend class arena_maker;
  friend class arena_draft;
  static constexpr std::uintptr_t kAlone = 1;  // both kinds of owner are aligned to 16

  // Takes over one count. REQUIRES: an owner that is headers when words.has_headers().
  arena_item(const item_words& words, std::uintptr_t owner) : words_(words), owner_(owner) {}

  // The same for an item that is empty.
  void become(const item_words& words, std::uintptr_t owner) {
    words_ = words;
    owner_.store(owner, std::memory_order_relaxed);
  }

  std::uintptr_t owner() const { return owner_.load(std::memory_order_relaxed); }
  std::uintptr_t take_owner() {
    const std::uintptr_t owner = this->owner();
    owner_.store(0, std::memory_order_relaxed);
    return owner;
  }
  bool is_alone() const { return (owner() & kAlone) != 0; }
  void not_alone() const {
    if (is_alone()) owner_.store(owner() & ~kAlone, std::memory_order_relaxed);
  }
  // REQUIRES: words_.has_headers. VALID UNTIL: the item is destroyed, moved from or changed.
  item_headers* with() const { return reinterpret_cast<item_headers*>(owner() & ~kAlone); }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  std::span<const header> headers() const { return words_.has_headers() ? with()->list() : std::span<const header>(); }
  // Null: the item owns nothing. VALID UNTIL: the item is destroyed, moved from or changed.
  region* where() const { return words_.has_headers() ? with()->in : reinterpret_cast<region*>(owner() & ~kAlone); }
  bool counts_at_headers() const { return words_.has_headers() && with()->owners.load(std::memory_order_relaxed) != 0; }
  // The bytes for writing. REQUIRES: is_alone(). VALID UNTIL: as bytes().
  std::span<std::byte> room() const { return {const_cast<std::byte*>(words_.data()), words_.size()}; }

  bool is_sound() const { return where() == nullptr || where()->is_held(); }
  void add(std::uint64_t owners) const;
  void let_go() {
    if (region* const in = leave(); in != nullptr) in->drop(1);
  }
  // Leaves the item without an owner. Answers the region that has lost one by that, if it has.
  // VALID UNTIL: the region's count is settled.
  region* leave() {
    if (owner() == 0) return nullptr;
    if (words_.has_headers()) [[unlikely]]
      return leave_headers();
    return reinterpret_cast<region*>(take_owner() & ~kAlone);
  }
  region* leave_headers();  // VALID UNTIL: as leave()
  static void drop_all(std::span<arena_item> all);

  item_words words_;
  mutable std::atomic<std::uintptr_t> owner_{0};  // a region or headers; 0: nothing to own
};
static_assert(sizeof(arena_item) == 32);

inline void arena_item::add(std::uint64_t owners) const {
  if (counts_at_headers()) {
    with()->add(owners);
  } else if (region* const in = where(); in != nullptr) {
    in->add(owners);
  }
}

}  // namespace copycost::graph
