// SPDX-License-Identifier: Apache-2.0
//
// The contract of the graph system: items travel along the edges of a graph, from node to node. An item is payload that
// does not change, and metadata: the source's name, a key, and headers, which are pairs of interned names.
//
//   maker (one a node) --> item [what the design needs to find its bytes | source | key | headers] --> payload
//                            '-- fan_out --> item, item, item ... (one a branch)
//
// Laws that every design keeps (laws/*.cc states them as properties):
//   1. Payload and metadata of an item never change, except through make_unique() of the one item that it is asked of.
//   2. An item outlives the maker that made it, and the items that it was made from. The context outlives its items.
//   3. fan_out() gives each branch an item that equals the one given; what a branch does with its own, no other sees.
//   4. part() of an item is [pos, pos + len) of its payload under other metadata.
//
// Verbs: share adds an owner, clone makes new bytes, take moves ownership in, seal makes immutable. Only operations
// marked COPIES: copy payload. Items move and do not copy implicitly.
//
// Lifetime: an item keeps its bytes; a view is valid until its item is destroyed, moved from or changed.
// Threads: a value; items that share bytes may be used and dropped in different threads. A maker is one at a time. A
// context is safe.
// Cost: of each design, in its promises.h.
#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "scenarios/common/bytes.h"
#include "scenarios/common/foreign_bytes.h"
#include "scenarios/common/trait_word.h"
#include "scenarios/graph/error.h"

namespace copycost::graph {

// The number under which a name is interned: the same text has the same number as long as the context lives.
using name_id = std::uint32_t;

struct header {
  name_id name = 0, value = 0;
  friend bool operator==(const header&, const header&) = default;
};
// VALID UNTIL, of the headers: the item that answered them is destroyed, moved from or changed.
struct metadata {
  name_id source = 0;
  std::uint64_t key = 0;
  std::span<const header> headers{};
};

inline constexpr std::uint64_t kItemMax = std::uint64_t{1} << 30;  // bytes of one item
inline constexpr std::uint64_t kHeadersMax = 1024;                 // of one item
inline constexpr std::uint64_t kNamesMax = 1u << 20;               // of one context, the empty one included

// What every way of making an item checks first. Errors: too_large, too_many_headers.
inline result<void> fits(const metadata& meta, std::uint64_t size) {
  if (size > kItemMax) return error{errc::too_large, 0, kItemMax, size};
  if (meta.headers.size() > kHeadersMax) return error{errc::too_many_headers, 0, kHeadersMax, meta.headers.size()};
  return {};
}
// Errors: out_of_range with the first position that is not there.
inline result<void> inside(std::uint64_t pos, std::uint64_t len, std::uint64_t size) {
  if (pos > size) return error{errc::out_of_range, pos, size, 0};
  if (len > size - pos) return error{errc::out_of_range, pos + len < pos ? ~std::uint64_t{0} : pos + len, size, 0};
  return {};
}

// What a design is beside its operations: `static constexpr design_traits traits` of each.
struct design_traits {
  bool zero_copy = false;     // an item refers to payload where it is
  bool weak_handles = false;  // item::weak, with upgrade()

  static constexpr std::array<trait_word<design_traits>, 2> words() {
    return {{{&design_traits::zero_copy, "zero copy"}, {&design_traits::weak_handles, "weak handles"}}};
  }
};

// clang-format off
// A default-constructed item is empty: no payload, no metadata.
template <class I>
concept item_like = std::movable<I> && !std::copyable<I> && std::default_initializable<I> && requires(const I k) {
  { k.size() } -> std::same_as<std::size_t>;
  { k.bytes() } -> std::same_as<bytes_view>;         // VALID UNTIL: the item is destroyed, moved from or changed
  { k.meta() } -> std::same_as<metadata>;            // VALID UNTIL: the same
  { k.share() } -> std::same_as<I>;                  // one more owner; in `copy` a clone (COPIES: size())
  { k.use_count() } -> std::same_as<std::uint64_t>;  // owners of the bytes; 1 where every item has its own
  { k.held_bytes() } -> std::same_as<std::uint64_t>; // requested bytes that this item keeps from being freed
};

// Room for payload that the caller writes before it is sealed.
template <class B>
concept draft_like = std::movable<B> && requires(B b) {
  { b.bytes() } -> std::same_as<std::span<std::byte>>;  // VALID UNTIL: the draft is destroyed, moved from or sealed
};

template <class D>
concept design = std::same_as<decltype(D::traits), const design_traits> && item_like<typename D::item> &&
    draft_like<typename D::draft> && std::constructible_from<typename D::maker, typename D::context&> &&
    requires(typename D::context x, typename D::maker m, typename D::item i, const typename D::item k,
             typename D::draft d, metadata meta, bytes_view v, foreign_bytes f, std::size_t n,
             std::string_view name, name_id id, std::span<typename D::item> items) {
  // COPIES: v.size(). Errors: too_large, too_many_headers, out_of_memory, out_of_room.
  { m.copy(meta, v) } -> std::same_as<result<typename D::item>>;
  // No copy, except in `copy` and where the bytes must lie in memory of the design (shm). On error `f` is unchanged.
  { m.adopt(meta, std::move(f)) } -> std::same_as<result<typename D::item>>;
  // Room for n bytes, not initialised; seal() keeps the first `used` of them. REQUIRES: used <= n. No copy.
  { m.build(meta, n) } -> std::same_as<result<typename D::draft>>;
  { m.seal(std::move(d), n) } -> std::same_as<result<typename D::item>>;
  // [pos, pos + len) of an item's payload under other metadata. COPIES: in `copy`, len. Errors: out_of_range,
  // too_many_headers.
  { m.part(k, n, n, meta) } -> std::same_as<result<typename D::item>>;
  // Makes the item the only owner of its bytes and answers them for writing; in place when it is the only one already.
  // COPIES: i.size() when it is not. On error the item is unchanged. VALID UNTIL: the item is shared, moved from or
  // destroyed.
  { m.make_unique(i) } -> std::same_as<result<std::span<std::byte>>>;
  // The items made from here on belong to another batch: a design that frees batches as a whole begins one.
  { m.end_batch() } -> std::same_as<void>;
  // Gives every place an item that equals `i`, which is used up. Where owners are counted this is one count operation.
  // COPIES: in `copy`, i.size() for each place but one. REQUIRES: the places are empty, and there is one at least.
  { D::fan_out(std::move(i), items) } -> std::same_as<result<void>>;
  // Empties every place. Items of one batch, side by side, are counted down at once where the design counts batches.
  { D::drop(items) } -> std::same_as<void>;
  { x.intern(name) } -> std::same_as<result<name_id>>;   // errors: names_full
  // Empty for a number never given. VALID UNTIL: the context is destroyed.
  { x.name(id) } -> std::same_as<std::string_view>;
};
// clang-format on

}  // namespace copycost::graph
