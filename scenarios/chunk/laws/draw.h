// SPDX-License-Identifier: Apache-2.0
//
// What the laws draw their cases from, and how a drawn case is built and compared. Each draw_...() draws one named
// value inside a running rapidcheck property; sizes and positions prefer the places where designs change their ways
// (16, 24, 32, 64, 256, 512, 4096, 65536 and both neighbours), offsets prefer the ends of 64 bits. Payload is written
// from a drawn seed, so that a counterexample stays readable; everything shrinks towards nothing.
//
// Threads: a value; only inside a property.
#pragma once
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/chunk/laws/any_facade.h"
#include "scenarios/chunk/oracle.h"
#include "scenarios/common/laws/agree.h"
#include "scenarios/common/laws/draw.h"
#include "scenarios/common/must.h"

namespace copycost::chunk::properties {

// Up to 65537; small ones most of the time.
std::size_t draw_size(const std::string& name);
// Up to 513, for laws that make many chunks.
std::size_t draw_small_size(const std::string& name);
// In [0, size], the ends and the middle more often.
std::size_t draw_position(const std::string& name, std::size_t size);
// As draw_position(), and sometimes a number that is too large, up to the largest there is.
std::size_t draw_wild_position(const std::string& name, std::size_t size);
// An offset behind which `size` bytes fit; the largest such offset often.
std::uint64_t draw_offset(const std::string& name, std::uint64_t size);
// Empty, short, long, and not only ASCII.
std::string draw_stream_name(const std::string& name);

// `size` bytes from a seed: all 256 values, or only those of `alphabet`.
byte_string random_bytes(std::size_t size, std::uint64_t seed);
byte_string random_text(std::size_t size, std::uint64_t seed, std::string_view alphabet);

// A chunk in the oracle's terms: drawn stream, offset, size and payload.
model_chunk draw_chunk(const std::string& name);
model_chunk draw_small_chunk(const std::string& name);
// Text as files have it: lines of letters, some characters of several bytes, CRs before the end of a line and
// elsewhere, NUL bytes, empty lines, with and without the end of the last line; up to some 500 bytes, one in eight
// empty.
byte_string draw_text(const std::string& name);
// The classes of such text, and what of them a row of chunks with these ends cuts apart (drawn.h).
inline constexpr std::string_view kTextClasses[] = {"no text at all",
                                                    "a CR before the end of a line",
                                                    "a CR inside of a line",
                                                    "a CR at the end of the text",
                                                    "a NUL byte",
                                                    "an empty line",
                                                    "an end of the last line",
                                                    "no end of the last line",
                                                    "text without any line end",
                                                    "a CR and its LF in two chunks",
                                                    "a character in two chunks",
                                                    "a line over three chunks",
                                                    "an empty chunk in the row"};
void classify_text(const byte_string& text, const std::vector<std::size_t>& ends);
// Bytes on both sides of the borders of well-formed UTF-8, put together from pieces that are and are not.
byte_string draw_almost_text(const std::string& name);

// The ways to come by a chunk.
enum class way { adopt, adopt_vector, copy, write, wrote, grow, rebind, sliced, shared, moved, appended, taken };
inline constexpr int kWays = 12;
way draw_way(const std::string& name);
std::ostream& operator<<(std::ostream& out, way w);

place place_of(facade& f, const model_chunk& m);
// A chunk that equals the model, made in that way. RC_ASSERTs that every step succeeds.
any_chunk make_chunk(facade& f, const model_chunk& m, way w);
// Made in a drawn way.
any_chunk draw_made(facade& f, const model_chunk& m, const std::string& name);

// RC_ASSERTs stream name, offset, size and bytes, and that the chunk retains at least its size.
void check_equals(const facade& f, const any_chunk& c, const model_chunk& m);

}  // namespace copycost::chunk::properties
