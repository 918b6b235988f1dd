// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/laws/feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace copycost::raft::properties {
namespace {

std::string text_of(const std::optional<error>& e) { return e ? to_string(*e) : "no error"; }

std::string unit_differs(const met_unit& a, const met_unit& b) {
  const oracle::model_unit &u = a.unit, &v = b.unit;
  if (u.at != v.at) return fmt::format("begins at byte {}, expected {}", u.at, v.at);
  if (u.kind != v.kind) return "is of another kind";
  if (!(u.head == v.head))
    return fmt::format("its head differs (type {}, {}; payload {}, {})", static_cast<int>(u.head.type),
                       static_cast<int>(v.head.type), u.head.payload_length, v.head.payload_length);
  if (u.payload != v.payload) return "its payload differs";
  if (a.in_pieces != b.in_pieces) return a.in_pieces ? "comes in pieces" : "does not come in pieces";
  if (a.bad != b.bad) return fmt::format("{}, expected {}", text_of(a.bad), text_of(b.bad));
  if (a.message.has_value() != b.message.has_value()) return "is a message for only one of them";
  return a.message ? difference(model_view(*a.message).view(), *b.message) : std::string();
}

struct kept_message {
  any_message message;
  model_message said;
};
struct kept_bytes {
  any_bytes bytes;
  byte_string said;
};

class feeder {
 public:
  feeder(facade& f, any_context& x, const inbox_options& o, bytes_view bytes, const feeding& how)
      : facade_(f), context_(x), options_(o), bytes_(bytes), how_(how), random_(how.how.seed), inbox_(x, o) {}

  met run() {
    while (drain() && came_ < bytes_.size()) give();
    if (!met_.wrong) {
      const auto ok = inbox_.ended();
      if (!ok)
        met_.wrong = ok.error();
      else
        RC_ASSERT(inbox_.position() == bytes_.size());
    } else {
      stays_wrong();
    }
    look_again();
    return std::move(met_);
  }

 private:
  void give() {
    const std::span<std::byte> room = must(inbox_.space());
    RC_ASSERT(!room.empty());
    check_room();
    std::size_t n = std::min<std::size_t>(room.size(), bytes_.size() - came_);
    const std::size_t size = how_.how.size;
    if (size == cuts::kRandom)
      n = std::min(n,
                   static_cast<std::size_t>(random_.below(3) == 0 ? random_.between(1, 30) : random_.between(1, 3000)));
    else if (size != cuts::kWhole)
      n = std::min(n, size);
    std::memcpy(room.data(), bytes_.data() + came_, n);
    inbox_.wrote(n);
    came_ += n;
    check_room();
    if (how_.applies && facade_.batches() && random_.below(4) == 0) end_batch();
  }

  // Takes all that is there; false: the stream is wrong.
  bool drain() {
    for (;;) {
      const auto a = inbox_.next();
      check_room();
      if (!a) {
        met_.wrong = a.error();
        return false;
      }
      arrived got = *const_cast<result<arrived>&>(a);
      if (got.what == arrival::none) {
        const std::uint64_t begins = inbox_.position();
        RC_ASSERT(begins <= came_);
        RC_ASSERT(got.needs > came_ - begins);
        // No head but that of a frame which comes in pieces.
        const std::size_t length = got.head.payload_length;
        RC_ASSERT((length == 0 || (has_frames(options_.format) && length > options_.stream_above)));
        return true;
      }
      if (got.what == arrival::piece)
        take_piece(got);
      else
        take_unit(got);
    }
  }

  void take_unit(const arrived& a) {
    met_unit& u = met_.units.emplace_back();
    u.unit.kind = a.kind;
    u.unit.head = a.head;
    u.unit.at = a.at;
    u.unit.payload.assign(a.payload.begin(), a.payload.end());
    RC_ASSERT(a.at == inbox_.position());
    RC_ASSERT(a.is_message() == u.unit.is_message());
    if (a.is_message()) {
      const auto ok = inbox_.message(message_);  // in the memory of the one before
      if (ok) {
        u.message = model_of(message_.view());
        if (how_.keep) {
          messages_.push_back({std::move(message_), *u.message});
          message_ = {};
        }
      } else {
        u.bad = ok.error();
        no_difference(raft::difference(message_.view(), {}));
      }
    }
    if (how_.keep && (!u.bad || has_frames(options_.format))) keep_payload(u.unit.payload);
  }

  void take_piece(const arrived& a) {
    RC_ASSERT(!a.payload.empty());
    RC_ASSERT(a.kind == unit_kind::frame);
    RC_ASSERT(!a.is_message());
    if (a.offset == 0) {
      met_unit& fresh = met_.units.emplace_back();
      fresh.in_pieces = true;
      fresh.unit.head = a.head;
      fresh.unit.at = a.at;
    }
    met_unit& u = met_.units.back();
    RC_ASSERT(u.in_pieces);
    RC_ASSERT(u.unit.at == a.at);
    RC_ASSERT(u.unit.payload.size() == a.offset);
    RC_ASSERT(u.unit.head == a.head);
    u.unit.payload.insert(u.unit.payload.end(), a.payload.begin(), a.payload.end());
    RC_ASSERT(a.last == (u.unit.payload.size() == a.head.payload_length));
    if (how_.keep) keep_payload({a.payload.begin(), a.payload.end()});
  }

