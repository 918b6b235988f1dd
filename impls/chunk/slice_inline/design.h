// SPDX-License-Identifier: Apache-2.0
//
// slice_inline: reference-counted slices of immutable blocks, as in slice; but up to 16 bytes lie in the handle itself.
//
//   a short chunk [size|stream|offset|the bytes....]         no block, no count, no allocation, nothing retained
//   a long chunk  [size|stream|offset|data*|block*]--> [count|kind|capacity][ payload ..................]
//
// A chunk of up to 16 bytes never holds a block, in whatever way it was made: adopt() and seal() copy it and let the
// memory go, and so do slice(), advance() and truncate() that leave up to 16 bytes.
//
// Lifetime: a long chunk as in slice. A view of a short chunk is VALID UNTIL the handle is moved or destroyed: a vector
// of handles that grows invalidates the views of its short chunks.
// Threads: chunks of one block may be shared and dropped from any thread.
// Cost: share and drop one locked instruction each, or a copy of up to 16 bytes.
#pragma once
#include "impls/chunk/slice_inline/builder.h"
#include "impls/chunk/slice_inline/handle.h"
#include "impls/common/interner.h"

namespace copycost::chunk {

struct slice_inline_design {
  static constexpr design_traits traits{};
  using chunk = inline_handle;
  using builder = inline_builder;

  // Sizes and offsets are bytes. Making a chunk or a builder answers too_large, offset_overflow or out_of_memory (an
  // argument is then unchanged).
  class context {
   public:
    result<chunk> adopt(place at, foreign_bytes&& bytes);  // COPIES: bytes.bytes().size(), up to 16 bytes
    result<chunk> copy(place at, bytes_view bytes);        // COPIES: bytes.size()
    // COPIES: len, up to 16 bytes. Errors: out_of_range.
    result<chunk> rebind(const chunk& of, std::size_t pos, std::size_t len, place at);
    result<builder> build(place at, std::size_t capacity);
    result<chunk> seal(builder&& b);  // COPIES: b.size(), up to 16 bytes
    result<builder> take(chunk&& c);  // COPIES: c.size(), up to 16 bytes. Errors: not_unique.
    // Answers no for short chunks: they lie in no buffer.
    bool join(chunk& first, const chunk& next);
    stream_id intern(std::string_view name) { return process_interner().intern(name); }
    // VALID UNTIL: the process ends.
    std::string_view name(stream_id id) const { return process_interner().name(id); }
  };
};
static_assert(design<slice_inline_design>);

}  // namespace copycost::chunk
