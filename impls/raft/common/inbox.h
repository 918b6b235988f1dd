// SPDX-License-Identifier: Apache-2.0
//
// The receiving end that all designs of ours share: where units begin and end, pieces of large ones, checksums, and how
// much room the next bytes get. The design decides where the bytes lie and who keeps them:
//
//   Room   held():     the bytes that have come and are not consumed, in one piece
//          reserve(n): room so that n bytes from held()'s first one on lie in one piece; may move them. COPIES: held()
//          space(), filled(n), consumed(n), reserved_bytes()
//          begin(message), if it has that: before a message is parsed; abandon(message): it was refused
//          keep(payload, message): makes a parsed message independent of the inbox; own(payload): an owner
//
// Lifetime: one direction of one connection's.
// Threads: one at a time.
// Cost: some nanoseconds a unit beside the parsing; no allocation but the Room's.
#pragma once
#include <algorithm>
#include <optional>

#include "scenarios/common/crc32c.h"
#include "scenarios/raft/contract.h"

namespace copycost::raft {

// Where a unit lies, for limits of the room: never less than this for one read.
inline constexpr std::size_t kReadMin = 4 * kKiB;

template <class Room, class Message, class Bytes>
class basic_inbox {
 public:
  template <class Context>
  basic_inbox(Context& context, const inbox_options& o)
      : room_(context), options_(o), scanner_(o.format, scanned(o)), append_{.from = o.from, .to = o.to} {}

  // VALID UNTIL: the next call.
  result<std::span<std::byte>> space() {
    settle();
    const std::size_t held = room_.held().size();
    const std::size_t missing = needs_ > held ? needs_ - held : 0;  // of the unit that has begun
    const bool may_have_all = held * kRoomFactor >= needs_;
    // Room is made when it ends, and once more when so much has come that all of the unit may have room: bytes that
    // come one by one move as seldom as those that come at once.
    const std::size_t wanted = missing == 0 ? kReadMin : may_have_all ? missing : std::min(missing, kReadMin);
    if (room_.space().size() >= wanted) return room_.space();
    const std::size_t room =
        missing == 0 ? held + kReadMin : std::min(needs_ + kReadMin, std::max(kFirstRoom, held * kRoomFactor));
    if (auto ok = room_.reserve(room); !ok) return ok.error();
    return room_.space();
  }
  void wrote(std::size_t n) { room_.filled(n); }

  result<arrived> next() {
    if (failed_) return *failed_;
    settle();
    if (piece_left_ != 0) return next_piece();
    const bytes_view held = room_.held();
    result<arrived> out(std::in_place);  // filled where it is: copying what was just written is slow
    arrived& a = out.value();
    auto needs = scanner_.scan(held, at_, a);
    if (!needs) return fail(needs.error());
    needs_ = *needs;
    if (a.head_size != 0 && has_frames(options_.format)) {
      const std::size_t length = a.head.payload_length;
      if (length > options_.stream_above) return begin_pieces(a);
      if (length > options_.limit.payload)
        return fail({errc::payload_too_large, at_ + length_place(framing_of(options_.format), a.head),
                     options_.limit.payload, length});
    }
    if (needs_ > held.size()) {
      a = {};  // a caller that sees a head here takes it for that of a frame in pieces
      a.needs = needs_;
      return out;
    }
    kind_ = a.kind;
    head_size_ = a.head_size;
    current_ = a.size;
    a.what = arrival::unit;
    a.payload = held.subspan(a.head_size, a.size - a.head_size);
    a.at = at_;
    if (options_.format == wire_format::native)
      if (auto ok = check(a); !ok) {
        current_ = 0;
        return fail(ok.error());
      }
    return out;
  }

  result<void> message(Message& out) {
    COPYCOST_ASSERT(current_ != 0 && kind_ != unit_kind::link_heartbeat);
    out.clear();
    if constexpr (requires { room_.begin(out); }) room_.begin(out);
    auto ok = parse(out);
    if (ok) ok = room_.keep(payload_of_unit(), out);
    if (ok) return ok;
    if constexpr (requires { room_.abandon(out); }) room_.abandon(out);
    out.clear();
    if (options_.format == wire_format::etcd_append) failed_ = ok.error();  // what follows leaned on this one
    return ok;
  }
  result<Bytes> payload() { return room_.own(piece_.empty() ? payload_of_unit() : piece_); }

