// SPDX-License-Identifier: Apache-2.0
//
// The contract of the chunk system: a chunk is a piece of one stream's bytes. It knows the stream's interned name and
// the offset of its first byte in the stream.
//
//   stream   |........[chunk: offset 100, size 40]................|
//   handle   [what the design needs to find its bytes | stream | offset | size]--> bytes, which never change
//
// Laws that every design keeps (laws/*.cc states them as properties):
//   1. The bytes of a chunk never change after construction.
//   2. s = c.slice(p, n): same stream, offset c.offset() + p, size n, bytes c[p, p + n).
//   3. Slices compose; offset + size never wraps (checked when a chunk is made).
//   4. A chunk outlives what it was made from. Where the memory is a region (arena), the region must outlive the chunk;
//      debug builds and AddressSanitizer catch a later use.
//   5. retained_bytes() >= size(); after compact() they are equal up to the allocator's rounding.
//
// Verbs: view borrows, share adds an owner, clone makes new bytes, take moves ownership in, seal makes immutable. Only
// operations marked COPIES: copy payload. A design offers the core below; derived/operations.h makes the rest of it.
// Chunks move and do not copy implicitly: every copy is visible at the call site.
//
// Lifetime: a chunk keeps its bytes (in `arena`: the region does); a view is valid until its chunk is destroyed, moved
// from or changed.
// Threads: a value; chunks that share bytes may be used and dropped from different threads, unless a design says
// otherwise.
// Cost: of each design, in its promises.h.
#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "scenarios/chunk/error.h"
#include "scenarios/common/bytes.h"
#include "scenarios/common/foreign_bytes.h"
#include "scenarios/common/trait_word.h"

namespace copycost::chunk {

// The number under which a stream's name is interned; sharing a chunk never touches the name.
using stream_id = std::uint32_t;

inline constexpr std::uint64_t kSizeMax = std::numeric_limits<std::uint32_t>::max();  // bytes of one chunk
inline constexpr std::uint64_t kOffsetMax = std::numeric_limits<std::uint64_t>::max();

// The identity of the bytes: which stream, and where in it.
struct place {
  stream_id stream = 0;
  std::uint64_t offset = 0;
  friend bool operator==(const place&, const place&) = default;
};

// What every way of making a chunk checks first. Errors: too_large, offset_overflow.
inline result<void> fits(place at, std::uint64_t size) {
  if (size > kSizeMax) return error{errc::too_large, 0, kSizeMax, size};
  if (size > kOffsetMax - at.offset) return error{errc::offset_overflow, at.offset, 0, size};
  return {};
}
// Errors: out_of_range with the first position that is not there.
inline result<void> inside(std::uint64_t pos, std::uint64_t len, std::uint64_t size) {
  if (pos > size) return error{errc::out_of_range, pos, size, 0};
  if (len > size - pos) return error{errc::out_of_range, pos + len < pos ? kOffsetMax : pos + len, size, 0};
  return {};
}

// What a design is beside its operations: `static constexpr design_traits traits` of each.
struct design_traits {
  bool joins = true;     // join() finds chunks that lie side by side in one buffer; a peer may be unable to tell
  bool regions = false;  // context.reset() frees all that was made in it. REQUIRES: no chunk of it is used any more
  bool handles_between_processes = false;  // context::process_link sends handles (workloads/hand_over_process.h)

  static constexpr std::array<trait_word<design_traits>, 3> words() {
    return {{{&design_traits::joins, "joins neighbours"},
             {&design_traits::regions, "regions"},
             {&design_traits::handles_between_processes, "handles between processes"}}};
  }
};

// clang-format off
// Whether the operations are there that the traits speak of, and no others.
template <class D>
concept keeps_to_its_traits = std::same_as<decltype(D::traits), const design_traits> &&
    D::traits.regions == requires(typename D::context x) { x.reset(); } &&
    D::traits.handles_between_processes == requires { typename D::context::process_link; };

template <class C>
concept chunk_like = std::movable<C> && !std::copyable<C> && requires(C c, const C k, std::size_t n) {
  { k.size() } -> std::same_as<std::size_t>;
  { k.at() } -> std::same_as<place>;
  { k.view() } -> std::same_as<bytes_view>;          // VALID UNTIL: the chunk is destroyed, moved from or changed
  { k.share() } -> std::same_as<C>;                  // one more owner; in `copy` a clone (COPIES: size())
  { k.slice(n, n) } -> std::same_as<result<C>>;      // errors: out_of_range
  { c.advance(n) } -> std::same_as<result<void>>;    // drops n bytes at the front; errors: out_of_range
  { c.truncate(n) } -> std::same_as<result<void>>;   // keeps the first n bytes; errors: out_of_range
  { k.retained_bytes() } -> std::same_as<std::uint64_t>;  // requested bytes that this chunk keeps from being freed
  { k.use_count() } -> std::same_as<std::uint64_t>;  // owners of the bytes; 0 where the design does not count
};

template <class B>
concept builder_like = std::movable<B> && requires(B b, bytes_view v, std::size_t n) {
  { b.space() } -> std::same_as<std::span<std::byte>>;  // VALID UNTIL: the next call on the builder
  { b.wrote(n) } -> std::same_as<result<void>>;         // the first n bytes of space() are payload now; out_of_range
  { b.write(v) } -> std::same_as<result<void>>;         // COPIES: v.size(), and what is there when it must grow
  { b.size() } -> std::same_as<std::size_t>;
};

template <class D>
concept design = keeps_to_its_traits<D> && chunk_like<typename D::chunk> && builder_like<typename D::builder> &&
    std::constructible_from<typename D::context> &&
    requires(typename D::context x, typename D::chunk c, typename D::builder b, place at, bytes_view v,
             foreign_bytes f, std::size_t n, std::string_view name, stream_id s) {
  // No copy, except in `copy`; a few bytes into a handle.
  { x.adopt(at, std::move(f)) } -> std::same_as<result<typename D::chunk>>;
  { x.copy(at, v) } -> std::same_as<result<typename D::chunk>>;              // COPIES: v.size()
  // [pos, pos + len) of c's buffer, elsewhere.
  { x.rebind(c, n, n, at) } -> std::same_as<result<typename D::chunk>>;
  { x.build(at, n) } -> std::same_as<result<typename D::builder>>;           // room for n bytes; grows by copying
  { x.seal(std::move(b)) } -> std::same_as<result<typename D::chunk>>;       // no copy
  { x.take(std::move(c)) } -> std::same_as<result<typename D::builder>>;     // back to a builder; errors: not_unique,
                                                                             // and then c is unchanged
  { x.join(c, c) } -> std::same_as<bool>;  // extends the first by the second if physically adjacent in one buffer
  { x.intern(name) } -> std::same_as<stream_id>;
  { x.name(s) } -> std::same_as<std::string_view>;  // VALID UNTIL: the context is destroyed
};
// clang-format on

}  // namespace copycost::chunk
