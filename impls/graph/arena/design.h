// SPDX-License-Identifier: Apache-2.0
//
// arena: the items of a batch lie in one region, which travels down the pipeline with them and is freed as a whole by
// the thread that drops the last of them.
//
//   maker [region*|issued] --> region [owners] [payload|headers|payload|payload|...free...]    being filled
//   item  [data*|size|source|key|owner] ------>  region [owners] [payload|payload|...]         closed, on its way
//   item  [data*|size|source|key|owner] ---------^
//
// The maker takes a region from the context's pool, puts items into it until the batch ends or the region is full, and
// takes the next one. It counts what it issues without atomics and adds it to the region's count when it moves on.
//
// Lifetime: a region lives until its maker has moved on and its last item is dropped, in whichever thread that is; so
// do the bytes that were adopted into it. One item that is kept keeps the whole region.
// Threads: a value; items of one region may be used and dropped in different threads. A maker is one at a time. A
// context is safe, and outlives its makers and items.
// Cost: an item is a bump of a pointer, and has no count operation of its own until it is dropped: one locked
// instruction, or one for a whole run of neighbours with drop(span). share, and fan_out to any number of branches, are
// one each. Parts of items in the region that the maker is filling cost none.
#pragma once
#include <optional>
#include <utility>

#include "harness/ledger/witness/counters.h"
#include "impls/graph/arena/item.h"
#include "impls/graph/common/names.h"

namespace copycost::graph {

class arena_context : public process_names {
 public:
  explicit arena_context(region_options o = {}) : regions_(o) {}
  region_stats regions() const { return regions_.stats(); }

 private:
  friend class arena_maker;
  region_pool regions_;
};

// One owner of its region from the start: the maker may move on before it is sealed.
class arena_draft {
 public:
  // VALID UNTIL: the draft is destroyed, moved from or sealed.
  std::span<std::byte> bytes() { return made_.room(); }

 private:
  friend class arena_maker;
  arena_item made_;
  arena::lease piece_;  // headers and payload, for shrinking
};

class arena_maker {
 public:
  explicit arena_maker(arena_context& x) : pool_(x.regions_) {}
  ~arena_maker() { end_batch(); }
  arena_maker(const arena_maker&) = delete;
  arena_maker& operator=(const arena_maker&) = delete;

  result<arena_item> copy(const metadata& meta, bytes_view bytes) {  // COPIES: bytes.size()
    arena::lease piece;
    auto made = make(meta, bytes.size(), piece);
    if (made && !bytes.empty()) counted_copy(made->room().data(), bytes.data(), bytes.size());
    return made;
  }
  // The bytes are given back when the region is freed.
  result<arena_item> adopt(const metadata& meta, foreign_bytes&& bytes);
  result<arena_draft> build(const metadata& meta, std::size_t size) {
    arena_draft draft;
    auto made = make(meta, size, draft.piece_);
    if (!made) return made.error();
    draft.made_ = std::move(made).value();
    return draft;
  }
  // What is not used goes back to the region when it is the latest piece of the one that is being filled.
  result<arena_item> seal(arena_draft&& draft, std::size_t used);
  result<arena_item> part(const arena_item& of, std::size_t pos, std::size_t len, const metadata& meta) {
    if (!meta.headers.empty()) return part_with_headers(of, pos, len, meta);
    if (const auto ok = inside(pos, len, of.size()); !ok) return ok.error();
    if (len == 0) return bare(meta);
    region& in = *of.where();
    of.not_alone();
    issue(in);
    return filled(item_words(of.words_.data() + pos, len, meta, false), word_of(in));
  }
  // In place when no other item was ever made of these bytes, and they are the region's own. COPIES: one.size()
  // otherwise, into the region that is being filled. VALID UNTIL: the item is shared, moved from or destroyed.
  result<std::span<std::byte>> make_unique(arena_item& one) {
    if (one.size() == 0) return std::span<std::byte>();
    return one.is_alone() ? one.room() : own_bytes(one);
  }
  // The region that is being filled is closed; the next item begins another one.
  void end_batch() {
    if (current_ != nullptr) std::exchange(current_, nullptr)->close(std::exchange(issued_, 0));
  }

 private:
  static arena_item bare(const metadata& meta) { return arena_item(item_words(nullptr, 0, meta, false), 0); }
  // Filled where the caller has it: a move would wait for the stores before it.
  static result<arena_item> filled(const item_words& words, std::uintptr_t owner) {
    result<arena_item> made(std::in_place);
    made->become(words, owner);
    return made;
  }
  static std::uintptr_t word_of(region& in) { return reinterpret_cast<std::uintptr_t>(&in); }
  static std::uintptr_t word_of(item_headers& list) { return reinterpret_cast<std::uintptr_t>(&list); }
  // One more owner of a region, for an item that the maker hands out.
  void issue(region& in) {
    if (&in == current_)
      ++issued_;
    else
      in.add(1);
  }
  bool has_room(const region& in, std::uint64_t bytes) const {
    const std::uint64_t held = in.held_bytes();
    return held == 0 || held + bytes <= pool_.options().region_bytes;
  }
  // The region that is being filled, or the next one where that is full. Null when there is no memory.
  // VALID UNTIL: the maker moves on.
  region* region_for(std::uint64_t bytes) {
    if (current_ != nullptr && !has_room(*current_, bytes)) end_batch();
    if (current_ == nullptr) current_ = pool_.take();
    return current_;
  }
  // An item with bytes that are not initialised, and the piece that they and its headers lie in.
  result<arena_item> make(const metadata& meta, std::size_t size, arena::lease& piece) {
    if (const auto ok = fits(meta, size); !ok) return ok.error();
    const std::size_t front = item_headers::bytes_for(meta.headers);
    if (front + size == 0) return bare(meta);
    region* const in = region_for(front + size);
    if (in == nullptr || (piece = in->allocate(front + size)).data == nullptr) [[unlikely]]
      return error{errc::out_of_memory, 0, 0, size};
    ++issued_;
    const std::uintptr_t owner =
        front == 0 ? word_of(*in) : word_of(*item_headers::place(piece.data, *in, meta.headers, 0));
    return filled(item_words(piece.data + front, size, meta, front != 0), owner | arena_item::kAlone);
  }
  result<arena_item> part_with_headers(const arena_item& of, std::size_t pos, std::size_t len, const metadata& meta);
  // Headers for an item of `in`: in it where this maker is filling it, or on the heap. Null when there is no memory.
  // VALID UNTIL: the item that is made of them lets go.
  item_headers* headers_beside(region& in, std::span<const header> list);
  result<std::span<std::byte>> own_bytes(arena_item& one);  // COPIES: one.size(). VALID UNTIL: as make_unique()

  region_pool& pool_;
  region* current_ = nullptr;  // what is being filled
  std::int64_t issued_ = 0;    // owners of it that its count does not know yet
};

struct arena_design {
  static constexpr design_traits traits{.zero_copy = true};
  using context = arena_context;
  using maker = arena_maker;
  using item = arena_item;
  using draft = arena_draft;

  static result<void> fan_out(item&& one, std::span<item> to) {
    if (to.size() > 1) {
      one.not_alone();
      one.add(to.size() - 1);
    }
    const std::uintptr_t owner = one.owner();
    for (item& place : to.first(to.size() - 1)) {
      place.words_ = one.words_;
      place.owner_.store(owner, std::memory_order_relaxed);
    }
    to.back() = std::move(one);
    return {};
  }
  static void drop(std::span<item> all) { item::drop_all(all); }
};
static_assert(design<arena_design>);

}  // namespace copycost::graph
