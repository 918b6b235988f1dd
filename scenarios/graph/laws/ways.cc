// SPDX-License-Identifier: Apache-2.0
//
// The ways in which the laws make an item.
#include <algorithm>
#include <array>
#include <ostream>

#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

constexpr std::byte kOther{0xEE};

// By copy(); its bytes and headers are overwritten afterwards.
any_item copied(any_context& x, any_maker& m, const model_item& of) {
  numbered_meta meta = numbered(x, of.meta);
  byte_string bytes = of.bytes;
  any_item made = must(m.copy(meta.is, bytes));
  std::ranges::fill(bytes, kOther);
  std::ranges::fill(meta.headers, header{});
  return made;
}
any_item adopted(any_context& x, any_maker& m, const model_item& of) {
  numbered_meta meta = numbered(x, of.meta);
  any_item made = must(m.adopt(meta.is, foreign_bytes::from_vector(of.bytes)));
  std::ranges::fill(meta.headers, header{});
  return made;
}
// In room for `more` bytes than are used.
any_item built(any_context& x, any_maker& m, const model_item& of, std::size_t more) {
  numbered_meta meta = numbered(x, of.meta);
  any_draft draft = must(m.build(meta.is, of.bytes.size() + more));
  std::ranges::fill(meta.headers, header{});
  const std::span<std::byte> room = draft.bytes();
  RC_ASSERT(room.size() == of.bytes.size() + more);
  std::ranges::fill(std::ranges::copy(of.bytes, room.begin()).out, room.end(), kOther);
  return must(m.seal(std::move(draft), of.bytes.size()));
}
// From the middle of an item that is larger and has other metadata.
any_item cut(any_context& x, any_maker& m, const model_item& of) {
  model_item whole{{"of another source", 7, {{"trace", "of another item"}}}, byte_string(3, kOther)};
  whole.bytes.insert(whole.bytes.end(), of.bytes.begin(), of.bytes.end());
  whole.bytes.resize(whole.bytes.size() + 5, kOther);
  const any_item larger = copied(x, m, whole);
  numbered_meta meta = numbered(x, of.meta);
  any_item made = must(m.part(larger, 3, of.bytes.size(), meta.is));
  std::ranges::fill(meta.headers, header{});
  return made;
}
// From an item of the same size with other bytes, by writing.
any_item written(any_context& x, any_maker& m, const model_item& of, bool shared) {
  const model_item other{of.meta, byte_string(of.bytes.size(), kOther)};
  any_item made = copied(x, m, other);
  const any_item twin = shared ? made.share() : any_item();
  const std::span<std::byte> room = must(m.make_unique(made));
  RC_ASSERT(room.size() == of.bytes.size());
  std::ranges::copy(of.bytes, room.begin());
  if (shared) check_equals(x, twin, other);
  return made;
}
any_item branched(any_context& x, any_maker& m, const model_item& of) {
  std::array<any_item, 3> to;
  must(any_design::fan_out(copied(x, m, of), to));
  return std::move(to[1]);
}

}  // namespace

way draw_way(const std::string& name) {
  return *rc::gen::map(shrinking(uniform<std::size_t>(0, kWays - 1)), [](std::size_t i) {
            return static_cast<way>(i);
          }).as(name);
}

std::ostream& operator<<(std::ostream& out, way w) {
  static constexpr std::string_view kNames[] = {"copy", "adopt",  "build",   "build_short", "share",     "move",
                                                "part", "branch", "rewrite", "unshare",     "next_batch"};
  static_assert(std::size(kNames) == kWays);
  return out << kNames[static_cast<std::size_t>(w)];
}

any_item make_item(any_context& x, any_maker& m, const model_item& of, way w) {
  switch (w) {
    case way::copy:
      return copied(x, m, of);
    case way::adopt:
      return adopted(x, m, of);
    case way::build:
      return built(x, m, of, 0);
    case way::build_short:
      return built(x, m, of, 1 + of.bytes.size() / 2);
    case way::share:
      return copied(x, m, of).share();
    case way::move:
      return copied(x, m, of).box()->moved();
    case way::part:
      return cut(x, m, of);
    case way::branch:
      return branched(x, m, of);
    case way::rewrite:
      return written(x, m, of, false);
    case way::unshare:
      return written(x, m, of, true);
    default:
      m.end_batch();
      any_item made = copied(x, m, of);
      m.end_batch();
      return made;
  }
}

any_item draw_made(ground& g, const model_item& of, const std::string& name) {
  return make_item(g.x, g.m, of, draw_way(name));
}

any_item empty_item(any_maker& m) {
  any_item one;
  must(m.make_unique(one));  // puts the design's own empty item into the box
  return one;
}

}  // namespace copycost::graph::properties
