// SPDX-License-Identifier: Apache-2.0
#include "impls/chunk/copy/design.h"

namespace copycost::chunk {

using chunk_type = copy_design::chunk;
using builder_type = copy_design::builder;

result<chunk_type> copy_design::context::adopt(place at, foreign_bytes&& bytes) {
  auto made = copy(at, bytes.bytes());
  if (made) bytes.reset();
  return made;
}

result<chunk_type> copy_design::context::rebind(const chunk& of, std::size_t pos, std::size_t len, place at) {
  if (const auto ok = fits(at, len); !ok) return ok.error();  // before the range, as in every way of making a chunk
  if (const auto ok = inside(pos, len, of.size()); !ok) return ok.error();
  return copy(at, of.view().subspan(pos, len));
}

result<builder_type> copy_design::context::build(place at, std::size_t capacity) {
  if (const auto ok = fits(at, capacity); !ok) return ok.error();
  copy_owner own(capacity);
  if (own.data() == nullptr && capacity > 0) return error{errc::out_of_memory, 0, 0, capacity};
  std::byte* begin = own.data();
  return builder(at, std::move(own), begin, 0);
}

result<chunk_type> copy_design::context::seal(builder&& b) {
  if (const auto ok = fits(b.at(), b.size()); !ok) return ok.error();
  const bytes_view written = b.written();
  return chunk(b.at(), written, b.take_storage());
}

result<builder_type> copy_design::context::take(chunk&& c) {
  const place at = c.at();
  const std::size_t size = c.size();
  const std::size_t skipped =
      c.owner().data() != nullptr ? static_cast<std::size_t>(c.view().data() - c.owner().data()) : 0;
  copy_owner own = c.take_owner();
  std::byte* begin = own.data() + skipped;
  return builder(at, std::move(own), begin, size);
}

}  // namespace copycost::chunk
