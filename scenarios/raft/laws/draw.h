// SPDX-License-Identifier: Apache-2.0
//
// What the laws draw their cases from. A case is a few drawn numbers (they shrink) and a seed, from which messages,
// streams and damaged bytes are made; sizes and numbers prefer the places where varints, rooms and heads change their
// ways.
//
// Threads: a value; draw_...() only inside a property.
#pragma once
#include <optional>
#include <vector>

#include "harness/judge/run_laws.h"
#include "scenarios/common/laws/agree.h"
#include "scenarios/common/laws/draw.h"
#include "scenarios/common/must.h"
#include "scenarios/raft/any_raft.h"
#include "scenarios/raft/oracle/oracle.h"

namespace copycost::raft::properties {

// A format that the design speaks. Throws not_offered where it has none of those that are asked for.
wire_format draw_format(const facade& f);
wire_format draw_framed(const facade& f);
void needs(const facade& f, wire_format w);
// Throws not_offered where the design takes room for what is claimed.
void needs_caution(const facade& f);

// How messages are made: entries up to so many, bytes up to so many a payload.
struct message_shape {
  std::uint64_t entries = 5, bytes = 300;
  bool odd = true;  // presence as no writer of today has it, unknown fields
};

// Up to `most`; the sizes at which something changes, and small ones, more often.
std::size_t some_size(rng& random, std::uint64_t most);
std::uint64_t some_word(rng& random);  // all lengths of varints
model_message some_message(rng& random, const message_shape& shape);

// A unit as it is sent, what it becomes on the wire, and what arrives.
struct made_unit {
  bool is_message = true;
  model_message sent, arrives;
  std::optional<request_id> id;  // of the message
  frame_head head;               // of another frame
  byte_string payload;           // of another frame
  byte_string encoded;
};
struct drawn_stream {
  encoder_options out;
  inbox_options in;
  std::vector<made_unit> units;
  byte_string bytes;  // all of it
};
// `count` units of a format; in etcd's append stream full, elided and link heartbeats mixed.
drawn_stream some_stream(rng& random, wire_format format, std::uint64_t count, const message_shape& shape);
drawn_stream draw_stream(const facade& f, std::uint64_t count_max, const message_shape& shape = {});

// All parts, one behind the other. RC_ASSERTs that none is empty and that size() is their sum.
byte_string joined(const any_frame& f);

}  // namespace copycost::raft::properties
