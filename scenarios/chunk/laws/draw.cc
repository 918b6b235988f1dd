// SPDX-License-Identifier: Apache-2.0
#include "scenarios/chunk/laws/draw.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>
#include <ostream>

#include "harness/core/rng.h"

namespace copycost::chunk::properties {
namespace {

constexpr std::size_t kSmallEdges[] = {0,  1,  2,  15, 16, 17,  23,  24,  25,  31,  32,  33,
                                       63, 64, 65, 127, 128, 255, 256, 257, 511, 512, 513};
constexpr std::size_t kLargeEdges[] = {4095, 4096, 4097, 65535, 65536, 65537};

// Integers shrink towards 0, wherever they were picked from.
template <class T>
rc::Gen<T> shrinking(rc::Gen<T> gen) {
  return rc::gen::shrink(std::move(gen), [](T v) { return rc::shrink::towards<T>(v, 0); });
}

template <class T>
rc::Gen<T> uniform(T low, T high) {
  const auto word = rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
  return rc::gen::map(word, [=](std::uint64_t seed) {
    const std::uint64_t many = static_cast<std::uint64_t>(high) - low + 1;
    return static_cast<T>(low + (many == 0 ? rng::split(seed) : rng(seed).below(many)));
  });
}

template <class T, std::size_t N>
rc::Gen<T> one_of(const T (&values)[N]) {
  return rc::gen::elementOf(std::vector<T>(std::begin(values), std::end(values)));
}

rc::Gen<std::size_t> small_sizes() {
  return shrinking(rc::gen::weightedOneOf<std::size_t>({{3, one_of(kSmallEdges)}, {2, uniform<std::size_t>(0, 513)}}));
}
rc::Gen<std::size_t> sizes() {
  return shrinking(rc::gen::weightedOneOf<std::size_t>(
      {{12, one_of(kSmallEdges)}, {6, uniform<std::size_t>(0, 600)}, {3, one_of(kLargeEdges)}}));
}

rc::Gen<std::size_t> positions(std::size_t size) {
  const std::size_t ends[] = {0, std::min<std::size_t>(1, size), size / 2, size - std::min<std::size_t>(1, size), size};
  return shrinking(rc::gen::weightedOneOf<std::size_t>({{1, one_of(ends)}, {2, uniform<std::size_t>(0, size)}}));
}

rc::Gen<std::uint64_t> offsets(std::uint64_t size) {
  constexpr std::uint64_t kWord = std::uint64_t{1} << 32;
  const std::uint64_t last = kOffsetMax - size;
  const std::uint64_t edges[] = {0, 1, std::min<std::uint64_t>(4096, last), kWord - 1, kWord, kWord + 1, last / 2, last - 1, last};
  return shrinking(rc::gen::weightedOneOf<std::uint64_t>({{2, one_of(edges)}, {1, uniform<std::uint64_t>(0, last)}}));
}

rc::Gen<std::uint64_t> seeds() { return shrinking(uniform<std::uint64_t>(0, 9999)); }

model_chunk draw_chunk_of(const std::string& name, std::size_t size) {
  model_chunk m;
  m.stream = draw_stream_name(name + " stream");
  m.offset = draw_offset(name + " offset", size);
  m.bytes = random_bytes(size, *seeds().as(name + " payload seed"));
  return m;
}

// A chunk that lies inside a larger buffer, with other bytes in front and behind.
model_chunk surrounded(const model_chunk& m) {
  model_chunk larger = m;
  const std::size_t front = std::min<std::uint64_t>(m.offset, 7), behind = std::min<std::uint64_t>(kOffsetMax - m.end(), 9);
  larger.offset -= front;
  larger.bytes.insert(larger.bytes.begin(), front, std::byte{0xF7});
  larger.bytes.insert(larger.bytes.end(), behind, std::byte{0xB9});
  return larger;
}

foreign_bytes own_memory(const byte_string& bytes) {
  auto* memory = new byte_string(bytes);
  return {*memory, [](void* v, std::byte* data, std::size_t size) {
            std::fill_n(data, size, std::byte{0xDD});  // whoever still reads it must see that it is gone
            delete static_cast<byte_string*>(v);
          }, memory};
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

std::unique_ptr<facade> open(facade_maker make) {
  return std::unique_ptr<facade>(static_cast<facade*>(make().release()));
}

std::uint64_t draw_number(const std::string& name, std::uint64_t low, std::uint64_t high) {
  return *rc::gen::shrink(uniform<std::uint64_t>(low, high),
                          [low](std::uint64_t v) { return rc::shrink::towards<std::uint64_t>(v, low); }).as(name);
}
bool draw_bool(const std::string& name) { return draw_number(name, 0, 1) != 0; }
std::size_t draw_size(const std::string& name) { return *sizes().as(name); }
std::size_t draw_small_size(const std::string& name) { return *small_sizes().as(name); }
std::size_t draw_position(const std::string& name, std::size_t size) { return *positions(size).as(name); }

std::size_t draw_wild_position(const std::string& name, std::size_t size) {
  constexpr std::size_t kLast = std::numeric_limits<std::size_t>::max();
  const std::size_t beyond[] = {size + 1, size + 2, 2 * size + 1, kLast / 2, kLast - size, kLast - 1, kLast};
  return *shrinking(rc::gen::weightedOneOf<std::size_t>({{3, positions(size)}, {1, one_of(beyond)}})).as(name);
}

std::uint64_t draw_offset(const std::string& name, std::uint64_t size) { return *offsets(size).as(name); }

std::string draw_stream_name(const std::string& name) {
  static const std::vector<std::string> kNames = {"s", "", "stdout", "stderr", "\u00E9\u20AC\U0001F600", std::string(300, 'n')};
  return *rc::gen::map(shrinking(uniform<std::size_t>(0, kNames.size() - 1)), [](std::size_t i) { return kNames[i]; }).as(name);
}

byte_string random_bytes(std::size_t size, std::uint64_t seed) {
  byte_string bytes(size);
  rng random(seed);
  for (std::size_t i = 0; i < size; i += 8) {
    const std::uint64_t word = random.next();
    std::memcpy(bytes.data() + i, &word, std::min<std::size_t>(8, size - i));
  }
  return bytes;
}

byte_string random_text(std::size_t size, std::uint64_t seed, std::string_view alphabet) {
  byte_string bytes(size);
  rng random(seed);
  for (std::byte& b : bytes) b = static_cast<std::byte>(alphabet[random.below(alphabet.size())]);
  return bytes;
}

model_chunk draw_chunk(const std::string& name) { return draw_chunk_of(name, draw_size(name + " size")); }
model_chunk draw_small_chunk(const std::string& name) { return draw_chunk_of(name, draw_small_size(name + " size")); }

byte_string draw_almost_text(const std::string& name) {
  static const std::vector<std::string> kPieces = {
      "a", "bc\n", "plain ASCII text that is longer than a step of thirty-two bytes", std::string("\0", 1), "\x7F",
      "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF",
      "\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xE0\x80\x80", "\xE0\xA0", "\xED\xA0\x80", "\xED\xBF\xBF", "\xE2\x82",
      "\xF0\x80\x80\x80", "\xF0\x90\x80", "\xF0\x9F", "\xF1\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF"};
  const auto picked = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, kPieces.size())).as(name);
  byte_string bytes;
  for (const std::size_t i : picked)
    for (const char c : kPieces[i]) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

way draw_way(const std::string& name) {
  return *rc::gen::map(shrinking(uniform<unsigned>(0, kWays - 1)), [](unsigned i) { return static_cast<way>(i); }).as(name);
}

std::ostream& operator<<(std::ostream& out, way w) {
  constexpr const char* kNames[kWays] = {"adopt", "adopt_vector", "copy", "write", "wrote", "grow",
                                         "rebind", "sliced", "shared", "moved", "appended", "taken"};
  return out << kNames[static_cast<int>(w)];
}

place place_of(facade& f, const model_chunk& m) { return {f.intern(m.stream), m.offset}; }

any_chunk make_chunk(facade& f, const model_chunk& m, way w) {
  switch (w) {
    case way::adopt: return must(f.adopt(place_of(f, m), own_memory(m.bytes)));
    case way::adopt_vector: return must(f.adopt(place_of(f, m), foreign_bytes::from_vector(m.bytes)));
    case way::copy: return must(f.copy(place_of(f, m), m.bytes));
    case way::write:
    case way::wrote:
    case way::grow: return built(f, m, w);
    case way::rebind: {
      model_chunk other{"somewhere else", 77, surrounded(m).bytes};
      const std::size_t pos = static_cast<std::size_t>(m.offset - surrounded(m).offset);
      return must(f.rebind(make_chunk(f, other, way::adopt), pos, m.bytes.size(), place_of(f, m)));
    }
    case way::sliced: {
      const model_chunk larger = surrounded(m);
      return must(make_chunk(f, larger, way::write).slice(static_cast<std::size_t>(m.offset - larger.offset), m.bytes.size()));
    }
    case way::shared: return make_chunk(f, m, way::adopt).share();
    case way::moved: {
      any_chunk from = make_chunk(f, m, way::write), to = make_chunk(f, {"s", 3, byte_string(5)}, way::copy);
      to = std::move(from);
      return to;
    }
    case way::appended: return appended(f, m);
    case way::taken: return taken(f, m);
  }
  RC_FAIL("no such way");
}

any_chunk draw_made(facade& f, const model_chunk& m, const std::string& name) { return make_chunk(f, m, draw_way(name)); }

bool same_bytes(bytes_view a, const byte_string& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

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
