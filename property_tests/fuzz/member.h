// SPDX-License-Identifier: Apache-2.0
//
// One design's end of a connection: the stream through its real inbox, everything that the contract promises checked on
// the way, and what was seen in a journal that is compared with those of other designs and other cuts.
//
//   bytes --cut--> inbox --next()--> unit --message()--> message --note--> seen()     what a reader sees
//                                                          |   '--encode-> again()    the same, sent once more
//                                       the latest three are kept, and looked at again
//
// Lifetime: keeps its context and its memory from input to input. Not thread-safe.
#pragma once
#include <array>

#include "impls/raft/common/inbox.h"
#include "property_tests/fuzz/arriving.h"
#include "property_tests/fuzz/designs.h"
#include "property_tests/fuzz/plan.h"
#include "property_tests/fuzz/recode.h"
#include "property_tests/fuzz/second_opinion.h"
#include "scenarios/common/crc32c.h"

namespace copycost::raft::fuzz {

// Enough of one stream: all readers stop behind the same unit.
inline constexpr std::size_t kUnitsMax = 128;
// The most that an inbox may have taken when it held so many bytes that were not done with.
inline std::size_t room_allowed(std::size_t held, const inbox_options& o) {
  // The largest that can be waited for, and a read.
  const std::size_t unit = 64 + o.limit.payload + o.limit.header + kReadMin;
  return std::max({kFirstRoom, held + kReadMin, std::min(held * kRoomFactor, unit)});
}

// The most that a batch may keep of what came, messages that were refused included: rooms, and lists of entries, which
// take two bytes each on the wire and some sixty in memory.
inline std::size_t kept_allowed(std::size_t came) { return 3 * kFirstRoom + 64 * came; }

class member {
 public:
  explicit member(const tested& t) : design_(*t.design), may_poison_(t.may_poison), context_(design_.context()) {}
  // REQUIRES: the plan outlives the run. `opinion`: asked about every message, or null.
  void run(const plan& p, cutting mode, const arriving& in, second_opinion* opinion, bool says_again) {
    plan_ = &p;
    in_ = in;
    opinion_ = opinion;
    seen_.clear();
    said_.clear();
    again_.clear();
    mute_ = !says_again;
    fed_ = end_ = most_ = units_ = 0;
    piece_bytes_ = piece_crc_ = 0;
    const unsigned below = p.seed % 5;
    any_encoder encoder(context_, {.format = p.options.format,
                                   .limit = p.options.limit,
                                   .copy_below = below == 0   ? 0u
                                                 : below == 1 ? 16u
                                                              : 4096u,
                                   .from = p.options.from,
                                   .to = p.options.to});
    encoder_ = &encoder;
    {
      any_inbox inbox(context_, p.options);
      receive(inbox, cutter(p, mode, in_.size()));
    }
    forget();
  }
  const journal& seen() const { return seen_; }    // units, messages, and the error or the end
  const journal& said() const { return said_; }    // what was encoded into again()
  const journal& again() const { return again_; }  // a stream

 private:
  struct kept {
    any_message there;
    any_bytes owner;
    journal encoded, payload;
    void forget() {
      there.clear();
      owner = {};
      encoded.clear();
      payload.clear();
    }
  };

  void receive(any_inbox& inbox, cutter cut) {
    while (drain(inbox)) {
      if (fed_ == in_.size()) return ended(inbox);
      const auto room = roomy(inbox);
      const std::size_t n = in_.put(room, fed_, cut.next(fed_), may_poison_);
      inbox.wrote(n);
      fed_ += n;
    }
  }
  std::span<std::byte> roomy(any_inbox& inbox) {
    const auto room = inbox.space();
    FUZZ_CHECK(room.ok() && !room.value().empty(), "no room");
    most_ = std::max(most_, room_allowed(fed_ - inbox.position(), plan_->options));
    FUZZ_CHECK(inbox.reserved_bytes() <= most_, "more room than what has arrived allows");
    return room.value();
  }
  void ended(any_inbox& inbox) {
    const auto end = inbox.ended();
    if (end)
      FUZZ_CHECK(inbox.position() == fed_, "a good end, and bytes are left");
    else
      FUZZ_CHECK(end.error().code == errc::truncated && end.error().at <= fed_, "an end that is no truncation");
    note_pieces();
    seen_.note(inbox.position());
    seen_.note(end ? error{} : end.error());
  }

