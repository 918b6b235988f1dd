// SPDX-License-Identifier: Apache-2.0
#include "impls/graph/arena/design.h"

#include <new>

namespace copycost::graph {
namespace {
error no_memory(std::uint64_t size) { return {errc::out_of_memory, 0, 0, size}; }
}  // namespace

result<arena_item> arena_maker::seal(arena_draft&& draft, std::size_t used) {
  arena_item& made = draft.made_;
  if (used > made.size()) return error{errc::out_of_range, used, made.size(), 0};
  region* const in = made.where();
  if (in != nullptr && in == current_ && used != made.size()) {
    const std::size_t front = item_headers::bytes_for(made.headers());
    in->shrink(draft.piece_, front + made.size(), front + used);
  }
  if (used == 0 && made.headers().empty()) return bare(std::exchange(made, {}).meta());
  made.words_.set_size(used);
  return std::move(made);
}

result<arena_item> arena_maker::adopt(const metadata& meta, foreign_bytes&& bytes) {
  const std::span<std::byte> there = bytes.bytes();
  if (const auto ok = fits(meta, there.size()); !ok) return ok.error();
  if (there.empty()) {
    auto made = copy(meta, {});
    if (made) bytes.reset();
    return made;
  }
  const std::size_t front = item_headers::bytes_for(meta.headers);
  region* const in = region_for(front + arena::kNoteBytes + there.size());
  if (in == nullptr) return no_memory(there.size());
  const arena::lease piece = front != 0 ? in->allocate(front) : arena::lease{};
  if (front != 0 && piece.data == nullptr) return no_memory(there.size());
  if (in->adopt(std::move(bytes)).data == nullptr) {
    if (front != 0) in->shrink(piece, front, 0);
    return no_memory(there.size());
  }
  const bool has_headers = front != 0;
  ++issued_;
  return arena_item(item_words(there.data(), there.size(), meta, has_headers),
                    has_headers ? word_of(*item_headers::place(piece.data, *in, meta.headers, 0)) : word_of(*in));
}

result<arena_item> arena_maker::part_with_headers(const arena_item& of, std::size_t pos, std::size_t len,
                                                  const metadata& meta) {
  if (const auto ok = fits(meta, 0); !ok) return ok.error();
  if (const auto ok = inside(pos, len, of.size()); !ok) return ok.error();
  if (len == 0) return copy(meta, {});  // keeps no payload
  const item_words words = item_words(of.words_.data() + pos, len, meta, true);
  region& in = *of.where();
  if (same_headers(meta.headers, of.headers())) {
    of.not_alone();
    if (of.counts_at_headers())
      of.add(1);
    else
      issue(in);
    return arena_item(words, word_of(*of.with()));
  }
  item_headers* const list = headers_beside(in, meta.headers);
  if (list == nullptr) return no_memory(meta.headers.size_bytes());
  of.not_alone();
  issue(in);
  return arena_item(words, word_of(*list));
}

item_headers* arena_maker::headers_beside(region& in, std::span<const header> list) {
  const std::size_t bytes = item_headers::bytes_for(list);
  if (&in == current_ && has_room(in, bytes)) {
    const arena::lease piece = in.allocate(bytes);
    if (piece.data != nullptr) return item_headers::place(piece.data, in, list, 0);
  }
  void* const memory = ::operator new(bytes, std::nothrow);
  return memory == nullptr ? nullptr : item_headers::place(memory, in, list, 1);
}

result<std::span<std::byte>> arena_maker::own_bytes(arena_item& one) {
  auto made = copy(one.meta(), one.bytes());
  if (!made) return made.error();
  one = std::move(made).value();
  return one.room();
}

}  // namespace copycost::graph
