// SPDX-License-Identifier: Apache-2.0
//
// What the laws draw their cases from. A case is a few drawn numbers (they shrink) and a seed, from which messages,
// streams and damaged bytes are made; sizes and numbers prefer the places where varints, rooms and heads change their
// ways.
//
// Threads: a value; draw_...() only inside a property.
#pragma once
#include <rapidcheck.h>

#include <memory>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/judge/run_laws.h"
#include "scenarios/raft/any_raft.h"
#include "scenarios/raft/oracle/oracle.h"

namespace copycost::raft::properties {

// A fresh design that the law is asked of.
std::unique_ptr<facade> open(facade_maker make);

// A number in [low, high], every one as likely, whatever size rapidcheck is at; shrinks towards low.
std::uint64_t draw_number(const std::string& name, std::uint64_t low, std::uint64_t high);
bool draw_bool(const std::string& name);
rng draw_random(const std::string& name);
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

byte_string random_bytes(std::size_t size, rng& random);
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

// The value of a result that must not be an error. RC_FAILs with the error otherwise.
template <class T>
T must(result<T> r) {
  if (!r) RC_FAIL("unexpected error: " + to_string(r.error()));
  return std::move(r).value();
}
inline void must(const result<void>& r) {
  if (!r) RC_FAIL("unexpected error: " + to_string(r.error()));
}
inline bool same_bytes(bytes_view a, const byte_string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}
// RC_FAILs with the text, where there is one.
inline void no_difference(const std::string& text) {
  if (!text.empty()) RC_FAIL(text);
}

// All parts, one behind the other. RC_ASSERTs that none is empty and that size() is their sum.
byte_string joined(const any_frame& f);

}  // namespace copycost::raft::properties
