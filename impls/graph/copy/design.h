// SPDX-License-Identifier: Apache-2.0
//
// copy: every item owns its bytes alone. The honest opponent: one exact allocation and one copy, nothing more.
//
//   item [block*|size|headers|source|key] --> [ headers ... | payload ... ]
//   another branch's item [block*|...] -----> [ headers ... | payload ... ]
//
// Lifetime: the bytes die with their item; nothing is retained beyond it.
// Threads: a value; items share nothing.
// Cost: share, part and adopt are an allocation and a copy; fan_out to n branches is n - 1 of both; make_unique is
// free.
#pragma once
#include <cstdlib>
#include <new>
#include <utility>

#include "impls/graph/common/names.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph {

class copy_item {
 public:
  copy_item() = default;
  copy_item(copy_item&& o) noexcept
      : block_(std::exchange(o.block_, nullptr)),
        size_(std::exchange(o.size_, 0)),
        headers_(std::exchange(o.headers_, 0)),
        source_(std::exchange(o.source_, 0)),
        capacity_(std::exchange(o.capacity_, 0)),
        key_(std::exchange(o.key_, 0)) {}
  copy_item& operator=(copy_item&& o) noexcept {
    std::byte* const block = std::exchange(o.block_, nullptr);  // first, so that assignment to itself keeps the block
    std::free(block_);
    block_ = block;
    size_ = o.size_;
    headers_ = o.headers_;
    source_ = o.source_;
    capacity_ = o.capacity_;
    key_ = o.key_;
    if (this != &o) o.clear();
    return *this;
  }
  ~copy_item() { std::free(block_); }

  std::size_t size() const { return size_; }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  bytes_view bytes() const { return {payload(), size_}; }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  metadata meta() const { return {source_, key_, {reinterpret_cast<const header*>(block_), headers_}}; }
  // COPIES: size(). Throws std::bad_alloc when there is no memory.
  copy_item share() const {
    copy_item other;
    if (!clone_into(other)) throw std::bad_alloc();
    return other;
  }
  std::uint64_t use_count() const { return block_ != nullptr ? 1 : 0; }
  std::uint64_t held_bytes() const { return block_ != nullptr ? block_bytes(headers_, capacity_) : 0; }

 private:
  void clear() {
    size_ = headers_ = source_ = capacity_ = 0;
    key_ = 0;
  }
  friend struct copy_design;
  friend class copy_maker;
  friend class copy_draft;
  static std::size_t block_bytes(std::size_t headers, std::size_t size) { return headers * sizeof(header) + size; }
  // False when there is no memory. REQUIRES: fits(); the item is empty.
  bool make(const metadata& meta, std::size_t size);
  bool clone_into(copy_item& empty) const;
  // VALID UNTIL: the item is destroyed or moved from.
  std::byte* payload() const { return block_ == nullptr ? nullptr : block_ + headers_ * sizeof(header); }

  std::byte* block_ = nullptr;
  std::uint32_t size_ = 0, headers_ = 0;
  name_id source_ = 0;
  std::uint32_t capacity_ = 0;  // for payload; what was sealed may be less
  std::uint64_t key_ = 0;
};
static_assert(sizeof(copy_item) <= 32);

class copy_draft {
 public:
  // VALID UNTIL: the draft is destroyed, moved from or sealed.
  std::span<std::byte> bytes() { return {made_.payload(), made_.size_}; }

 private:
  friend class copy_maker;
  copy_item made_;
};

class copy_maker {
 public:
  explicit copy_maker(process_names&) {}
  result<copy_item> copy(const metadata& meta, bytes_view bytes);        // COPIES: bytes.size()
  result<copy_item> adopt(const metadata& meta, foreign_bytes&& bytes);  // COPIES: bytes.size()
  result<copy_draft> build(const metadata& meta, std::size_t size);
  result<copy_item> seal(copy_draft&& draft, std::size_t used);
  // COPIES: len.
  result<copy_item> part(const copy_item& of, std::size_t pos, std::size_t len, const metadata& meta);
  // VALID UNTIL: the item is shared, moved from or destroyed.
  result<std::span<std::byte>> make_unique(copy_item& one) { return std::span(one.payload(), one.size_); }
  void end_batch() {}
};

struct copy_design {
  static constexpr design_traits traits{};
  using context = process_names;
  using maker = copy_maker;
  using item = copy_item;
  using draft = copy_draft;

  // COPIES: one.size() for each place but the last. Errors: out_of_memory, and then nothing is changed.
  static result<void> fan_out(item&& one, std::span<item> to);
  static void drop(std::span<item> all) {
    for (item& one : all) one = item();
  }
};
static_assert(design<copy_design>);

}  // namespace copycost::graph
