// SPDX-License-Identifier: Apache-2.0
//
// shm: items are views of counted blocks in a segment that processes share; to another process they go as a descriptor
// of 32 bytes (link.h).
//
//   process 0                     the segment (no pointers in it)                       process 1
//   item [view|count*]            [lock | free lists | process slots | rings | names]   item [view|count*]
//         |     +---------------> [counts of process 0 | 2 | . ]                              |     |
//         |                       [counts of process 1 | 1 | . ] <----------------------------|-----+
//         +---------------------> [ headers | payload of block 0 ] <--------------------------+
//
// A context owns a segment, or attaches to one that exists. Each process counts its references in a table of its own:
// impls/common/slab.h says what that guarantees when a process is killed, and what is checked of a peer. Names lie in
// the segment as well, so that a number means the same in every process.
//
// Lifetime: the context outlives its items. A child made by fork() has no part in either: it must attach().
// Threads: a value; items of one block may be shared and dropped in any thread. A maker is one at a time. A context is
// safe.
// Cost: share and fan_out one locked instruction; making a block, the last drop of one and make_unique() take the
// segment's lock; adopt() copies, because memory from elsewhere cannot become shared memory.
#pragma once
#include <memory>

#include "impls/common/slab.h"
#include "impls/common/slab_names.h"
#include "impls/graph/shm/item.h"
#include "scenarios/graph/contract.h"
#include "scenarios/graph/link/link.h"

namespace copycost::graph {

class shm_context {
 public:
  // A segment of its own. Throws failure{internal} when there is no memory or descriptor for it.
  explicit shm_context(const shm_options& options = {});
  // A segment of its own. Errors: no_segment, truncated_input (fewer bytes than a segment can have).
  static result<shm_context> create(const shm_options& options = {});
  // This process's place in a segment that exists; a file of zeros becomes one. `fd` stays the caller's.
  // Errors: no_segment, truncated_input, bad_magic, unsupported_version; out_of_room: there is no slot for one more
  // process (expected: how many there are).
  static result<shm_context> attach(int fd, bool prefault = false);
  shm_context(shm_context&&) noexcept = default;
  shm_context& operator=(shm_context&&) noexcept = default;

  // Errors: names_full.
  result<name_id> intern(std::string_view name);
  // VALID UNTIL: the context is destroyed.
  std::string_view name(name_id id) const { return names_.name(id); }

  // Releases what dead processes held; answers the bytes that became free. Also done when memory runs out.
  std::uint64_t reclaim() { return slab_->reclaim(); }
  // What is in use in the segment, by all processes. Cost: a walk over all blocks.
  slab::usage used() { return slab_->used(); }
  // For handing to the process that is to attach(). VALID UNTIL: the context is destroyed.
  int descriptor() const { return slab_->segment().descriptor(); }
  // VALID UNTIL: the context is destroyed.
  slab& memory() const { return *slab_; }

 private:
  struct closer {
    void operator()(slab* s) const { s->close(); }
  };
  explicit shm_context(slab* opened) : slab_(opened), names_(*opened) {}
  static result<shm_context> over(copycost::result<shm_segment, shm_error> segment);

  std::unique_ptr<slab, closer> slab_;
  slab_names names_;
};

class shm_draft {
 public:
  // VALID UNTIL: the draft is destroyed, moved from or sealed.
  std::span<std::byte> bytes() { return {const_cast<std::byte*>(made_.is().data), made_.is().size}; }

 private:
  friend class shm_maker;
  shm_item made_;
};

// Errors, of every way to make an item: out_of_room when the segment is full.
class shm_maker {
 public:
  explicit shm_maker(shm_context& x) : memory_(&x.memory()) {}
  result<shm_item> copy(const metadata& meta, bytes_view bytes);        // COPIES: bytes.size()
  result<shm_item> adopt(const metadata& meta, foreign_bytes&& bytes);  // COPIES: bytes.size(), and releases them
  result<shm_draft> build(const metadata& meta, std::size_t size);
  result<shm_item> seal(shm_draft&& draft, std::size_t used);
  // Shares the block. Headers that are not those of `of` itself get a block of their own.
  result<shm_item> part(const shm_item& of, std::size_t pos, std::size_t len, const metadata& meta);
  // In place where no other item of any process holds the block. COPIES: one.size() otherwise.
  // VALID UNTIL: the item is shared, moved from or destroyed.
  result<std::span<std::byte>> make_unique(shm_item& one);
  void end_batch() {}

 private:
  result<shm_item> make(const metadata& meta, std::size_t size);
  error no_room(std::uint64_t size) const;

  slab* memory_;
};

struct shm_design {
  static constexpr design_traits traits{.zero_copy = true};
  using context = shm_context;
  using maker = shm_maker;
  using item = shm_item;
  using draft = shm_draft;

  // One count operation for all places. Errors: out_of_memory when the count is full, and then nothing is changed.
  static result<void> fan_out(item&& one, std::span<item> to);
  // Takes the segment's lock once at most for 64 items; a row of items of one block is one count operation.
  static void drop(std::span<item> all);
};
static_assert(design<shm_design>);

template <>
struct process_link_of<shm_design> {
  static constexpr std::size_t kSegmentBytes = shm_options{}.bytes;
  static result<std::unique_ptr<shm_context>> context_in(int fd);
  static result<std::unique_ptr<link_out<shm_design>>> out(shm_context& x, unsigned ring, const link_options& options);
  static result<std::unique_ptr<link_in<shm_design>>> in(shm_context& x, unsigned ring, const link_options& options);
};

}  // namespace copycost::graph
