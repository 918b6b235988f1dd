// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/laws/graphs/token.h"

#include <algorithm>
#include <cstring>

namespace copycost::graph::properties {
namespace {

struct head {
  std::uint32_t source, seq;
  std::uint8_t mask, steps;
  std::array<std::uint8_t, kWayMax> way;
  std::array<std::uint8_t, 6> zeros;
};
static_assert(sizeof(head) == kHead);

head head_of(std::span<const std::byte> payload) {
  head h;
  std::memcpy(&h, payload.data(), sizeof h);
  return h;
}
void put(std::span<std::byte> payload, const head& h) { std::memcpy(payload.data(), &h, sizeof h); }

std::byte body(const token& t, std::size_t at) {
  return static_cast<std::byte>((t.source * 31 + t.seq * 7 + at * 3) & 0xFF) ^ static_cast<std::byte>(t.mask);
}
model_meta meta_of(const token& t) {
  model_meta m{"source " + std::to_string(t.source), t.key, {}};
  for (std::uint32_t i = 0; i < t.seq % 4; ++i) m.headers.emplace_back("place " + std::to_string(i), "of several");
  return m;
}

}  // namespace

std::string to_string(const token& t) {
  std::string text = std::to_string(t.source) + ':' + std::to_string(t.seq) + " by";
  for (std::size_t i = 0; i < t.steps; ++i) text += ' ' + std::to_string(t.way[i]);
  return text;
}

model_item item_of(const token& t) {
  model_item m{meta_of(t), byte_string(t.size)};
  put(m.bytes, {t.source, t.seq, t.mask, t.steps, t.way, {}});
  for (std::size_t i = kHead; i < t.size; ++i) m.bytes[i] = body(t, i);
  return m;
}

std::optional<token> read(const any_context& x, const any_item& one) {
  if (one.size() < kHead) return std::nullopt;
  const head h = head_of(one.bytes());
  const token t{h.source, h.seq,   one.meta().key, static_cast<std::uint32_t>(one.size()),  // fits: items of a law
                h.mask,   h.steps, h.way};
  if (t.steps > kWayMax || !difference(x, one, item_of(t)).empty()) return std::nullopt;
  return t;
}

void mark(token& t, std::uint8_t node) { t.way[t.steps++] = node; }

void mark(std::span<std::byte> payload, std::uint8_t node) {
  head h = head_of(payload);
  h.way[h.steps++] = node;
  put(payload, h);
}

void flip(std::span<std::byte> payload, std::uint8_t by) {
  head h = head_of(payload);
  h.mask ^= by;
  put(payload, h);
  for (std::byte& b : payload.subspan(kHead)) b ^= static_cast<std::byte>(by);
}

}  // namespace copycost::graph::properties
