// SPDX-License-Identifier: Apache-2.0
#include "impls/chunk/shared_ptr/design.h"

#include <atomic>
#include <new>
#include <thread>

namespace copycost::chunk {
namespace {
error no_memory(std::uint64_t size) { return {errc::out_of_memory, 0, 0, size}; }

// A vector copies as its users have it copy. A counted copy would have to write zeros first, which would make the peer
// slower than it is; so the primitive witness does not know of this copy, like of every copy inside a peer.
std::shared_ptr<const std::vector<std::byte>> vector_of(bytes_view bytes) {
  // not payload: counted as the peer's own, see above. Not of const: take() hands it back.
  return std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
}
}  // namespace

using chunk_type = shared_ptr_design::chunk;
using builder_type = shared_ptr_design::builder;

shared_ptr_storage::shared_ptr_storage(std::size_t capacity) {
  try {
    bytes_ = std::make_shared<vector>(capacity);
  } catch (const std::bad_alloc&) {  // holds() says so
  }
}

// libstdc++ counts without atomics in a process that never started a thread: a cost that no program with threads has.
shared_ptr_design::context::context() {
  [[maybe_unused]] static const bool has_threads = (std::thread([] {}).join(), true);
}

result<chunk_type> shared_ptr_design::context::copy(place at, bytes_view bytes) try {
  if (const auto ok = fits(at, bytes.size()); !ok) return ok.error();
  if (bytes.empty()) return chunk(at, {}, shared_ptr_owner{});
  auto own = vector_of(bytes);
  const std::byte* data = own->data();
  return chunk(at, {data, bytes.size()}, shared_ptr_owner(std::move(own)));
} catch (const std::bad_alloc&) {
  return no_memory(bytes.size());
}

result<chunk_type> shared_ptr_design::context::adopt(place at, foreign_bytes&& bytes) {
  auto made = copy(at, bytes.bytes());
  if (made) bytes.reset();
  return made;
}

result<chunk_type> shared_ptr_design::context::rebind(const chunk& of, std::size_t pos, std::size_t len, place at) {
  if (const auto ok = fits(at, len); !ok) return ok.error();
  auto part = of.slice(pos, len);
  if (!part) return part.error();
  const bytes_view view = part->view();
  return chunk(at, view, shared_ptr_owner(part->take_owner()));
}

result<builder_type> shared_ptr_design::context::build(place at, std::size_t capacity) {
  if (const auto ok = fits(at, capacity); !ok) return ok.error();
  shared_ptr_storage storage(capacity);
  if (!storage.holds()) return no_memory(capacity);
  std::byte* begin = storage.data();
  return builder(at, std::move(storage), begin, 0);
}

result<chunk_type> shared_ptr_design::context::seal(builder&& b) {
  if (const auto ok = fits(b.at(), b.size()); !ok) return ok.error();
  const bytes_view written = b.written();
  if (written.empty()) return chunk(b.at(), {}, shared_ptr_owner{});
  return chunk(b.at(), written, shared_ptr_owner(b.take_storage().release()));
}

result<builder_type> shared_ptr_design::context::take(chunk&& c) {
  const auto& shared = c.owner().bytes();
  if (shared == nullptr) return build(c.at(), 0);
  if (shared.use_count() != 1) return error{errc::not_unique, 0, 0, c.use_count()};
  // use_count() is a relaxed load: without this, what another owner read last may come after what we write next.
  std::atomic_thread_fence(std::memory_order_acquire);
  const bytes_view view = c.view();
  const place at = c.at();
  auto own = std::const_pointer_cast<std::vector<std::byte>>(c.take_owner().release());
  std::byte* begin = own->data() + (view.data() - own->data());
  return builder(at, shared_ptr_storage(std::move(own)), begin, view.size());
}

bool shared_ptr_design::context::join(chunk& first, const chunk& next) {
  const bool adjacent = first.owner().bytes() != nullptr && first.owner().bytes() == next.owner().bytes() &&
                        first.view().data() + first.size() == next.view().data();
  if (adjacent && first.size() + next.size() <= kSizeMax) {
    first.stretch(first.size() + next.size());
    return true;
  }
  return false;
}

}  // namespace copycost::chunk
