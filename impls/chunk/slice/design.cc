// SPDX-License-Identifier: Apache-2.0
#include "impls/chunk/slice/design.h"

#include "harness/ledger/witness/counters.h"

namespace copycost::chunk {
namespace {
error no_memory(std::uint64_t size) { return {errc::out_of_memory, 0, 0, size}; }
}  // namespace

using chunk_type = slice_design::chunk;
using builder_type = slice_design::builder;

result<chunk_type> slice_design::context::adopt(place at, foreign_bytes&& bytes) {
  if (const auto ok = fits(at, bytes.bytes().size()); !ok) return ok.error();
  const bytes_view view = bytes.bytes();
  if (view.empty()) return chunk(at, view, slice_owner{});
  ref block(ref_block::adopt(std::move(bytes)));
  if (block.get() == nullptr) return no_memory(view.size());
  return chunk(at, view, slice_owner(std::move(block)));
}

result<chunk_type> slice_design::context::rebind(const chunk& of, std::size_t pos, std::size_t len, place at) {
  if (const auto ok = fits(at, len); !ok) return ok.error();
  auto part = of.slice(pos, len);
  if (!part) return part.error();
  const bytes_view view = part->view();
  return chunk(at, view, slice_owner(part->take_owner()));
}

result<builder_type> slice_design::context::build(place at, std::size_t capacity) {
  if (const auto ok = fits(at, capacity); !ok) return ok.error();
  ref block(ref_block::make(capacity));
  if (block.get() == nullptr) return no_memory(capacity);
  std::byte* data = block.get()->data();
  return builder(at, slice_storage(std::move(block)), data, 0);
}

result<chunk_type> slice_design::context::seal(builder&& b) {
  if (const auto ok = fits(b.at(), b.size()); !ok) return ok.error();
  const bytes_view written = b.written();
  if (written.empty()) return chunk(b.at(), {}, slice_owner{});
  return chunk(b.at(), written, slice_owner(b.take_storage().release()));
}

result<builder_type> slice_design::context::take(chunk&& c) {
  ref_block* block = c.owner().block();
  if (block == nullptr) return build(c.at(), 0);
  if (!block->is_unique()) return error{errc::not_unique, 0, 0, block->use_count()};
  const bytes_view view = c.view();
  std::byte* begin = block->data() + (view.data() - block->data());
  const place at = c.at();
  slice_owner owner = c.take_owner();
  return builder(at, slice_storage(owner.release()), begin, view.size());
}

bool slice_design::context::join(chunk& first, const chunk& next) {
  const bool adjacent = first.owner().block() != nullptr && first.owner().block() == next.owner().block() &&
                        first.view().data() + first.size() == next.view().data();
  if (adjacent && first.size() + next.size() <= kSizeMax) {
    first.stretch(first.size() + next.size());
    return true;
  }
  return false;
}

}  // namespace copycost::chunk