  void keep_payload(const byte_string& said) {
    any_bytes b = must(inbox_.payload());
    RC_ASSERT(same_bytes(b.view(), said));
    RC_ASSERT(b.retained_bytes() >= said.size());
    payloads_.push_back({std::move(b), said});
  }

  // What was kept is what it was.
  void look_again() {
    for (const kept_message& k : messages_) no_difference(raft::difference(k.message.view(), k.said));
    for (const kept_bytes& k : payloads_) RC_ASSERT(same_bytes(k.bytes.view(), k.said));
  }
  void end_batch() {
    look_again();
    messages_.clear();
    payloads_.clear();
    message_.clear();
    context_.applied();
    check_room();
  }

  // An error stays, whatever comes.
  void stays_wrong() {
    for (int i = 0; i < 2; ++i) {
      const auto again = inbox_.next();
      RC_ASSERT(!again.ok());
      RC_ASSERT(again.error() == *met_.wrong);
      const auto ended = inbox_.ended();
      RC_ASSERT(!ended.ok());
      RC_ASSERT(ended.error() == *met_.wrong);
      const auto room = inbox_.space();
      if (!room) return;
      (*const_cast<result<std::span<std::byte>>&>(room))[0] = std::byte{0};
      inbox_.wrote(1);
      ++came_;
      check_room();
    }
  }
  void check_room() const {
    if (!facade_.trusts_lengths()) RC_ASSERT(inbox_.reserved_bytes() <= room_allowed(options_, came_));
  }

  const facade& facade_;
  any_context& context_;
  inbox_options options_;
  bytes_view bytes_;
  feeding how_;
  rng random_;
  any_inbox inbox_;
  std::size_t came_ = 0;
  met met_;
  any_message message_;
  std::vector<kept_message> messages_;
  std::vector<kept_bytes> payloads_;
};

}  // namespace

cuts draw_cuts() {
  const std::vector<cuts> all = all_cuts(draw_number("cuts seed", 0, 9999));
  return all[static_cast<std::size_t>(draw_number("cuts", 0, all.size() - 1))];
}
std::vector<cuts> all_cuts(std::uint64_t seed) {
  return {{cuts::kWhole, seed}, {cuts::kRandom, seed}, {16 * kKiB, seed}, {1460, seed}, {1, seed}};
}

std::string difference(const met& got, const met& expected) {
  const std::size_t both = std::min(got.units.size(), expected.units.size());
  for (std::size_t i = 0; i < both; ++i)
    if (const std::string d = unit_differs(got.units[i], expected.units[i]); !d.empty())
      return fmt::format("unit {}: {}", i, d);
  if (got.units.size() != expected.units.size())
    return fmt::format("{} units ({}), expected {} ({})", got.units.size(), text_of(got.wrong), expected.units.size(),
                       text_of(expected.wrong));
  if (got.wrong == expected.wrong) return {};
  return fmt::format("ends with '{}', expected '{}'", text_of(got.wrong), text_of(expected.wrong));
}

met expected_of(const inbox_options& o, bytes_view bytes) {
  met all;
  oracle::model_reader reader(o);
  for (std::uint64_t at = 0; !all.wrong;) {
    auto next = reader.next(bytes, at);
    if (!next) {
      all.wrong = next.error();
      break;
    }
    if (!next.value()) break;
    met_unit u;
    u.unit = std::move(*next.value());
    at += u.unit.size;
    u.in_pieces = has_frames(o.format) && u.unit.payload.size() > o.stream_above;
    if (u.unit.is_message() && !u.in_pieces) {
      auto m = reader.message(u.unit);
      if (m)
        u.message = std::move(m).value();
      else
        u.bad = m.error();
      if (u.bad && o.format == wire_format::etcd_append) all.wrong = u.bad;  // what follows leans on it
    }
    all.units.push_back(std::move(u));
  }
  return all;
}

met feed(facade& f, any_context& x, const inbox_options& o, bytes_view bytes, const feeding& how) {
  return feeder(f, x, o, bytes, how).run();
}

void check_feed(facade& f, const inbox_options& o, bytes_view bytes, const feeding& how) {
  any_context x(f.context());
  met got = feed(f, x, o, bytes, how);
  met expected = expected_of(o, bytes);
  // Of a payload that comes in pieces, those that came are there when the rest cannot be.
  if (got.wrong && !got.units.empty() && got.units.size() == expected.units.size() + 1 && got.units.back().in_pieces) {
    RC_ASSERT(got.units.back().unit.payload.size() < got.units.back().unit.head.payload_length);
    got.units.pop_back();
  }
  // A parser that reads more than the contract's says what it likes of what should have been refused.
  for (std::size_t i = 0; f.accepts_more() && i < std::min(got.units.size(), expected.units.size()); ++i)
    if (expected.units[i].bad && !got.units[i].bad) {
      expected.units[i].bad.reset();
      expected.units[i].message = got.units[i].message;
    }
  no_difference(difference(got, expected));
}

std::uint64_t room_allowed(const inbox_options& o, std::uint64_t came) {
  const std::size_t whole = std::min(o.limit.payload, has_frames(o.format) ? o.stream_above : o.limit.payload);
  const std::uint64_t unit = whole + std::max<std::size_t>(o.limit.header + 4, kHeadBytesMax), one_read = 4 * kKiB;
  return std::max<std::uint64_t>(kFirstRoom, std::min<std::uint64_t>(kRoomFactor * came, unit + one_read));
}

}  // namespace copycost::raft::properties
