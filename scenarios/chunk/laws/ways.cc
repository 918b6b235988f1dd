// SPDX-License-Identifier: Apache-2.0
//
// The ways to come by a chunk, and the comparison with the oracle's.
#include <algorithm>
#include <ostream>

#include "scenarios/chunk/laws/draw.h"

namespace copycost::chunk::properties {
namespace {

// A chunk that lies inside a larger buffer, with other bytes in front and behind.
model_chunk surrounded(const model_chunk& m) {
  model_chunk larger = m;
  const std::size_t front = std::min<std::uint64_t>(m.offset, 7),
                    behind = std::min<std::uint64_t>(kOffsetMax - m.end(), 9);
  larger.offset -= front;
  larger.bytes.insert(larger.bytes.begin(), front, std::byte{0xF7});
  larger.bytes.insert(larger.bytes.end(), behind, std::byte{0xB9});
  return larger;
}

foreign_bytes own_memory(const byte_string& bytes) {
  auto* memory = new byte_string(bytes);
  return {*memory,
          [](void* v, std::byte* data, std::size_t size) {
            std::fill_n(data, size, std::byte{0xDD});  // a reader that still looks must see that it is gone
            delete static_cast<byte_string*>(v);
          },
          memory};
}

any_chunk built(facade& f, const model_chunk& m, way w) {
  any_builder b = must(f.build(place_of(f, m), w == way::grow ? m.bytes.size() / 4 : m.bytes.size()));
  if (w == way::wrote) {
    RC_ASSERT(b.space().size() >= m.bytes.size());
    std::copy(m.bytes.begin(), m.bytes.end(), b.space().begin());
    must(b.wrote(m.bytes.size()));
  } else {
    const bytes_view all(m.bytes);
    must(b.write(all.first(all.size() / 3)));
    must(b.write(all.subspan(all.size() / 3)));
  }
  return must(f.seal(std::move(b)));
}

any_chunk appended(facade& f, const model_chunk& m) {
  const auto halves = oracle::split_at(m, m.size() / 2).value();
  any_chunk front = make_chunk(f, halves.first, way::copy);
  must(f.append(front, make_chunk(f, halves.second, way::adopt_vector)));
  return front;
}

// Written, sealed, taken back where the design gives it back, written on, and sealed again.
any_chunk taken(facade& f, const model_chunk& m) {
  const auto halves = oracle::split_at(m, m.size() / 2).value();
  auto b = f.take(make_chunk(f, halves.first, way::write));
  if (!b) return make_chunk(f, m, way::write);
  must(b->write(halves.second.bytes));
  return must(f.seal(std::move(b).value()));
}

}  // namespace

std::ostream& operator<<(std::ostream& out, way w) {
  constexpr const char* kNames[kWays] = {"adopt",  "adopt_vector", "copy",   "write", "wrote",    "grow",
                                         "rebind", "sliced",       "shared", "moved", "appended", "taken"};
  return out << kNames[static_cast<int>(w)];
}

place place_of(facade& f, const model_chunk& m) { return {f.intern(m.stream), m.offset}; }

any_chunk make_chunk(facade& f, const model_chunk& m, way w) {
  switch (w) {
    case way::adopt:
      return must(f.adopt(place_of(f, m), own_memory(m.bytes)));
    case way::adopt_vector:
      return must(f.adopt(place_of(f, m), foreign_bytes::from_vector(m.bytes)));
    case way::copy:
      return must(f.copy(place_of(f, m), m.bytes));
    case way::write:
    case way::wrote:
    case way::grow:
      return built(f, m, w);
    case way::rebind: {
      model_chunk other{"somewhere else", 77, surrounded(m).bytes};
      const std::size_t pos = static_cast<std::size_t>(m.offset - surrounded(m).offset);
      return must(f.rebind(make_chunk(f, other, way::adopt), pos, m.bytes.size(), place_of(f, m)));
    }
    case way::sliced: {
      const model_chunk larger = surrounded(m);
      return must(
          make_chunk(f, larger, way::write).slice(static_cast<std::size_t>(m.offset - larger.offset), m.bytes.size()));
    }
    case way::shared:
      return make_chunk(f, m, way::adopt).share();
    case way::moved: {
      any_chunk from = make_chunk(f, m, way::write), to = make_chunk(f, {"s", 3, byte_string(5)}, way::copy);
      to = std::move(from);
      return to;
    }
    case way::appended:
      return appended(f, m);
    case way::taken:
      return taken(f, m);
  }
  RC_FAIL("no such way");
}

any_chunk draw_made(facade& f, const model_chunk& m, const std::string& name) {
  return make_chunk(f, m, draw_way(name));
}

void check_equals(const facade& f, const any_chunk& c, const model_chunk& m) {
  RC_ASSERT(same_text(f.name(c.at().stream), m.stream));
  RC_ASSERT(c.at().offset == m.offset);
  RC_ASSERT(c.size() == m.bytes.size());
  RC_ASSERT(c.view().size() == m.bytes.size());
  if (!same_bytes(c.view(), m.bytes)) RC_FAIL("the bytes of the chunk differ from the oracle's");
  RC_ASSERT(f.end_offset(c) == m.end());
  RC_ASSERT(c.retained_bytes() >= c.size());
}

}  // namespace copycost::chunk::properties
