// SPDX-License-Identifier: Apache-2.0
//
// absl_cord: absl::Cord as the owner of the bytes. A peer.
//
//   up to 15 bytes    chunk [cord: the bytes themselves|stream|offset]
//   a piece           chunk [cord: node*|...]--> [substring node: start|length|node*]--> whole
//   copied, small     chunk [cord: node*|...]--> [flat node: count|payload]
//   adopted or built  chunk [cord: node*|...]--> [external node: count|data*|releaser]--> payload
//
// Every Cord here is one flat piece, so that view() is a look-up; a Cord put together elsewhere would be flattened by
// view(), which allocates and copies.
//
// Lifetime: nodes are counted by the library; a small slice keeps the whole node. A chunk of up to 15 bytes holds them
// itself: its view dies when the chunk is moved.
// Threads: chunks of one node may be shared and dropped from any thread.
// Cost: share is a counted copy of a Cord; slice allocates a node above 15 bytes and copies up to 15; build is one
// allocation, seal another. The library does not tell how many owners there are (use_count() is 0), so take() refuses.
#pragma once
#include <absl/strings/cord.h>

#include <cstdlib>
#include <new>
#include <utility>

#include "impls/chunk/common/builder.h"
#include "impls/common/interner.h"
#include "scenarios/chunk/contract.h"

namespace copycost::chunk {

class cord_chunk {
 public:
  cord_chunk() = default;
  cord_chunk(place at, absl::Cord bytes) : bytes_(std::move(bytes)), at_(at) {}
  cord_chunk(cord_chunk&&) noexcept = default;
  cord_chunk& operator=(cord_chunk&& o) noexcept {
    if (this != &o) {
      bytes_ = std::move(o.bytes_);
      at_ = o.at_;
    }  // a Cord that is assigned to itself is empty afterwards
    return *this;
  }

  std::size_t size() const { return bytes_.size(); }
  place at() const { return at_; }
  // VALID UNTIL: this chunk is destroyed, moved from or changed.
  bytes_view view() const {
    const auto flat = bytes_.TryFlat();
    const absl::string_view text = flat.has_value() ? *flat : bytes_.Flatten();
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
  }
  cord_chunk share() const { return cord_chunk(at_, bytes_); }
  result<cord_chunk> slice(std::size_t pos, std::size_t len) const {
    if (const auto ok = inside(pos, len, size()); !ok) return ok.error();
    try {
      return cord_chunk({at_.stream, at_.offset + pos}, bytes_.Subcord(pos, len));
    } catch (const std::bad_alloc&) {
      return error{errc::out_of_memory, 0, 0, len};
    }
  }
  result<void> advance(std::size_t n) {
    if (const auto ok = inside(n, 0, size()); !ok) return ok.error();
    bytes_.RemovePrefix(n);
    at_.offset += n;
    return {};
  }
  result<void> truncate(std::size_t n) {
    if (const auto ok = inside(n, 0, size()); !ok) return ok.error();
    bytes_.RemoveSuffix(size() - n);
    return {};
  }
  // What the library estimates: nodes and payload, the Cord itself included.
  std::uint64_t retained_bytes() const { return bytes_.EstimatedMemoryUsage(); }
  std::uint64_t use_count() const { return 0; }
  absl::Cord release() && { return std::move(bytes_); }

 private:
  mutable absl::Cord bytes_;  // changed by view() only, when it is not flat; never by the chunks made here
  place at_;
};

// Uninitialised heap bytes with one owner, until an external node owns them.
class cord_storage {
 public:
  // Holds nothing (data() is null) when there is no memory.
  explicit cord_storage(std::size_t capacity)
      : data_(static_cast<std::byte*>(std::malloc(capacity))), capacity_(data_ != nullptr ? capacity : 0) {}
  cord_storage(cord_storage&& o) noexcept
      : data_(std::exchange(o.data_, nullptr)), capacity_(std::exchange(o.capacity_, 0)) {}
  cord_storage& operator=(cord_storage&& o) noexcept {
    if (this != &o) {
      std::free(data_);
      data_ = std::exchange(o.data_, nullptr);
      capacity_ = std::exchange(o.capacity_, 0);
    }
    return *this;
  }
  ~cord_storage() { std::free(data_); }
  // VALID UNTIL: this storage is destroyed or moved from.
  std::byte* data() const { return data_; }
  std::size_t capacity() const { return capacity_; }
  cord_storage larger(std::size_t n) const { return cord_storage(n); }
  error exhausted(std::size_t n) const { return {errc::out_of_memory, 0, 0, n}; }

 private:
  std::byte* data_;
  std::size_t capacity_;
};

struct absl_cord_design {
  static constexpr design_traits traits{.joins = false};
  using chunk = cord_chunk;
  using builder = block_builder<cord_storage>;

  class context {
   public:
    context();  // switches the library's sampling of Cords off, in the whole process
    result<chunk> adopt(place at, foreign_bytes&& bytes);
    result<chunk> copy(place at, bytes_view bytes);  // COPIES: bytes.size()
    result<chunk> rebind(const chunk& of, std::size_t pos, std::size_t len, place at);
    result<builder> build(place at, std::size_t capacity);
    result<chunk> seal(builder&& b);
    // Errors: not_unique for every chunk that is not empty: the library does not say whether a Cord is the only owner.
    result<builder> take(chunk&& c);
    // Two Cords can be joined without a copy, but the result is not contiguous and view() would flatten it: no.
    bool join(chunk&, const chunk&) { return false; }
    stream_id intern(std::string_view name) { return process_interner().intern(name); }
    // VALID UNTIL: the process ends.
    std::string_view name(stream_id id) const { return process_interner().name(id); }
  };
};
static_assert(sizeof(absl_cord_design::chunk) == 32);
static_assert(design<absl_cord_design>);

}  // namespace copycost::chunk
