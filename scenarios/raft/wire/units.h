// SPDX-License-Identifier: Apache-2.0
//
// Units: the pieces that a stream of bytes between two members consists of, in each wire format.
//
//   compat, native  frames (frame.h)
//   etcd_message    [u64 BE n][raftpb.Message of n bytes]
//   etcd_append     [00]                                                    link heartbeat
//                   [01][u64 BE entries]([u64 BE n][raftpb.Entry])...[u64 BE commit]
//                                                                           an append whose term and index follow
//                   [02][u64 BE n][raftpb.Message]                          any append
//
// Unlike etcd's own decoder, this one compares every length and count with limits before it acts on them.
//
// Lifetime: a scanner belongs to one direction of one connection.
// Threads: one at a time.
// Cost: some nanoseconds a unit; what was seen of an unfinished unit is not looked at again.
// Source: etcd 3.4, server/etcdserver/api/rafthttp (message.go, msgappv2_codec.go), described in the README.
#pragma once
#include <string_view>

#include "scenarios/raft/wire/frame.h"

namespace copycost::raft {

enum class wire_format : std::uint8_t { compat, native, etcd_message, etcd_append };
inline constexpr std::size_t kWireFormats = 4;
// "compat", "native", "message", "msgappv2". VALID UNTIL: the program ends.
std::string_view name_of(wire_format);
std::optional<wire_format> format_named(std::string_view name);
constexpr bool has_frames(wire_format w) { return w == wire_format::compat || w == wire_format::native; }
constexpr framing framing_of(wire_format w) { return w == wire_format::native ? framing::native : framing::compat; }

inline constexpr std::byte kLinkHeartbeat{0}, kElided{1}, kFull{2};
inline constexpr std::size_t kLengthBytes = 8;

std::uint64_t load_big(const std::byte* at);
void store_big(std::byte* at, std::uint64_t v);

enum class unit_kind : std::uint8_t {
  frame,           // head says what it is
  message,         // etcd's: the payload is a raftpb.Message; head.type is raft_message
  elided,          // etcd's: the payload is everything behind the first byte
  link_heartbeat,  // etcd's: no payload; head.type is heartbeat
};
struct unit {
  unit_kind kind = unit_kind::frame;
  frame_head head;            // with the payload's length in every format, so far as it is known
  std::size_t head_size = 0;  // bytes in front of the payload
  std::size_t size = 0;       // all of it; of an elided append, so far as it is known
};

class unit_scanner {
 public:
  unit_scanner(wire_format w, const wire_limits& l) : format_(w), limits_(l) {}
  // Looks at the unit that begins at in[0], which is the stream's byte `at`; the same unit as last time, unless next()
  // was called. Answers how many bytes of the unit must be there before more can be said: not more than in.size() when
  // the unit is known to its end. A frame's head is known as soon as its payload is what is missing (head_size != 0).
  // Errors: those of read_head(); payload_too_large, too_many_entries, unknown_type.
  result<std::size_t> scan(bytes_view in, std::uint64_t at, unit& out) {
    if (!has_frames(format_)) [[unlikely]]
      return scan_etcd(in, at, out);
    if (format_ == wire_format::compat && read_plain_head(in, limits_, out.head)) [[likely]] {
      out.kind = unit_kind::frame;
      out.head_size = kPlainHead;
      return out.size = kPlainHead + out.head.payload_length;
    }
    if (format_ == wire_format::native && read_plain_native_head(in, limits_, out.head)) [[likely]] {
      out.kind = unit_kind::frame;
      out.head_size = kNativeHead;
      return out.size = kNativeHead + out.head.payload_length;
    }
    const auto r = read_head(framing_of(format_), in, limits_, at, out.head);
    if (!r) [[unlikely]]
      return r.error();
    if (r->needs != 0) return r->needs;
    out.kind = unit_kind::frame;
    out.head_size = r->size;
    return out.size = r->size + out.head.payload_length;
  }
  // The unit is done with.
  void next() {
    position_ = 0;
    entries_left_ = 0;
  }
  const wire_limits& limit() const { return limits_; }  // VALID UNTIL: the scanner is destroyed
  wire_format format() const { return format_; }

 private:
  result<std::size_t> scan_etcd(bytes_view in, std::uint64_t at, unit& out);
  result<std::size_t> scan_sized(bytes_view in, std::uint64_t at, std::size_t prefix, unit& out);
  result<std::size_t> scan_append(bytes_view in, std::uint64_t at, unit& out);
  result<std::size_t> scan_elided(bytes_view in, std::uint64_t at, unit& out);

  wire_format format_;
  wire_limits limits_;
  std::size_t position_ = 0;        // of an elided append: scanned so far
  std::uint64_t entries_left_ = 0;  // of it
};

}  // namespace copycost::raft
