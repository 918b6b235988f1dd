// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the shm design share: bytes that follow from their place in the stream, so that a process that
// receives any part of anything can tell whether it is intact. Free of Catch's macros: children use it too.
#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <set>
#include <utility>

#include "harness/base/rng.h"
#include "impls/chunk/shm/design.h"
#include "property_tests/memory_file.h"

namespace copycost::test {

using shm_chunk = chunk::shm_design::chunk;
using shm_context = chunk::shm_design::context;
using shm_link = chunk::shm_design::process_link;

inline std::byte byte_at(std::uint64_t offset) { return static_cast<std::byte>((offset * 0x9E3779B97F4A7C15u) >> 56); }

inline bool is_intact(const shm_chunk& c) {
  const auto bytes = c.view();
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] != byte_at(c.at().offset + i)) return false;
  return true;
}

// A chunk of such bytes, written in place; empty when the segment is full.
inline shm_chunk written(shm_context& x, std::uint64_t offset, std::size_t size) {
  auto b = x.build({1, offset}, size);
  if (!b) return {};
  const auto space = b->space();
  for (std::size_t i = 0; i < size; ++i) space[i] = byte_at(offset + i);
  if (!b->wrote(size)) return {};
  auto c = x.seal(std::move(b).value());
  return c ? std::move(c).value() : shm_chunk();
}

inline block_id block_of(const shm_chunk& c) {
  return c.owner().where()->message(*c.owner().count(), c.view().data(), 0).block;
}

// The next message if there is one, or an empty chunk: only written() chunks are sent, and these are never empty.
inline shm_chunk taken(shm_link& link) {
  auto got = link.try_receive();
  return got ? std::move(*got).value() : shm_chunk();
}

// The blocks that are in a ring and not taken.
inline void add_in_flight(const slab& s, unsigned ring, std::set<block_id>& to) {
  auto& q = s.queue(ring);
  for (std::uint32_t i = 0, first = q.head; i < q.in_flight(); ++i)
    if (const block_id id = q.read(first + i).block; id != kNoBlock) to.insert(id);
}

struct shm_file : memory_file {
  explicit shm_file(std::size_t bytes = shm_segment::kBytesMin) : memory_file(bytes) {}
};

}  // namespace copycost::test
