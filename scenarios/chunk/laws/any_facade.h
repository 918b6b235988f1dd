// SPDX-License-Identifier: Apache-2.0
//
// The contract of the chunk system behind virtual functions, so that a law is compiled once and not once a design: a
// context of one design, with the operations of contract.h, operations.h, sequence.h and codec.h on any_chunk and
// any_builder (any_chunk.h), and queries for what only some designs have. facade.h makes one of a design. Errors and
// COPIES are those of the operation with the same name; what a design does not have throws not_offered.
//
// Lifetime: the facade outlives its chunks, builders and rows; a view lives as the design's own.
// Threads: as the design's.
// Cost: an allocation a value, a virtual call an operation; for laws only.
#pragma once
#include <memory>
#include <utility>
#include <vector>

#include "harness/judge/law.h"
#include "scenarios/chunk/derived/codec.h"
#include "scenarios/chunk/derived/operations.h"
#include "scenarios/chunk/laws/any_chunk.h"

namespace copycost::chunk {

class facade : public facade_base {
 public:
  virtual result<any_chunk> adopt(place at, foreign_bytes&& bytes) = 0;
  virtual result<any_chunk> copy(place at, bytes_view bytes) = 0;
  virtual result<any_chunk> rebind(const any_chunk& of, std::size_t pos, std::size_t len, place at) = 0;
  virtual result<any_builder> build(place at, std::size_t capacity) = 0;
  virtual result<any_chunk> seal(any_builder&& b) = 0;
  virtual result<any_builder> take(any_chunk&& c) = 0;
  virtual bool join(any_chunk& first, const any_chunk& next) = 0;
  virtual stream_id intern(std::string_view name) = 0;
  // VALID UNTIL: the facade is destroyed.
  virtual std::string_view name(stream_id id) const = 0;

  virtual std::uint64_t end_offset(const any_chunk& c) const = 0;
  // VALID UNTIL: the chunk is destroyed, moved from or changed.
  virtual result<bytes_view> view(const any_chunk& c, std::size_t pos, std::size_t len) const = 0;
  virtual result<any_chunk> slice(const any_chunk& c, range r) const = 0;
  virtual result<std::pair<any_chunk, any_chunk>> split_at(const any_chunk& c, std::size_t pos) const = 0;
  virtual result<any_chunk> clone(const any_chunk& c) = 0;
  virtual result<void> compact(any_chunk& c) = 0;
  virtual result<bool> compact_if(any_chunk& c, double ratio) = 0;
  virtual result<joined> append(any_chunk& c, const any_chunk& next) = 0;
  // VALID UNTIL: the chunk is destroyed, moved from or changed.
  virtual result<std::string_view> as_utf8(const any_chunk& c) const = 0;
  virtual utf8::lossy_text to_utf8_lossy(const any_chunk& c) const = 0;
  virtual std::size_t valid_prefix_len(const any_chunk& c) const = 0;
  virtual bool equal(const any_chunk& a, const any_chunk& b) const = 0;
  virtual std::vector<std::byte> to_vector(const any_chunk& c) const = 0;
  virtual std::unique_ptr<any_sequence> sequence() = 0;

  virtual result<any_chunk> encode(const any_chunk& c, encode_options options) = 0;
  virtual result<std::size_t> encode_to(const any_chunk& c, any_builder& out, encode_options options) = 0;
  virtual result<decoded<any_chunk>> decode_copy(bytes_view in, const decode_limits& limits) = 0;
  virtual result<decoded<any_chunk>> decode_alias(const any_chunk& in, const decode_limits& limits,
                                                  std::size_t pos) = 0;

  // share() and the drop of what it made, without the box of an any_chunk: for counting allocations around it.
  virtual void share_and_drop(const any_chunk& c) const = 0;

  // Sends chunks of these bytes, one behind the other, from a fresh context to another process; answers how many of
  // them arrived as they were sent (laws/other_process.h).
  virtual int equal_in_another_process(const std::vector<std::vector<std::byte>>& all) = 0;

  // Whether join() finds chunks that lie side by side in one buffer; a peer may be unable to tell
  // (design_traits::joins). Where slices are copies, none ever do.
  virtual bool joins() const = 0;
  // Whether memory is a region that is freed as a whole (arena): chunks keep nothing alive by themselves then.
  virtual bool has_regions() const = 0;
  // Frees the region. REQUIRES: no chunk of it is looked at any more (it may still be dropped).
  virtual void reset() = 0;
};

}  // namespace copycost::chunk
