// SPDX-License-Identifier: Apache-2.0
//
// Heads of frames, in both framings.
//
//   compat   [u32 BE n][type u32 LE | has_id u8 | (id 16) | payload length u32 LE]        n = 9 or 25; then the payload
//   native   [magic "CR"|version|flags|type|0 0 0|stream u32|payload length u32|payload CRC32C|head CRC32C](id 16)
//
// Numbers of the native head are little-endian. Its own checksum covers the 20 bytes before it and the id, so that a
// reader finds a damaged length before it waits for the bytes that it promises. A reader accepts compatible headers
// that are longer than necessary and ignores what stands behind their fields, as the original does.
//
// Threads: safe; pure functions and values.
// Cost: some nanoseconds; the native head's checksum some 5.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "scenarios/raft/wire/error.h"
#include "scenarios/raft/wire/limits.h"
#include "scenarios/raft/wire/message.h"

namespace copycost::raft {

enum class frame_type : std::uint8_t { request, response, raft_message, heartbeat, error };
inline constexpr unsigned kFrameTypes = 5;

struct request_id {
  std::array<std::byte, 16> bytes{};
  friend bool operator==(const request_id&, const request_id&) = default;
};

namespace frame_flag {
inline constexpr std::uint8_t has_id = 1, piece = 2, last_piece = 4, answer = 8, all = 15;
}

struct frame_head {
  frame_type type = frame_type::raft_message;
  std::uint8_t flags = 0;  // frame_flag; compat knows has_id only
  std::uint32_t payload_length = 0;
  std::uint32_t stream = 0;       // native; of pieces
  std::uint32_t payload_crc = 0;  // native
  request_id id;                  // with has_id
  bool has_id() const { return (flags & frame_flag::has_id) != 0; }
  friend bool operator==(const frame_head&, const frame_head&) = default;
};

enum class framing : std::uint8_t { compat, native };
inline constexpr std::size_t kHeadBytesMax = 48;  // that we write
inline constexpr std::size_t kNativeHead = 24, kPlainHead = 13, kIdBytes = 16;
inline constexpr std::uint16_t kMagic = 0x5243;  // "CR"
inline constexpr std::uint8_t kVersion = 1;

// Bytes that write_head() writes: 13 or 29, 24 or 40.
std::size_t head_size(framing f, const frame_head& h);
// REQUIRES: room for kHeadBytesMax. Answers head_size(). In compat, flags beside has_id and the stream are lost.
std::size_t write_head(framing f, const frame_head& h, std::byte* out);

// Where in the frame its payload's length stands, which is the place of the error for a payload that is too large.
std::uint64_t length_place(framing f, const frame_head& h);

struct head_sizes {
  std::size_t needs = 0;  // at least so many bytes from the frame's first one on; 0: the head is there
  std::size_t size = 0;   // of the head
};
// Reads the head of the frame that begins at in[0], the stream's byte `at`, straight to where it is wanted: a struct of
// narrow fields that is copied by wide loads right after it was written waits for its stores. `out` is not changed
// unless the head is there. Errors: header_too_large, header_malformed, unknown_type, payload_too_large (over
// l.payload), bad_magic, unsupported_version, unknown_flags, checksum_mismatch.
result<head_sizes> read_head(framing f, bytes_view in, const wire_limits& l, std::uint64_t at, frame_head& out);
// The usual compatible head, of 13 bytes: without an id and not longer than need be. False: ask read_head().
inline bool read_plain_head(bytes_view in, const wire_limits& l, frame_head& out) {
  struct [[gnu::packed]] plain {
    std::uint32_t header_length, type;
    std::uint8_t has_id;
    std::uint32_t payload_length;
  } h;
  if (in.size() < sizeof h) return false;
  __builtin_memcpy(&h, in.data(), sizeof h);
  if (h.header_length != 0x09000000 || h.has_id != 0 || h.type >= kFrameTypes) return false;
  if (h.payload_length > l.payload || l.header < 9) return false;
  out.type = static_cast<frame_type>(h.type);
  out.flags = 0;
  out.payload_length = h.payload_length;
  out.stream = out.payload_crc = 0;
  return true;
}

// The same of a native head without an id. False: ask read_head().
bool read_plain_native_head(bytes_view in, const wire_limits& l, frame_head& out);

// What a decoder thinks of a checksum. Fuzz builds accept any, so that what is behind them is reached.
#ifdef COPYCOST_FUZZ
inline constexpr bool kChecksumsCount = false;
#else
inline constexpr bool kChecksumsCount = true;
#endif

}  // namespace copycost::raft
