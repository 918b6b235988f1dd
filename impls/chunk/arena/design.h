// SPDX-License-Identifier: Apache-2.0
//
// arena: views with a ticket into a region that is freed as a whole.
//
//   chunk [data*|size|stream|offset|arena*|ticket|held]     another chunk [data*|size|...|arena*|ticket|held]
//            |                        |                                     |
//            |             context: [arena]--> block [head|..piece..|.......piece......|...free...]--> block
//            +-------------------------------------------------^............^ (anywhere in a piece)
//
// Lifetime: there are no counts. Chunks and builders die with the context or with context::reset(), whichever comes
// first, however many handles there are; dropping a chunk frees nothing. The context object must outlive its handles. A
// use after reset() aborts in debug builds (by ticket), and is a report under AddressSanitizer (the memory is poisoned,
// except adopted memory); release builds check nothing, except in checked_view().
// Threads: making chunks in one context (adopt, copy, build, seal, take, reset) is for one thread; views may be read,
// shared, sliced and dropped from any, as long as reset() comes after them.
// Cost: share and slice are a few plain stores; no atomics, no allocation. New bytes are a bump of a pointer.
#pragma once
#include <utility>

#include "harness/base/check.h"
#include "harness/ledger/witness/counters.h"
#include "impls/chunk/common/builder.h"
#include "impls/chunk/common/handle.h"
#include "impls/common/arena.h"
#include "impls/common/interner.h"

namespace copycost::chunk {

// Knows where the bytes lie and how long; owns nothing.
class arena_owner {
 public:
  arena_owner() = default;
  // `held` is the size of the piece that the chunk is part of.
  arena_owner(const arena& region, std::uint32_t ticket, std::size_t held)
      : region_(&region), ticket_(ticket), held_(static_cast<std::uint32_t>(held)) {}
  piece<arena_owner> share(const std::byte* data, std::size_t) const { return {data, *this, true}; }
  std::uint64_t held_bytes() const { return held_; }
  std::uint64_t use_count() const { return 0; }
  // Aborts when the memory was reset; in debug builds only.
  void check() const {
#ifndef NDEBUG
    if (region_ != nullptr) region_->require_alive(ticket_);
#endif
  }
  bool is_alive() const { return region_ == nullptr || region_->is_alive(ticket_); }
  bool is_same_piece(const arena_owner& o) const {
    return region_ != nullptr && region_ == o.region_ && ticket_ == o.ticket_;
  }

 private:
  const arena* region_ = nullptr;
  std::uint32_t ticket_ = 0;
  std::uint32_t held_ = 0;
};

// A piece that one thread writes. What is not sealed goes back to the arena when it is still the latest piece.
class arena_storage {
 public:
  // Empty (data() is null) when the arena is exhausted, or when the capacity is 0.
  arena_storage(arena& region, std::size_t capacity)
      : region_(&region),
        piece_(capacity > 0 ? region.allocate(capacity) : arena::lease{}),
        capacity_(piece_.data != nullptr ? capacity : 0) {}
  arena_storage(arena_storage&& o) noexcept
      : region_(o.region_), piece_(std::exchange(o.piece_, {})), capacity_(std::exchange(o.capacity_, 0)) {}
  arena_storage& operator=(arena_storage&& o) noexcept {
    if (this != &o) {
      give_back();
      region_ = o.region_;
      piece_ = std::exchange(o.piece_, {});
      capacity_ = std::exchange(o.capacity_, 0);
    }
    return *this;
  }
  ~arena_storage() { give_back(); }

  // VALID UNTIL: this storage is destroyed or moved from, or the arena is reset.
  std::byte* data() const {
#ifndef NDEBUG
    if (piece_.data != nullptr) region_->require_alive(piece_.ticket);
#endif
    return piece_.data;
  }
  std::size_t capacity() const { return capacity_; }
  arena_storage larger(std::size_t n) const { return arena_storage(*region_, n); }
  error exhausted(std::size_t n) const;
  // The owner of the first `size` bytes; the rest goes back where that is possible. REQUIRES: 0 < size <= capacity().
  arena_owner seal(std::size_t size) {
    COPYCOST_ASSERT(size > 0 && size <= capacity_);
    const arena::lease piece = std::exchange(piece_, {});
    const bool shrunk = region_->shrink(piece, capacity_, size);
    return arena_owner(*region_, piece.ticket, shrunk ? size : capacity_);
  }

 private:
  void give_back() {
    if (piece_.data != nullptr) region_->shrink(piece_, capacity_, 0);
  }
  arena* region_;
  arena::lease piece_;
  std::size_t capacity_;
};

// Why a region gave no piece of `size` bytes.
[[gnu::cold]] error refused(const arena& region, std::size_t size);

struct arena_design {
  static constexpr design_traits traits{.regions = true};
  using chunk = handle<arena_owner>;
  using builder = block_builder<arena_storage>;

  class context {
   public:
    context() = default;
    explicit context(arena_options o) : region_(o) {}

    result<chunk> adopt(place at, foreign_bytes&& bytes);  // given back by reset() or the end of the context
    result<chunk> copy(place at, bytes_view bytes) {       // COPIES: bytes.size()
      if (const auto ok = fits(at, bytes.size()); !ok) return ok.error();
      if (bytes.empty()) return chunk(at, {}, arena_owner{});
      const arena::lease piece = region_.allocate(bytes.size());
      if (piece.data == nullptr) return refused(region_, bytes.size());
      counted_copy(piece.data, bytes.data(), bytes.size());
      return chunk(at, {piece.data, bytes.size()}, arena_owner(region_, piece.ticket, bytes.size()));
    }
    result<chunk> rebind(const chunk& of, std::size_t pos, std::size_t len, place at);
    result<builder> build(place at, std::size_t capacity);  // growing leaves the smaller piece behind until reset()
    result<chunk> seal(builder&& b);
    // Errors: not_unique for every chunk that is not empty: without counts it is not known whether it is the only one.
    result<builder> take(chunk&& c);
    bool join(chunk& first, const chunk& next);
    stream_id intern(std::string_view name) { return process_interner().intern(name); }
    // VALID UNTIL: the process ends.
    std::string_view name(stream_id id) const { return process_interner().name(id); }

    // Frees everything that was made in this context. REQUIRES: no chunk or builder of it is looked at any more; they
    // may still be dropped or assigned to. Names stay.
    void reset() { region_.reset(); }
    // The bytes of a chunk, in every build. Errors: expired. VALID UNTIL: reset() or the end of the context.
    result<bytes_view> checked_view(const chunk& c) const;
    const arena& region() const { return region_; }

   private:
    arena region_;
  };
};
static_assert(sizeof(arena_design::chunk) == 40);
static_assert(design<arena_design>);

}  // namespace copycost::chunk