  // Everything that has arrived. False: the stream is wrong.
  bool drain(any_inbox& inbox) {
    for (;;) {
      const std::uint64_t before = inbox.position();
      const auto a = inbox.next();
      FUZZ_CHECK(inbox.position() >= before && inbox.position() <= fed_, "a position out of order");
      if (!a.ok()) return failed(inbox, a.error());
      if (a.value().what == arrival::none) {
        FUZZ_CHECK(a.value().needs != 0, "waits for nothing");
        if (piece_bytes_ == 0) claims_are_within_limits(inbox);
        return true;
      }
      if (a.value().what == arrival::piece)
        piece_came(a.value());
      else
        unit_came(inbox, a.value());
      if (a.value().last && ++units_ == kUnitsMax) return false;
      if (plan_->applied_every != 0 && units_ % plan_->applied_every == 0) {
        roomy(inbox);  // the unit is not in use any more
        forget();
      }
    }
  }
  void claims_are_within_limits(const any_inbox& inbox) {
    if (has_frames(plan_->options.format) && inbox.position() != end_) return;  // the head is done with: pieces follow
    const auto at = static_cast<std::size_t>(inbox.position());
    FUZZ_CHECK(may_wait(plan_->options, in_, at, fed_ - at), "waits for more than the limits allow");
  }
  bool failed(any_inbox& inbox, const error& e) {
    FUZZ_CHECK(e.at <= fed_, "an error behind what has come");
    const auto again = inbox.next();
    FUZZ_CHECK(!again && again.error() == e && !inbox.ended(), "an error that does not stay");
    note_pieces();
    seen_.note(e);
    return false;
  }

  void piece_came(const arrived& a) {
    const wire_limits& l = plan_->options.limit;
    FUZZ_CHECK(a.offset == piece_bytes_ && !a.payload.empty(), "pieces out of order");
    FUZZ_CHECK(a.head.payload_length <= std::max(l.streamed, l.payload), "pieces of more than is allowed");
    if (piece_bytes_ == 0) {
      note_head(seen_, a);
      seen_.note(a.head.payload_crc);
      in_order(a);
      end_ += a.head.payload_length;
    }
    is_of_stream(a.payload, end_ - a.head.payload_length + a.offset);
    piece_crc_ = crc32c(piece_crc_, a.payload);
    piece_bytes_ += a.payload.size();
    FUZZ_CHECK(a.last == (piece_bytes_ == a.head.payload_length), "a last piece that is not the last");
    if (a.last) note_pieces();
  }
  void note_pieces() {
    if (piece_bytes_ != 0) {
      seen_.note(piece_bytes_);
      seen_.note(piece_crc_);
    }
    piece_bytes_ = piece_crc_ = 0;
  }

  void unit_came(any_inbox& inbox, const arrived& a) {
    FUZZ_CHECK(a.payload.size() <= plan_->options.limit.payload, "a payload over the limit");
    FUZZ_CHECK(!has_frames(plan_->options.format) || a.payload.size() == a.head.payload_length,
               "a payload of another size");
    in_order(a);
    is_of_stream(a.payload, end_);
    const std::uint64_t payload_at = end_;
    end_ += a.payload.size();
    note_head(seen_, a);
    seen_.note(a.head.payload_crc);
    kept& k = kept_[units_ % kept_.size()];
    look_again(k);
    k.forget();
    if (a.is_message()) return message_came(inbox, a, payload_at, k);
    seen_.note(a.payload);
    auto owner = inbox.payload();
    FUZZ_CHECK(owner.ok(), "no owner");
    k.owner = std::move(owner).value();
    k.payload.note(a.payload);
    say_frame(a);
  }
  // Units follow each other without a gap, and the head is as long as its bytes say. Moves end_ behind the head.
  void in_order(const arrived& a) {
    FUZZ_CHECK(a.at == end_, "a unit that does not begin where the last one ended");
    end_ += head_bytes(plan_->options.format, a, in_);
    FUZZ_CHECK(end_ + a.payload.size() <= fed_, "more than has come");
  }
  void is_of_stream(bytes_view payload, std::uint64_t at) {
    if (payload.empty()) return;
    std::byte* const same = scratch_.room(payload.size());
    in_.fill(same, static_cast<std::size_t>(at), payload.size());
    FUZZ_CHECK(std::memcmp(same, payload.data(), payload.size()) == 0, "other bytes than those that came");
  }

