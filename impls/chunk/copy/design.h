// SPDX-License-Identifier: Apache-2.0
//
// copy: every chunk owns its bytes alone. The honest opponent: one exact allocation and one copy, nothing more.
//
//   chunk [data*|size|stream|offset|base*|capacity]        another chunk [data*|...|base*]
//            |                       |                            |
//            +-> [ payload ] <-------+                            +-> [ its own payload ]
//
// Lifetime: the bytes die with their chunk; nothing is retained beyond it.
// Threads: a value; chunks share nothing.
// Cost: share, slice, clone and adopt are an allocation and a copy; view, advance and truncate are free.
#pragma once
#include <cstdlib>

#include "impls/chunk/common/builder.h"
#include "impls/chunk/common/handle.h"
#include "impls/common/interner.h"

namespace copycost::chunk {

// Uninitialised heap bytes with one owner (a std::vector would write zeros first).
class copy_owner {
 public:
  copy_owner() = default;
  // Empty when there is no memory.
  explicit copy_owner(std::size_t capacity)
      : base_(static_cast<std::byte*>(std::malloc(capacity))), capacity_(base_ != nullptr ? capacity : 0) {}
  copy_owner(copy_owner&& o) noexcept : base_(o.base_), capacity_(o.capacity_) {
    o.base_ = nullptr;
    o.capacity_ = 0;
  }
  copy_owner& operator=(copy_owner&& o) noexcept {
    if (this != &o) {
      std::free(base_);
      base_ = o.base_;
      capacity_ = o.capacity_;
      o.base_ = nullptr;
      o.capacity_ = 0;
    }
    return *this;
  }
  ~copy_owner() { std::free(base_); }

  // COPIES: size.
  piece<copy_owner> share(const std::byte* data, std::size_t size) const {
    if (size == 0) return {data, copy_owner{}, true};
    copy_owner own(size);
    if (own.base_ == nullptr) return {nullptr, {}, false};
    std::byte* target = own.base_;
    counted_copy(target, data, size);
    return {target, std::move(own), true};
  }
  std::uint64_t held_bytes() const { return capacity_; }
  std::uint64_t use_count() const { return base_ != nullptr ? 1 : 0; }
  void check() const {}

  // As a builder's storage.
  // VALID UNTIL: this storage is destroyed or moved from.
  std::byte* data() const { return base_; }
  std::size_t capacity() const { return capacity_; }
  copy_owner larger(std::size_t n) const { return copy_owner(n); }
  error exhausted(std::size_t n) const { return {errc::out_of_memory, 0, 0, n}; }

 private:
  std::byte* base_ = nullptr;
  std::size_t capacity_ = 0;
};

struct copy_design {
  static constexpr design_traits traits{};
  using chunk = handle<copy_owner>;
  using builder = block_builder<copy_owner>;

  class context {
   public:
    result<chunk> adopt(place at, foreign_bytes&& bytes);  // COPIES: bytes.size(): a vector cannot own foreign memory
    result<chunk> copy(place at, bytes_view bytes) {       // COPIES: bytes.size()
      if (const auto ok = fits(at, bytes.size()); !ok) return ok.error();
      piece<copy_owner> p = copy_owner{}.share(bytes.data(), bytes.size());
      if (!p.ok) return error{errc::out_of_memory, 0, 0, bytes.size()};
      return chunk(at, {p.data, bytes.size()}, std::move(p.owner));
    }
    result<chunk> rebind(const chunk& of, std::size_t pos, std::size_t len, place at);  // COPIES: len
    result<builder> build(place at, std::size_t capacity);
    result<chunk> seal(builder&& b);
    result<builder> take(chunk&& c);
    bool join(chunk&, const chunk&) { return false; }
    stream_id intern(std::string_view name) { return process_interner().intern(name); }
    // VALID UNTIL: the process ends.
    std::string_view name(stream_id id) const { return process_interner().name(id); }
  };
};
static_assert(design<copy_design>);

}  // namespace copycost::chunk
