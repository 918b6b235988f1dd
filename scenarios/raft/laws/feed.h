// SPDX-License-Identifier: Apache-2.0
//
// Feeds bytes to an inbox in pieces and writes down all that it says; the oracle says what that should have been. On
// the way it asserts what holds at every step: what is needed is more than what is there, and memory follows what has
// come.
//
// Threads: a value; only inside a property.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "scenarios/raft/laws/draw.h"

namespace copycost::raft::properties {

// How bytes arrive: so many at a time, as many as there is room for (0), or a random number of them.
struct cuts {
  static constexpr std::size_t kWhole = 0, kRandom = ~std::size_t{0};
  std::size_t size = kWhole;
  std::uint64_t seed = 1;
};
cuts draw_cuts();
std::vector<cuts> all_cuts(std::uint64_t seed);  // 1 byte, 1460, 16 KiB, whole, random

struct met_unit {
  oracle::model_unit unit;               // its payload as pieces together, where it came in pieces
  std::optional<model_message> message;  // where it is one
  std::optional<error> bad;              // why its message cannot be read
  bool in_pieces = false;
};
struct met {
  std::vector<met_unit> units;
  std::optional<error> wrong;  // how the stream ends, if not well
};
// Empty, or where they differ first.
std::string difference(const met& got, const met& expected);

// What an inbox must say of these bytes, after which the peer sends no more.
met expected_of(const inbox_options& o, bytes_view bytes);

struct feeding {
  cuts how;
  bool keep = false;     // messages and payloads, which are looked at again at the end (or when their batch ends)
  bool applies = false;  // ends batches, at any time, in designs that have them
};
met feed(facade& f, any_context& x, const inbox_options& o, bytes_view bytes, const feeding& how = {});
// feed() says what expected_of() says; RC_FAILs otherwise.
void check_feed(facade& f, const inbox_options& o, bytes_view bytes, const feeding& how = {});

// The room that an inbox may have taken when so many bytes have come in all.
std::uint64_t room_allowed(const inbox_options& o, std::uint64_t came);

}  // namespace copycost::raft::properties
