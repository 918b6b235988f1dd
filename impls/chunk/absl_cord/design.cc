// SPDX-License-Identifier: Apache-2.0
#include "impls/chunk/absl_cord/design.h"

#include <absl/strings/cord_buffer.h>
#include <absl/strings/internal/cordz_functions.h>

namespace copycost::chunk {
namespace {

error no_memory(std::uint64_t size) { return {errc::out_of_memory, 0, 0, size}; }

// Debian builds absl::string_view as a type of its own, so it is named wherever a Cord takes one.
absl::string_view as_text(bytes_view bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// A Cord over memory that `owner` keeps until the last share is gone.
template <class Owner>
absl::Cord external(bytes_view bytes, Owner&& owner) {
  return absl::MakeCordFromExternal(as_text(bytes), [held = std::forward<Owner>(owner)](absl::string_view) {});
}

}  // namespace

using chunk_type = absl_cord_design::chunk;
using builder_type = absl_cord_design::builder;

// The public interface has no switch.
absl_cord_design::context::context() {
  static const bool off = (absl::cord_internal::set_cordz_mean_interval(0), true);
  static_cast<void>(off);
}

// When the library has no memory the foreign bytes are gone with it: it has taken them by then.
result<chunk_type> absl_cord_design::context::adopt(place at, foreign_bytes&& bytes) {
  const bytes_view view = bytes.bytes();
  if (const auto ok = fits(at, view.size()); !ok) return ok.error();
  if (view.empty()) return chunk(at, absl::Cord());
  try {
    return chunk(at, external(view, std::move(bytes)));
  } catch (const std::bad_alloc&) {
    return no_memory(view.size());
  }
}

result<chunk_type> absl_cord_design::context::copy(place at, bytes_view bytes) {
  if (const auto ok = fits(at, bytes.size()); !ok) return ok.error();
  try {
    // The library cuts what is larger than one flat node into a tree of them, which a view would have to copy again.
    if (bytes.size() <= absl::CordBuffer::kDefaultLimit) return chunk(at, absl::Cord(as_text(bytes)));
    cord_storage own(bytes.size());
    if (own.data() == nullptr) return no_memory(bytes.size());
    const bytes_view copied(own.data(), bytes.size());
    counted_copy(own.data(), bytes.data(), bytes.size());
    return chunk(at, external(copied, std::move(own)));
  } catch (const std::bad_alloc&) {
    return no_memory(bytes.size());
  }
}

result<chunk_type> absl_cord_design::context::rebind(const chunk& of, std::size_t pos, std::size_t len, place at) {
  if (const auto ok = fits(at, len); !ok) return ok.error();
  auto part = of.slice(pos, len);
  if (!part) return part.error();
  return chunk(at, std::move(*part).release());
}

result<builder_type> absl_cord_design::context::build(place at, std::size_t capacity) {
  if (const auto ok = fits(at, capacity); !ok) return ok.error();
  cord_storage storage(capacity);
  if (storage.data() == nullptr && capacity > 0) return no_memory(capacity);
  std::byte* begin = storage.data();
  return builder(at, std::move(storage), begin, 0);
}

result<chunk_type> absl_cord_design::context::seal(builder&& b) {
  if (const auto ok = fits(b.at(), b.size()); !ok) return ok.error();
  const bytes_view written = b.written();
  cord_storage own = b.take_storage();
  if (written.empty()) return chunk(b.at(), absl::Cord());
  try {
    return chunk(b.at(), external(written, std::move(own)));
  } catch (const std::bad_alloc&) {
    return no_memory(written.size());
  }
}

result<builder_type> absl_cord_design::context::take(chunk&& c) {
  if (c.size() == 0) return build(c.at(), 0);
  return error{errc::not_unique, 0, 0, c.use_count()};
}

}  // namespace copycost::chunk
