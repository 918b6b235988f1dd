// SPDX-License-Identifier: Apache-2.0
//
// What an item of a law about graphs carries: which source made it as its how-manieth, and which nodes marked it on its
// way. Every node that took part in making an item is in it, so that a law sees what was lost, doubled, or overtaken.
//
//   payload  [source|seq|mask|steps|way: 16 nodes][body ... each byte follows from source, seq, place and mask]
//   metadata source "source 3", a key, seq mod 4 headers
//
// Threads: a value.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {

inline constexpr std::size_t kWayMax = 16;

struct token {
  std::uint32_t source = 0, seq = 0;
  std::uint64_t key = 0;
  std::uint32_t size = 0;  // of the payload
  std::uint8_t mask = 0;   // what every byte of the body was changed by
  std::uint8_t steps = 0;
  std::array<std::uint8_t, kWayMax> way{};  // the nodes that marked it, `steps` of them

  friend auto operator<=>(const token&, const token&) = default;
};
// The payload's part that is not body.
inline constexpr std::size_t kHead = 32;

// Which items keep their order: those that one source made and that went one way.
struct strand_id {
  std::uint32_t source = 0;
  std::uint8_t steps = 0;
  std::array<std::uint8_t, kWayMax> way{};
  friend auto operator<=>(const strand_id&, const strand_id&) = default;
};
inline strand_id strand_of(const token& t) { return {t.source, t.steps, t.way}; }

// "2:17 by 4 6"
std::string to_string(const token& t);

// The item in full. REQUIRES: size >= kHead.
model_item item_of(const token& t);
// What the item carries, when payload and metadata are as they were made and marked, to the last byte.
std::optional<token> read(const any_context& x, const any_item& one);

// What nodes do to payload: a mark is a node's number, behind those that are there; flip() changes each byte of the
// body. REQUIRES: payload of a token; fewer than kWayMax marks.
void mark(std::span<std::byte> payload, std::uint8_t node);
void flip(std::span<std::byte> payload, std::uint8_t by);
// The same of a token.
void mark(token& t, std::uint8_t node);

}  // namespace copycost::graph::properties
