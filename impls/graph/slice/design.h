// SPDX-License-Identifier: Apache-2.0
//
// slice: items are counted slices of immutable blocks.
//
//   item [data*|size|source|key|block*]--+      another branch's, or a part [data*|size|source|key|block*]--+
//           |                            v                                     |                            |
//           |     [counts|capacity|headers][ headers ... | payload ............|..............]<------------+
//           +--------------------------------------------^............ (anywhere in the payload)
//
// A part has its own source and key in the handle. It shows the block's headers when it was given the same; with other
// headers it has a small block of its own, which keeps the one with the payload.
//
// Lifetime: a block lives until its last item is dropped; a part keeps the whole block. A weak handle keeps no foreign
// bytes, but the memory of a block of our own, because count and payload are one allocation.
// Threads: a value; items and weak handles of one block may be used and dropped in different threads.
// Cost: share, part and drop are one locked instruction each; fan_out to n branches is one for all of them; adopt and
// seal copy nothing; downgrade is one locked instruction, upgrade a loop of compare and exchange.
#pragma once
#include <optional>
#include <utility>

#include "impls/graph/common/item_words.h"
#include "impls/graph/common/names.h"
#include "impls/graph/slice/block.h"

namespace copycost::graph {

class slice_item {
 public:
  class weak;

  slice_item() = default;
  slice_item(slice_item&& o) noexcept : words_(std::exchange(o.words_, {})), block_(std::exchange(o.block_, nullptr)) {}
  slice_item& operator=(slice_item&& o) noexcept {
    const item_words words = std::exchange(o.words_, {});
    slice_block* const block = std::exchange(o.block_, nullptr);  // first, so that assignment to itself keeps the count
    if (block_ != nullptr) block_->drop();
    words_ = words;
    block_ = block;
    return *this;
  }
  ~slice_item() {
    if (block_ != nullptr) block_->drop();
  }

  std::size_t size() const { return words_.size(); }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  bytes_view bytes() const { return {words_.data(), words_.size()}; }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  metadata meta() const { return {words_.source(), words_.key(), headers()}; }
  slice_item share() const {
    slice_block* const block = block_;  // read once: a load behind the locked instruction would wait for it
    if (block != nullptr) block->add();
    return slice_item(words_, block);
  }
  // Does not keep the item from being dropped; upgrade() answers another owner while there is one.
  weak downgrade() const;
  // Of the items with this one's block; those with other headers have another, which is one owner here.
  std::uint64_t use_count() const { return block_ != nullptr ? block_->owners() : 0; }
  std::uint64_t held_bytes() const { return block_ != nullptr ? block_->held_bytes() : 0; }

 private:
  friend struct slice_design;
  friend class slice_maker;
  friend class slice_draft;
  // Takes over one count.
  slice_item(const item_words& words, slice_block* block) : words_(words), block_(block) {}
  // VALID UNTIL: the item is destroyed, moved from or changed.
  std::span<const header> headers() const {
    return words_.has_headers() ? block_->headers() : std::span<const header>();
  }
  // The bytes for writing. REQUIRES: block_->may_write(). VALID UNTIL: as bytes().
  std::span<std::byte> room() const { return {const_cast<std::byte*>(words_.data()), words_.size()}; }

  item_words words_;
  slice_block* block_ = nullptr;  // null: no payload and no headers
};
static_assert(sizeof(slice_item) == 32);

class slice_item::weak {
 public:
  weak() = default;
  weak(weak&& o) noexcept : words_(std::exchange(o.words_, {})), block_(std::exchange(o.block_, nullptr)) {}
  weak& operator=(weak&& o) noexcept {
    weak from(std::move(o));  // so that assignment to itself keeps the count
    std::swap(words_, from.words_);
    std::swap(block_, from.block_);
    return *this;
  }
  ~weak() {
    if (block_ != nullptr) block_->unwatch();
  }

  // An item that equals the one that was downgraded; none when the last owner of its bytes is gone.
  std::optional<slice_item> upgrade() const {
    if (block_ != nullptr && !block_->try_add()) return std::nullopt;
    return slice_item(words_, block_);
  }

 private:
  friend class slice_item;
  weak(const item_words& words, slice_block* block) : words_(words), block_(block) {}

  item_words words_;
  slice_block* block_ = nullptr;
};

inline slice_item::weak slice_item::downgrade() const {
  if (block_ != nullptr) block_->watch();
  return weak(words_, block_);
}

class slice_draft {
 public:
  // VALID UNTIL: the draft is destroyed, moved from or sealed.
  std::span<std::byte> bytes() { return made_.room(); }

 private:
  friend class slice_maker;
  slice_item made_;
};

class slice_maker {
 public:
  explicit slice_maker(process_names&) {}
  result<slice_item> copy(const metadata& meta, bytes_view bytes);  // COPIES: bytes.size()
  result<slice_item> adopt(const metadata& meta, foreign_bytes&& bytes);
  result<slice_draft> build(const metadata& meta, std::size_t size);
  result<slice_item> seal(slice_draft&& draft, std::size_t used);
  result<slice_item> part(const slice_item& of, std::size_t pos, std::size_t len, const metadata& meta) {
    if (!meta.headers.empty()) return part_with_headers(of, pos, len, meta);
    if (const auto ok = inside(pos, len, of.size()); !ok) return ok.error();
    if (len == 0) return filled(item_words(nullptr, 0, meta, false), nullptr);
    slice_block& whole = of.block_->whole();
    whole.add();
    return filled(item_words(of.words_.data() + pos, len, meta, false), &whole);
  }
  // In place when the item is the only owner and is not watched, and begins where a block of our own does.
  // COPIES: one.size() otherwise. VALID UNTIL: the item is shared, moved from or destroyed.
  result<std::span<std::byte>> make_unique(slice_item& one) {
    if (one.size() == 0) return std::span<std::byte>();
    return one.block_->may_write(one.words_.data()) ? one.room() : own_bytes(one);
  }
  void end_batch() {}

 private:
  // Filled where the caller has it: a move would wait for the stores before it.
  static result<slice_item> filled(const item_words& words, slice_block* block) {
    result<slice_item> made(std::in_place);
    made->words_ = words;
    made->block_ = block;
    return made;
  }
  static result<slice_item> part_with_headers(const slice_item& of, std::size_t pos, std::size_t len,
                                              const metadata& meta);
  result<std::span<std::byte>> own_bytes(slice_item& one);  // COPIES: one.size(). VALID UNTIL: as make_unique()
  // With bytes that are not initialised.
  static result<slice_item> make(const metadata& meta, std::size_t size);
};

struct slice_design {
  static constexpr design_traits traits{.zero_copy = true, .weak_handles = true};
  using context = process_names;
  using maker = slice_maker;
  using item = slice_item;
  using draft = slice_draft;

  static result<void> fan_out(item&& one, std::span<item> to) {
    slice_block* const block = one.block_;
    if (block != nullptr && to.size() > 1) block->add(to.size() - 1);
    for (item& place : to.first(to.size() - 1)) {
      place.words_ = one.words_;
      place.block_ = block;
    }
    to.back() = std::move(one);
    return {};
  }
  static void drop(std::span<item> all) {
    for (item& one : all) one = item();
  }
};
static_assert(design<slice_design>);

}  // namespace copycost::graph
