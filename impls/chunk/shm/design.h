// SPDX-License-Identifier: Apache-2.0
//
// shm: reference-counted slices of blocks in shared memory, which another process can hold as well.
//
//   this process                          the segment                            another process
//   chunk [data*|size|...|slab*|count*]   [counts 0 | 2 |  ]  [counts 1 | 1 |  ]  chunk [data*|size|...|slab*|count*]
//            |                      +------------->+                  +<----------------------------------+     |
//            +------------------------------> [ payload ............. ] <---------------------------------------+
//
// Each process counts its own references in a table of its own; see impls/common/slab.h for what the counts guarantee,
// also when a process is killed, and for what is checked of a peer.
//
// Lifetime: a block lives until its last chunk in its last process is dropped; chunks may outlive their context (the
// mapping goes with the last of them).
// Threads: chunks of one block may be shared and dropped from any thread; a context may be used from any thread. A
// child made by fork() must not touch the contexts and chunks that it inherits: their memory is not there.
// Cost: share and drop one locked instruction each; the first hold and the last drop of a block in a process take a
// lock in the segment; adopt() copies, because memory from elsewhere cannot become shared memory.
#pragma once
#include <memory>
#include <new>

#include "harness/base/check.h"
#include "impls/chunk/common/builder.h"
#include "impls/chunk/common/handle.h"
#include "impls/common/slab.h"
#include "impls/common/slab_names.h"

namespace copycost::chunk {

// One reference to a block, or to nothing.
class shm_owner {
 public:
  shm_owner() = default;
  // Takes over one reference. REQUIRES: count is not null.
  shm_owner(slab* in, std::atomic<std::uint32_t>* count) : slab_(in), count_(count) {
    COPYCOST_ASSERT(count != nullptr);
  }
  shm_owner(shm_owner&& o) noexcept : slab_(o.slab_), count_(std::exchange(o.count_, nullptr)) {}
  shm_owner& operator=(shm_owner&& o) noexcept {
    if (this != &o) {
      const shm_owner gone(std::move(*this));
      slab_ = o.slab_;
      count_ = std::exchange(o.count_, nullptr);
    }
    return *this;
  }
  ~shm_owner() {
    if (count_ != nullptr) slab_->drop(*count_);
  }

  piece<shm_owner> share(const std::byte* data, std::size_t) const {
    if (count_ == nullptr) return {data, {}, true};
    if (!slab::add(*count_)) [[unlikely]]
      return {nullptr, {}, false};
    return {data, shm_owner(slab_, count_), true};
  }
  std::uint64_t held_bytes() const { return count_ != nullptr ? slab_->requested_bytes(*count_) : 0; }
  std::uint64_t use_count() const { return count_ != nullptr ? slab_->use_count(*count_) : 0; }
  void check() const {}

  slab* where() const { return slab_; }
  std::atomic<std::uint32_t>* count() const { return count_; }
  // Gives the reference up without dropping it.
  std::atomic<std::uint32_t>* release() { return std::exchange(count_, nullptr); }

 private:
  slab* slab_ = nullptr;
  std::atomic<std::uint32_t>* count_ = nullptr;
};

// A block that one thread writes; empty without memory.
class shm_storage {
 public:
  shm_storage(slab& in, std::size_t capacity) : slab_(&in) {
    if (capacity == 0) return;
    const held_block got = in.allocate(capacity);
    if (got.count != nullptr) {
      data_ = got.data;
      capacity_ = capacity;
      owner_ = shm_owner(&in, got.count);
    }
  }
  // The block behind a chunk that is its only owner.
  shm_storage(std::byte* data, std::size_t capacity, shm_owner owner)
      : slab_(owner.where()), data_(data), capacity_(capacity), owner_(std::move(owner)) {}

  // VALID UNTIL: this storage is destroyed or moved from.
  std::byte* data() const { return data_; }
  std::size_t capacity() const { return capacity_; }
  shm_storage larger(std::size_t n) const { return shm_storage(*slab_, n); }
  error exhausted(std::size_t n) const { return {errc::out_of_memory, 0, 0, n}; }
  shm_owner release() { return std::move(owner_); }

 private:
  slab* slab_;
  std::byte* data_ = nullptr;
  std::size_t capacity_ = 0;
  shm_owner owner_;
};

struct shm_design {
  static constexpr design_traits traits{.handles_between_processes = true};
  using chunk = handle<shm_owner>;
  using builder = block_builder<shm_storage>;

  class process_link;  // impls/chunk/shm/link.h: chunks to and from another process

  class context {
   public:
    using process_link = shm_design::process_link;

    // A segment of its own. Throws failure when there is no memory or descriptor for it.
    explicit context(const shm_options& options = {});
    // A process's place in a segment that exists; a file of zeros becomes one. `fd` stays the caller's.
    static copycost::result<context, shm_error> attach(int fd, bool prefault = false);
    context(context&&) noexcept = default;
    context& operator=(context&&) noexcept = default;

    result<chunk> adopt(place at, foreign_bytes&& bytes);  // COPIES: bytes.size(), and then releases them
    result<chunk> copy(place at, bytes_view bytes);        // COPIES: bytes.size()
    result<chunk> rebind(const chunk& of, std::size_t pos, std::size_t len, place at);
    result<builder> build(place at, std::size_t capacity);
    result<chunk> seal(builder&& b);
    result<builder> take(chunk&& c);
    bool join(chunk& first, const chunk& next);
    // Throws std::bad_alloc when the segment's table of names is full.
    stream_id intern(std::string_view name) {
      if (const auto id = names_.intern(name)) return *id;
      throw std::bad_alloc();
    }
    // VALID UNTIL: the context and the last of its chunks are gone.
    std::string_view name(stream_id id) const { return names_.name(id); }

    // Releases what dead processes held; answers the bytes that became free. Also done when memory runs out.
    std::uint64_t reclaim() { return slab_->reclaim(); }
    // What is in use in the segment, by all processes. Cost: a walk over all blocks.
    slab::usage used() { return slab_->used(); }
    // For handing to the process that is to attach(). VALID UNTIL: the context is destroyed.
    int descriptor() const { return slab_->segment().descriptor(); }
    slab& memory() const { return *slab_; }

   private:
    struct closer {
      void operator()(slab* s) const { s->close(); }
    };
    explicit context(slab* opened) : slab_(opened), names_(*opened) {}
    std::unique_ptr<slab, closer> slab_;
    slab_names names_;
  };
};
static_assert(sizeof(shm_design::chunk) == 40);
static_assert(design<shm_design>);

}  // namespace copycost::chunk

#include "impls/chunk/shm/link.h"