  // REQUIRES: next() has answered all that there is.
  result<void> ended() const {
    if (failed_) return *failed_;
    const std::size_t there = room_.held().size() - current_ - piece_.size();
    if (there == 0 && piece_left_ == piece_.size()) return {};
    if (piece_left_ == 0) return error{errc::truncated, at_ + current_, std::max(needs_, there + 1), there};
    const std::uint64_t done = pieces_of_.size - piece_left_;  // of the unit, before the piece that was shown last
    return error{errc::truncated, at_ - done, pieces_of_.size, done + piece_.size()};
  }
  std::uint64_t reserved_bytes() const { return room_.reserved_bytes(); }
  std::uint64_t position() const { return at_; }

 private:
  // What the scanner allows: payloads that become pieces may be larger than what is kept whole.
  static wire_limits scanned(const inbox_options& o) {
    wire_limits l = o.limit;
    if (has_frames(o.format) && o.stream_above < o.limit.streamed) l.payload = std::max(l.payload, l.streamed);
    return l;
  }
  error fail(const error& e) { return failed_.emplace(e); }

  // The unit or piece that was shown last is done with.
  void settle() {
    if (current_ != 0) {
      room_.consumed(current_);
      at_ += current_;
      current_ = 0;
      needs_ = 0;
      scanner_.next();
    } else if (!piece_.empty()) {
      room_.consumed(piece_.size());
      at_ += piece_.size();
      piece_left_ -= piece_.size();
      piece_ = {};
    }
  }

  // VALID UNTIL: the room changes.
  bytes_view payload_of_unit() const { return room_.held().subspan(head_size_, current_ - head_size_); }

  // The checksum of a whole unit.
  result<void> check(const arrived& a) const {
    const std::uint32_t crc = a.payload.empty() ? 0 : crc32c(0, a.payload);
    if (kChecksumsCount && crc != a.head.payload_crc)
      return error{errc::checksum_mismatch, at_, a.head.payload_crc, crc};
    return {};
  }

  result<void> parse(Message& out) {
    const std::uint64_t at = at_ + head_size_;
    if (kind_ == unit_kind::elided) {
      auto ok = parse_elided(payload_of_unit(), at, options_.limit, append_, out.parts(), out.entries());
      if (ok) append_.passed_elided(out.entries().size());
      return ok;
    }
    auto ok = parse_message(payload_of_unit(), at, options_.limit, out.parts(), out.entries());
    if (ok && options_.format == wire_format::etcd_append)
      append_.passed_full(out.parts().view.head, out.entries().view());
    return ok;
  }

  result<arrived> begin_pieces(const unit& u) {
    pieces_of_ = u;
    room_.consumed(u.head_size);
    at_ += u.head_size;
    piece_left_ = u.head.payload_length;
    crc_ = 0;
    needs_ = 0;
    return next_piece();
  }
  result<arrived> next_piece() {
    const bytes_view held = room_.held();
    piece_ = held.first(std::min<std::size_t>(held.size(), static_cast<std::size_t>(piece_left_)));
    arrived a;
    static_cast<unit&>(a) = pieces_of_;
    a.offset = a.head.payload_length - piece_left_;
    a.at = at_ - a.offset - a.head_size;
    a.last = piece_.size() == piece_left_;
    if (piece_.empty()) {
      a.needs = 1;
      return a;
    }
    if (options_.format == wire_format::native) {
      crc_ = crc32c(crc_, piece_);
      if (kChecksumsCount && a.last && crc_ != a.head.payload_crc)
        return fail({errc::checksum_mismatch, a.at, a.head.payload_crc, crc_});
    }
    a.what = arrival::piece;
    a.payload = piece_;
    return a;
  }

  Room room_;
  inbox_options options_;
  unit_scanner scanner_;
  append_state append_;
  unit pieces_of_;                     // the frame whose payload comes in pieces
  std::uint64_t at_ = 0;               // the stream's byte that held() begins with
  unit_kind kind_ = unit_kind::frame;  // of the unit that was shown last
  std::size_t head_size_ = 0;          // of it
  std::size_t needs_ = 0;              // bytes of the unit that must be there
  std::size_t current_ = 0;            // of the unit that was shown last
  std::uint64_t piece_left_ = 0;       // of a payload that comes in pieces, the one that was shown last included
  bytes_view piece_;                   // that was shown last
  std::uint32_t crc_ = 0;              // of the pieces
  std::optional<error> failed_;
};

}  // namespace copycost::raft
