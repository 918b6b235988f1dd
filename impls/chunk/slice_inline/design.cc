// SPDX-License-Identifier: Apache-2.0
#include "impls/chunk/slice_inline/design.h"

namespace copycost::chunk {
namespace {
error no_memory(std::uint64_t size) { return {errc::out_of_memory, 0, 0, size}; }
bool is_short(std::size_t size) { return size <= inline_handle::kNear; }
}  // namespace

using chunk_type = slice_inline_design::chunk;
using builder_type = slice_inline_design::builder;

result<chunk_type> slice_inline_design::context::adopt(place at, foreign_bytes&& bytes) {
  const bytes_view view = bytes.bytes();
  if (const auto ok = fits(at, view.size()); !ok) return ok.error();
  if (is_short(view.size())) {
    chunk out(at, view);
    bytes.reset();
    return out;
  }
  ref block(ref_block::adopt(std::move(bytes)));
  if (block.get() == nullptr) return no_memory(view.size());
  return chunk(at, view, std::move(block));
}

result<chunk_type> slice_inline_design::context::copy(place at, bytes_view bytes) {
  if (const auto ok = fits(at, bytes.size()); !ok) return ok.error();
  if (is_short(bytes.size())) return chunk(at, bytes);
  ref block(ref_block::make(bytes.size()));
  if (block.get() == nullptr) return no_memory(bytes.size());
  std::byte* data = block.get()->data();
  counted_copy(data, bytes.data(), bytes.size());
  return chunk(at, {data, bytes.size()}, std::move(block));
}

result<chunk_type> slice_inline_design::context::rebind(const chunk& of, std::size_t pos, std::size_t len, place at) {
  if (const auto ok = fits(at, len); !ok) return ok.error();
  auto part = of.slice(pos, len);
  if (part) part->put(at);
  return part;
}

result<builder_type> slice_inline_design::context::build(place at, std::size_t capacity) {
  if (const auto ok = fits(at, capacity); !ok) return ok.error();
  if (is_short(capacity)) return builder(at);
  ref block(ref_block::make(capacity));
  if (block.get() == nullptr) return no_memory(capacity);
  std::byte* data = block.get()->data();
  return builder(at, std::move(block), data, 0);
}

result<chunk_type> slice_inline_design::context::seal(builder&& b) {
  if (const auto ok = fits(b.at(), b.size()); !ok) return ok.error();
  const bytes_view written = b.written();
  ref block = b.release();  // of a short chunk it is freed here
  if (is_short(written.size())) return chunk(b.at(), written);
  return chunk(b.at(), written, std::move(block));
}

result<builder_type> slice_inline_design::context::take(chunk&& c) {
  ref_block* block = c.block();
  const place at = c.at();
  if (block == nullptr) {
    const chunk taken(std::move(c));
    builder b(at);
    (void)b.write(taken.view());  // has room
    return b;
  }
  if (!block->is_unique()) return error{errc::not_unique, 0, 0, block->use_count()};
  const bytes_view view = c.view();
  std::byte* begin = block->data() + (view.data() - block->data());
  return builder(at, c.release(), begin, view.size());
}

bool slice_inline_design::context::join(chunk& first, const chunk& next) {
  const bool adjacent = first.block() != nullptr && first.block() == next.block() &&
                        first.view().data() + first.size() == next.view().data();
  if (adjacent && first.size() + next.size() <= kSizeMax) {
    first.stretch(first.size() + next.size());
    return true;
  }
  return false;
}

}  // namespace copycost::chunk