  void message_came(any_inbox& inbox, const arrived& a, std::uint64_t at, kept& k) {
    const auto ok = inbox.message(k.there);
    const message_view& m = k.there.view();
    if (opinion_ != nullptr) opinion_->compare(plan_->options, a, at, ok, m);
    if (!ok) {
      FUZZ_CHECK(m.entries.empty() && m.unknown.empty() && m.head == message_head{}, "half a message");
      seen_.note(ok.error());
      const auto all = inbox.payload();
      FUZZ_CHECK(all.ok() && all.value().retained_bytes() <= kept_allowed(fed_),
                 "more memory kept than what has arrived allows");
      return;
    }
    FUZZ_CHECK(m.entries.size() <= plan_->options.limit.entries, "more entries than allowed");
    if (design_.zero_copy())
      FUZZ_CHECK(inside(m, a.payload), "a view of other bytes than the unit's");
    else
      FUZZ_CHECK(close_together(m, a.payload.size()), "views that lie further apart than the unit's bytes");
    k.encoded.note(note_encoded(m, seen_));
    if (!m.entries.empty()) share(k, units_ % m.entries.size());
    say_message(a, m);
  }
  // An owner of one entry's data alone shows the same bytes, also when it keeps no more than them.
  void share(kept& k, std::size_t i) {
    auto data = k.there.share_data(i);
    FUZZ_CHECK(data.ok(), "no share");
    k.owner = std::move(data).value();
    k.payload.note(k.there.view().entries[i].data);
    if ((plan_->seed & 1) != 0) FUZZ_CHECK(k.owner.compact().ok(), "no compaction");
    FUZZ_CHECK(k.owner.view().size() == k.payload.size(), "a share of another size");
  }
  // What was kept is still what it was.
  void look_again(kept& k) {
    if (k.encoded.size() != 0) {
      scratch_.clear();
      FUZZ_CHECK(same_bytes(note_encoded(k.there.view(), scratch_), k.encoded.view()), "a kept message has changed");
    }
    FUZZ_CHECK(same_bytes(k.owner.view(), k.payload.view()), "kept bytes have changed");
  }
  void forget() {
    for (kept& k : kept_) {
      look_again(k);
      k.forget();
    }
    context_.applied();
  }

  // Sends what came once more, and notes what the reader of that must see.
  void say_message(const arrived& a, const message_view& m) {
    if (mute_) return;
    const bool append = plan_->options.format == wire_format::etcd_append;
    const request_id* const id = a.kind == unit_kind::frame && a.head.has_id() ? &a.head.id : nullptr;
    const auto ok = encoder_->message(m, frame_, id);
    FUZZ_CHECK(ok.ok() || append, "what was decoded cannot be encoded");
    // A full message that is no append, or a larger one now: the encoder's term and index went another way.
    mute_ = !ok;
    if (mute_) return;
    note_encoded(append ? without_fields(m) : m, said_);
    note_frame();
  }
  void say_frame(const arrived& a) {
    if (mute_) return;
    if (a.kind == unit_kind::link_heartbeat) {
      message_view m;
      m.head.type = message_type::heartbeat;
      m.head.has = fields_of(dialect::etcd, m);
      FUZZ_CHECK(encoder_->message(m, frame_, nullptr).ok(), "no link heartbeat");
      note_encoded(m, said_);  // a full message may say no more than that, and comes back as one
    } else {
      FUZZ_CHECK(encoder_->frame(a.head, a.payload, frame_).ok(), "what was decoded cannot be encoded");
      note_head(said_, a, false);
    }
    said_.note(a.payload);
    note_frame();
  }
  void note_frame() {
    std::size_t sum = 0;
    for (const iovec& part : frame_.parts()) {
      FUZZ_CHECK(part.iov_len != 0, "an empty part");
      again_.note({static_cast<const std::byte*>(part.iov_base), part.iov_len});
      sum += part.iov_len;
    }
    FUZZ_CHECK(sum == frame_.size(), "a frame of another size than its parts");
  }

  facade& design_;
  const bool may_poison_;
  any_context context_;
  any_frame frame_;
  std::array<kept, 3> kept_;
  journal seen_, said_, again_, scratch_;
  const plan* plan_ = nullptr;
  arriving in_{{}, 0};
  second_opinion* opinion_ = nullptr;
  any_encoder* encoder_ = nullptr;
  bool mute_ = true;
  std::size_t fed_ = 0, end_ = 0, most_ = 0, units_ = 0;  // end_: of the latest unit; most_: room that was allowed
  std::uint64_t piece_bytes_ = 0;
  std::uint32_t piece_crc_ = 0;
};

}  // namespace copycost::raft::fuzz
