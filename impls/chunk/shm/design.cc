// SPDX-License-Identifier: Apache-2.0
#include "impls/chunk/shm/design.h"

#include "harness/base/failure.h"

namespace copycost::chunk {
namespace {

error no_memory(std::uint64_t size) { return {errc::out_of_memory, 0, 0, size}; }

slab* open_or_throw(copycost::result<shm_segment, shm_error> segment) {
  if (!segment) throw failure(exit_code::internal, to_string(segment.error()));
  auto opened = slab::open(std::move(segment).value());
  if (!opened) throw failure(exit_code::internal, to_string(opened.error()));
  return *opened;
}

}  // namespace

using chunk_type = shm_design::chunk;
using builder_type = shm_design::builder;

shm_design::context::context(const shm_options& options) : context(open_or_throw(shm_segment::create(options))) {}

copycost::result<shm_design::context, shm_error> shm_design::context::attach(int fd, bool prefault) {
  auto segment = shm_segment::attach(fd, prefault);
  if (!segment) return segment.error();
  auto opened = slab::open(std::move(segment).value());
  if (!opened) return opened.error();
  return context(*opened);
}

result<chunk_type> shm_design::context::copy(place at, bytes_view bytes) {
  if (const auto ok = fits(at, bytes.size()); !ok) return ok.error();
  if (bytes.empty()) return chunk(at, {}, shm_owner{});
  const held_block got = slab_->allocate(bytes.size());
  if (got.count == nullptr) return no_memory(bytes.size());
  counted_copy(got.data, bytes.data(), bytes.size());
  return chunk(at, {got.data, bytes.size()}, shm_owner(slab_.get(), got.count));
}

result<chunk_type> shm_design::context::adopt(place at, foreign_bytes&& bytes) {
  auto made = copy(at, bytes.bytes());
  if (made) bytes.reset();
  return made;
}

result<chunk_type> shm_design::context::rebind(const chunk& of, std::size_t pos, std::size_t len, place at) {
  if (const auto ok = fits(at, len); !ok) return ok.error();
  auto part = of.slice(pos, len);
  if (!part) return part.error();
  const bytes_view view = part->view();
  return chunk(at, view, part->take_owner());
}

result<builder_type> shm_design::context::build(place at, std::size_t capacity) {
  if (const auto ok = fits(at, capacity); !ok) return ok.error();
  shm_storage room(*slab_, capacity);
  std::byte* begin = room.data();
  if (begin == nullptr && capacity > 0) return no_memory(capacity);
  return builder(at, std::move(room), begin, 0);
}

result<chunk_type> shm_design::context::seal(builder&& b) {
  if (const auto ok = fits(b.at(), b.size()); !ok) return ok.error();
  const bytes_view written = b.written();
  if (written.empty()) return chunk(b.at(), {}, shm_owner{});
  return chunk(b.at(), written, b.take_storage().release());
}

result<builder_type> shm_design::context::take(chunk&& c) {
  auto* count = c.owner().count();
  if (count == nullptr) return build(c.at(), 0);
  if (!slab_->is_unique(*count)) return error{errc::not_unique, 0, 0, slab_->use_count(*count)};
  const std::span<std::byte> block = slab_->bytes_of(*count);
  const std::size_t size = c.size(), skipped = static_cast<std::size_t>(c.view().data() - block.data());
  if (block.size() < size || skipped > block.size() - size) return error{errc::expired, 0, 0, 0};
  const place at = c.at();
  return builder(at, shm_storage(block.data(), block.size(), c.take_owner()), block.data() + skipped, size);
}

bool shm_design::context::join(chunk& first, const chunk& next) {
  const bool adjacent = first.owner().count() != nullptr && first.owner().count() == next.owner().count() &&
                        first.view().data() + first.size() == next.view().data();
  if (!adjacent || first.size() + next.size() > kSizeMax) return false;
  first.stretch(first.size() + next.size());
  return true;
}

}  // namespace copycost::chunk
