// SPDX-License-Identifier: Apache-2.0
//
// slice: reference-counted slices of immutable blocks.
//
//   chunk [data*|size|stream|offset|block*]--+        chunk [data*|size|...|block*]--+
//             |                              v            |                          |
//             |        [count|kind|capacity][ payload ....|.........................]<+
//             +------------------------------------------>+ (anywhere in the payload)
//
// Lifetime: a block lives until its last chunk is dropped; a 16-byte slice keeps the whole block (retained_bytes();
// compact() is the cure).
// Threads: chunks of one block may be shared and dropped from any thread.
// Cost: share and drop are one locked instruction each, slice is two compares more; adopt and seal copy nothing.
#pragma once
#include "harness/ledger/witness/counters.h"
#include "impls/chunk/common/builder.h"
#include "impls/chunk/common/handle.h"
#include "impls/common/interner.h"
#include "impls/common/ref_block.h"

namespace copycost::chunk {

// One count of a block.
class slice_owner {
 public:
  slice_owner() = default;
  explicit slice_owner(ref block) : block_(std::move(block)) {}
  piece<slice_owner> share(const std::byte* data, std::size_t) const {
    return {data, slice_owner(block_.share()), true};
  }
  std::uint64_t held_bytes() const { return block_.get() != nullptr ? block_.get()->held_bytes() : 0; }
  std::uint64_t use_count() const { return block_.get() != nullptr ? block_.get()->use_count() : 0; }
  void check() const {}
  ref_block* block() const { return block_.get(); }
  ref release() { return std::move(block_); }

 private:
  ref block_;
};

// A block that one thread writes.
class slice_storage {
 public:
  explicit slice_storage(ref block) : block_(std::move(block)) {}
  // VALID UNTIL: this storage is destroyed or moved from.
  std::byte* data() const { return block_.get() != nullptr ? block_.get()->data() : nullptr; }
  std::size_t capacity() const { return block_.get()->capacity(); }
  slice_storage larger(std::size_t n) const { return slice_storage(ref(ref_block::make(n))); }
  error exhausted(std::size_t n) const { return {errc::out_of_memory, 0, 0, n}; }
  ref release() { return std::move(block_); }

 private:
  ref block_;  // the only owner
};

struct slice_design {
  static constexpr design_traits traits{};
  using chunk = handle<slice_owner>;
  using builder = block_builder<slice_storage>;

  class context {
   public:
    result<chunk> adopt(place at, foreign_bytes&& bytes);
    result<chunk> copy(place at, bytes_view bytes) {  // COPIES: bytes.size()
      if (const auto ok = fits(at, bytes.size()); !ok) return ok.error();
      if (bytes.empty()) return chunk(at, {}, slice_owner{});
      ref block(ref_block::make(bytes.size()));
      if (block.get() == nullptr) return error{errc::out_of_memory, 0, 0, bytes.size()};
      std::byte* data = block.get()->data();
      counted_copy(data, bytes.data(), bytes.size());
      return chunk(at, {data, bytes.size()}, slice_owner(std::move(block)));
    }
    result<chunk> rebind(const chunk& of, std::size_t pos, std::size_t len, place at);
    result<builder> build(place at, std::size_t capacity);
    result<chunk> seal(builder&& b);
    result<builder> take(chunk&& c);
    bool join(chunk& first, const chunk& next);
    stream_id intern(std::string_view name) { return process_interner().intern(name); }
    // VALID UNTIL: the process ends.
    std::string_view name(stream_id id) const { return process_interner().name(id); }
  };
};
static_assert(sizeof(slice_design::chunk) == 32);
static_assert(design<slice_design>);

}  // namespace copycost::chunk
