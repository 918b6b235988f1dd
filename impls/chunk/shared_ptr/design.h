// SPDX-License-Identifier: Apache-2.0
//
// shared_ptr: std::shared_ptr over an immutable std::vector, and a range: what many teams write first. A peer.
//
//   chunk [data*|size|stream|offset|vector*|control*]
//            |                         |       |
//            |      [counts|vtable*|vector: begin*|end*|capacity*]        one allocation (make_shared)
//            |                                |
//            +------------------> [..payload..|.........................] another one
//
// Lifetime: the vector lives until its last chunk is dropped; a small slice keeps all of it (compact() is the cure).
// Threads: chunks of one vector may be shared and dropped from any thread; libstdc++ counts without atomics until the
// process starts its first thread.
// Cost: share, slice and drop are one counted operation on a shared_ptr each. A vector can neither own foreign memory
// nor be left uninitialised: adopt() copies, and a builder's room is written with zeros.
#pragma once
#include <memory>
#include <vector>

#include "harness/base/check.h"
#include "impls/chunk/common/builder.h"
#include "impls/chunk/common/handle.h"
#include "impls/common/interner.h"

namespace copycost::chunk {

class shared_ptr_owner {
 public:
  using vector = std::vector<std::byte>;
  shared_ptr_owner() = default;
  explicit shared_ptr_owner(std::shared_ptr<const vector> bytes) : bytes_(std::move(bytes)) {}
  piece<shared_ptr_owner> share(const std::byte* data, std::size_t) const {
    return {data, shared_ptr_owner(bytes_), true};
  }
  // The counts of the control block are not ours to know and are left out.
  std::uint64_t held_bytes() const { return bytes_ ? sizeof(vector) + bytes_->capacity() : 0; }
  std::uint64_t use_count() const { return static_cast<std::uint64_t>(bytes_.use_count()); }
  void check() const {}
  const std::shared_ptr<const vector>& bytes() const { return bytes_; }
  std::shared_ptr<const vector> release() { return std::move(bytes_); }

 private:
  std::shared_ptr<const vector> bytes_;
};

// A vector that one thread writes.
class shared_ptr_storage {
 public:
  using vector = shared_ptr_owner::vector;
  // Holds nothing (data() is null) when there is no memory.
  explicit shared_ptr_storage(std::size_t capacity);
  // REQUIRES: the only owner.
  explicit shared_ptr_storage(std::shared_ptr<vector> bytes) : bytes_(std::move(bytes)) {
    COPYCOST_ASSERT(bytes_.use_count() == 1);
  }
  // VALID UNTIL: this storage is destroyed or moved from.
  std::byte* data() const { return bytes_ ? bytes_->data() : nullptr; }
  std::size_t capacity() const { return bytes_ ? bytes_->size() : 0; }
  bool holds() const { return bytes_ != nullptr; }
  shared_ptr_storage larger(std::size_t n) const { return shared_ptr_storage(n); }
  error exhausted(std::size_t n) const { return {errc::out_of_memory, 0, 0, n}; }
  std::shared_ptr<const vector> release() { return std::move(bytes_); }

 private:
  std::shared_ptr<vector> bytes_;
};

struct shared_ptr_design {
  static constexpr design_traits traits{};
  using chunk = handle<shared_ptr_owner>;
  using builder = block_builder<shared_ptr_storage>;

  class context {
   public:
    // Starts a thread, once in a process, so that what a count costs does not depend on what ran before.
    context();
    result<chunk> adopt(place at, foreign_bytes&& bytes);  // COPIES: bytes.size(): a vector cannot own foreign memory
    result<chunk> copy(place at, bytes_view bytes);        // COPIES: bytes.size()
    result<chunk> rebind(const chunk& of, std::size_t pos, std::size_t len, place at);
    result<builder> build(place at, std::size_t capacity);  // writes zeros over the room
    result<chunk> seal(builder&& b);
    result<builder> take(chunk&& c);
    bool join(chunk& first, const chunk& next);
    stream_id intern(std::string_view name) { return process_interner().intern(name); }
    // VALID UNTIL: the process ends.
    std::string_view name(stream_id id) const { return process_interner().name(id); }
  };
};
static_assert(sizeof(shared_ptr_design::chunk) == 40);
static_assert(design<shared_ptr_design>);

}  // namespace copycost::chunk
