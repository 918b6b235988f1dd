// SPDX-License-Identifier: Apache-2.0
#include "impls/chunk/arena/design.h"

namespace copycost::chunk {

error refused(const arena& region, std::size_t size) {
  const std::size_t left = region.room_max();
  if (size <= left) return {errc::out_of_memory, 0, 0, size};  // there is room, but the kernel has no memory
  return {errc::arena_exhausted, 0, left, size};
}

using chunk_type = arena_design::chunk;
using builder_type = arena_design::builder;

error arena_storage::exhausted(std::size_t n) const { return refused(*region_, n); }

result<chunk_type> arena_design::context::adopt(place at, foreign_bytes&& bytes) {
  const bytes_view view = bytes.bytes();
  if (const auto ok = fits(at, view.size()); !ok) return ok.error();
  if (view.empty()) return chunk(at, view, arena_owner{});
  const arena::lease piece = region_.adopt(std::move(bytes));
  if (piece.data == nullptr) return refused(region_, arena::kNoteBytes);
  return chunk(at, view, arena_owner(region_, piece.ticket, view.size()));
}

result<chunk_type> arena_design::context::rebind(const chunk& of, std::size_t pos, std::size_t len, place at) {
  if (const auto ok = fits(at, len); !ok) return ok.error();
  auto part = of.slice(pos, len);
  if (!part) return part.error();
  return chunk(at, part->view(), part->take_owner());
}

result<builder_type> arena_design::context::build(place at, std::size_t capacity) {
  if (const auto ok = fits(at, capacity); !ok) return ok.error();
  arena_storage storage(region_, capacity);
  if (storage.data() == nullptr && capacity > 0) return refused(region_, capacity);
  std::byte* begin = storage.data();
  return builder(at, std::move(storage), begin, 0);
}

result<chunk_type> arena_design::context::seal(builder&& b) {
  if (const auto ok = fits(b.at(), b.size()); !ok) return ok.error();
  const bytes_view written = b.written();
  arena_storage storage = b.take_storage();
  if (written.empty()) return chunk(b.at(), {}, arena_owner{});
  return chunk(b.at(), written, storage.seal(written.size()));
}

result<builder_type> arena_design::context::take(chunk&& c) {
  if (c.size() == 0) return build(c.at(), 0);
  return error{errc::not_unique, 0, 0, c.use_count()};
}

bool arena_design::context::join(chunk& first, const chunk& next) {
  const bool adjacent =
      first.owner().is_same_piece(next.owner()) && first.view().data() + first.size() == next.view().data();
  if (adjacent && first.size() + next.size() <= kSizeMax) {
    first.stretch(first.size() + next.size());
    return true;
  }
  return false;
}

result<bytes_view> arena_design::context::checked_view(const chunk& c) const {
  if (!c.owner().is_alive()) return error{errc::expired, 0, 0, 0};
  return c.view();
}

}  // namespace copycost::chunk
