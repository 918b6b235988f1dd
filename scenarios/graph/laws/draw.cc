// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/laws/draw.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <iterator>
#include <limits>

#include "harness/judge/drawn.h"

namespace copycost::graph::properties {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::size_t kLarge[] = {kMiB + 1, 2 * kMiB - 1, 2 * kMiB, 3 * kMiB + 17};

// A power of two up to 2^most, or a neighbour of it.
rc::Gen<std::size_t> near_powers(unsigned most) {
  return rc::gen::map(uniform<std::size_t>(0, 3 * most + 2), [](std::size_t i) {
    const std::size_t power = std::size_t{1} << i / 3;
    return power + i % 3 - 1;
  });
}
rc::Gen<std::size_t> small_sizes() {
  return shrinking(rc::gen::weightedOneOf<std::size_t>(
      {{1, rc::gen::just<std::size_t>(0)}, {4, near_powers(9)}, {4, uniform<std::size_t>(0, 513)}}));
}
rc::Gen<std::size_t> sizes() {
  return shrinking(rc::gen::weightedOneOf<std::size_t>({{2, rc::gen::just<std::size_t>(0)},
                                                        {9, near_powers(18)},
                                                        {5, uniform<std::size_t>(0, 700)},
                                                        {2, one_of(kLarge)}}));
}
rc::Gen<std::size_t> positions(std::size_t size) {
  const std::size_t ends[] = {0, std::min<std::size_t>(1, size), size / 2, size - std::min<std::size_t>(1, size), size};
  return shrinking(rc::gen::weightedOneOf<std::size_t>({{1, one_of(ends)}, {1, uniform<std::size_t>(0, size)}}));
}
rc::Gen<std::size_t> header_counts() {
  return shrinking(rc::gen::weightedOneOf<std::size_t>({{5, rc::gen::just<std::size_t>(0)},
                                                        {5, rc::gen::just<std::size_t>(1)},
                                                        {8, uniform<std::size_t>(2, 20)},
                                                        {2, rc::gen::just(std::size_t{kHeadersMax})}}));
}

const std::vector<std::string>& names() {
  static const std::vector<std::string> kNames = {
      "n", "", "content-type", "text/plain", "trace", "\u00E9\u20AC\U0001F600", std::string(300, 'n'), "a b=c"};
  return kNames;
}

model_item draw_item_of(const std::string& name, std::size_t size) {
  return {draw_meta(name), seeded_bytes(size, draw_number(name + " payload seed", 0, 9999))};
}

}  // namespace

std::size_t draw_size(const std::string& name) { return *sizes().as(name); }
std::size_t draw_small_size(const std::string& name) { return *small_sizes().as(name); }
std::size_t draw_position(const std::string& name, std::size_t size) { return *positions(size).as(name); }

std::size_t draw_wild_position(const std::string& name, std::size_t size) {
  constexpr std::size_t kLast = std::numeric_limits<std::size_t>::max();
  const std::size_t beyond[] = {size + 1, size + 2, 2 * size + 1, kLast / 2, kLast - size, kLast - 1, kLast};
  return *shrinking(rc::gen::weightedOneOf<std::size_t>({{3, positions(size)}, {1, one_of(beyond)}})).as(name);
}

std::string draw_name(const std::string& name) { return names()[draw_number(name, 0, names().size() - 1)]; }

model_meta draw_meta(const std::string& name) {
  model_meta m;
  m.source = draw_name(name + " source");
  m.key = draw_one_of(name + " key", {0, 1, 42, std::uint64_t{1} << 32, ~std::uint64_t{0}});
  const std::size_t count = *header_counts().as(name + " headers");
  rng random = draw_rng(name + " header names");
  const auto any = [&] { return names()[random.below(names().size())]; };
  for (std::size_t i = 0; i < count; ++i) m.headers.emplace_back(any(), any());
  return m;
}

byte_string seeded_bytes(std::size_t size, std::uint64_t seed) {
  rng random(seed);
  return random_bytes(size, random);
}

model_item draw_item(const std::string& name) { return draw_item_of(name, draw_size(name + " size")); }
model_item draw_small_item(const std::string& name) { return draw_item_of(name, draw_small_size(name + " size")); }

numbered_meta numbered(any_context& x, const model_meta& m) {
  numbered_meta n;
  for (const auto& [name, value] : m.headers) n.headers.push_back({must(x.intern(name)), must(x.intern(value))});
  n.is = {must(x.intern(m.source)), m.key, n.headers};
  return n;
}

void classify(const model_item& m) {
  const auto& headers = m.meta.headers;
  drawn("an empty payload", m.bytes.empty());
  drawn("the size is a power of two", std::has_single_bit(m.bytes.size()));
  drawn("more than a MiB", m.bytes.size() > kMiB);
  drawn("no headers", headers.empty());
  drawn("one header", headers.size() == 1);
  drawn("as many headers as there can be", headers.size() == kHeadersMax);
  drawn("headers without payload", !headers.empty() && m.bytes.empty());
  auto sorted = headers;
  std::ranges::sort(sorted);
  drawn("the same header twice", std::ranges::adjacent_find(sorted) != sorted.end());
  drawn("an empty name", m.meta.source.empty() || (!sorted.empty() && sorted.front().first.empty()));
}

std::string difference(const any_context& x, const any_item& seen, const model_item& expected) {
  const auto text = [&](name_id id) { return std::string(x.name(id)); };
  const metadata meta = seen.meta();
  model_item told{{text(meta.source), meta.key, {}}, {}};
  for (const header& h : meta.headers) told.meta.headers.emplace_back(text(h.name), text(h.value));
  if (seen.size() != seen.bytes().size())
    return "size() is " + std::to_string(seen.size()) + ", bytes() has " + std::to_string(seen.bytes().size());
  if (told.meta == expected.meta && same_bytes(seen.bytes(), expected.bytes)) return {};
  told.bytes.assign(seen.bytes().begin(), seen.bytes().end());
  return oracle::difference(told, expected);
}

void check_equals(const any_context& x, const any_item& seen, const model_item& expected) {
  no_difference(difference(x, seen, expected));
  RC_ASSERT(seen.held_bytes() >= seen.size());
}

void check_empty(const any_item& one) {
  RC_ASSERT(one.size() == 0u);
  RC_ASSERT(one.bytes().empty());
  RC_ASSERT((one.meta().source == 0 && one.meta().key == 0));
  RC_ASSERT(one.meta().headers.empty());
  RC_ASSERT(one.held_bytes() == 0u);
}

bool overlap(bytes_view a, bytes_view b) {
  return !a.empty() && !b.empty() && std::less<>()(a.data(), b.data() + b.size()) &&
         std::less<>()(b.data(), a.data() + a.size());
}

}  // namespace copycost::graph::properties
