// SPDX-License-Identifier: Apache-2.0
// Laws about input from an enemy: a typed error at its place or what the bytes say, and never more memory than has been
// paid for (feed() asserts that at every step).
#include <algorithm>

#include "harness/judge/drawn.h"
#include "harness/ledger/hooks/hooks.h"
#include "scenarios/common/crc32c.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/raft/laws/feed.h"

namespace copycost::raft::properties {
namespace {

// Limits that drawn streams come near to.
inbox_options near_limits(inbox_options o, rng& random) {
  if (random.below(2) == 0) o.limit.payload = some_size(random, 600);
  if (random.below(3) == 0) o.limit.entries = static_cast<std::size_t>(random.below(4));
  if (random.below(3) == 0) o.limit.header = static_cast<std::size_t>(random.between(8, 40));
  if (has_frames(o.format) && random.below(4) == 0) o.stream_above = some_size(random, 300);
  return o;
}

void spoil(byte_string& bytes, rng& random) {
  if (bytes.empty()) return;
  const auto at = static_cast<std::size_t>(
      random.below(random.below(3) == 0 ? std::min<std::size_t>(bytes.size(), 40) : bytes.size()));
  const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  const auto rest = static_cast<std::ptrdiff_t>(random.below(std::min<std::size_t>(bytes.size() - at, 12) + 1));
  constexpr unsigned kValues[] = {0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x3A, 0x4A};
  switch (random.below(5)) {
    case 0:
      *place ^= static_cast<std::byte>(1u << random.below(8));
      break;
    case 1:
      *place = static_cast<std::byte>(kValues[random.below(std::size(kValues))]);
      break;
    case 2:
      bytes.erase(place, place + rest);
      break;
    case 3: {
      const byte_string twice(place, place + rest);
      bytes.insert(place, twice.begin(), twice.end());
      break;
    }
    default:
      std::fill(place, place + rest, static_cast<std::byte>(kValues[random.below(std::size(kValues))]));
  }
}

// Bytes as the payload of a unit that carries a message.
byte_string wrapped(wire_format w, const byte_string& payload) {
  if (has_frames(w)) return oracle::frame(framing_of(w), {}, payload);
  byte_string out(w == wire_format::etcd_append ? 9 : 8);
  if (out.size() == 9) out[0] = kFull;
  store_big(out.data() + out.size() - 8, payload.size());
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

void random_bytes_give_what_they_say(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_format(*f);
  rng random = draw_rng("bytes");
  byte_string bytes = random_bytes(static_cast<std::size_t>(draw_number("size", 0, 600)), random);
  if (draw_bool("in a unit")) {
    bytes = wrapped(format, bytes);
  } else if (draw_bool("of few values")) {
    for (std::byte& b : bytes) b &= std::byte{3};
  }
  check_feed(*f, near_limits({.format = format}, random), bytes, {.how = draw_cuts(), .keep = true});
}

void spoilt_streams_give_what_they_say(facade_maker make) {
  const auto f = design_of<facade>(make);
  drawn_stream s = draw_stream(*f, 4);
  rng random = draw_rng("spoil");
  for (std::uint64_t n = draw_number("changes", 1, 4); n != 0; --n) spoil(s.bytes, random);
  check_feed(*f, near_limits(s.in, random), s.bytes, {.how = draw_cuts(), .keep = true});
}

// The message alone is damaged, and its unit is right: nothing in front of the parser notices.
void spoilt_messages_give_what_they_say(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_format(*f);
  rng random = draw_rng("messages");
  byte_string bytes;
  const std::uint64_t changes = draw_number("changes", 1, 3);
  for (std::uint64_t n = draw_number("messages", 1, 4); n != 0; --n) {
    byte_string payload = oracle::encode(some_message(random, {.entries = 4, .bytes = 60}));
    for (std::uint64_t i = 0; i < changes; ++i) spoil(payload, random);
    const byte_string unit = wrapped(format, payload);
    bytes.insert(bytes.end(), unit.begin(), unit.end());
  }
  check_feed(*f, near_limits({.format = format}, random), bytes, {.how = draw_cuts(), .keep = true});
}

// What a length can claim: nothing, a little, all there can be, and around the limits.
std::uint64_t draw_length(const wire_limits& l) {
  const std::uint64_t kLengths[] = {0,          1,
                                    8,          9,
                                    10,         24,
                                    25,         26,
                                    255,        256,
                                    257,        l.payload - 1,
                                    l.payload,  l.payload + 1,
                                    l.entries,  l.entries + 1,
                                    65535,      65536,
                                    100 * kMiB, (1ull << 31) - 1,
                                    1ull << 31, (1ull << 32) - 1,
                                    1ull << 32, (1ull << 63) - 1,
                                    1ull << 63, ~0ull - 8,
                                    ~0ull};
  return kLengths[draw_number("length", 0, std::size(kLengths) - 1)];
}

// A unit of the format in which one length field says `n`, and some bytes behind it.
byte_string claiming(wire_format w, std::uint64_t n, unsigned which, const byte_string& behind) {
  byte_string out;
  const auto big = [&](std::uint64_t v) {
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::byte>(v >> shift & 255));
  };
  if (w == wire_format::native) {  // the head's own checksum is right
    frame_head h;
    h.payload_length = static_cast<std::uint32_t>(n);
    h.flags = static_cast<std::uint8_t>(which % 2);
    out.resize(kHeadBytesMax);
    out.resize(write_head(framing::native, h, out.data()));
  } else if (w == wire_format::compat) {
    frame_head h;
    h.flags = static_cast<std::uint8_t>(which % 2);
    out = oracle::frame(framing::compat, h, {});
    const std::size_t length = which < 2 ? out.size() - 4 : 0;
    for (std::size_t i = 0; i < 4; ++i)
      out[length + i] = static_cast<std::byte>(n >> 8 * (which < 2 ? i : 3 - i) & 255);
  } else if (w == wire_format::etcd_message) {
    big(n);
  } else {
    out.push_back(which < 2 ? kFull : kElided);
    if (which == 3) big(1);
    big(n);
  }
  out.insert(out.end(), behind.begin(), behind.end());
  return out;
}

void lengths_at_their_extremes_are_only_claims(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_format(*f);
  inbox_options o{.format = format};
  if (draw_bool("small limits")) {
    o.limit.payload = 1000;
    o.limit.entries = 10;
  } else if (!f->trusts_lengths() && draw_bool("no limits"))
    o.limit.payload = o.limit.entries = ~std::size_t{0} >> 1;
  rng random = draw_rng("bytes");
  const byte_string behind = random_bytes(static_cast<std::size_t>(draw_number("behind", 0, 1200)), random);
  const byte_string bytes =
      claiming(format, draw_length(o.limit), static_cast<unsigned>(draw_number("field", 0, 3)), behind);
  check_feed(*f, o, bytes, {.how = draw_cuts()});
}

void lengths_inside_of_messages_are_only_claims(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_format(*f);
  constexpr unsigned kTags[] = {0x3A, 0x4A, 0x62, 0x7A, 0x8A};  // entries, snapshot, context, and two that are wrong
  byte_string payload;
  rng random = draw_rng("bytes");
  const byte_string behind = random_bytes(static_cast<std::size_t>(draw_number("behind", 0, 50)), random);
  std::uint64_t n = draw_length({});
  payload.push_back(static_cast<std::byte>(kTags[draw_number("field", 0, std::size(kTags) - 1)]));
  if (payload[0] == std::byte{0x8A}) payload.push_back(std::byte{1});
  for (; n >= 128; n >>= 7) payload.push_back(static_cast<std::byte>(n | 128));
  payload.push_back(static_cast<std::byte>(n));
  payload.insert(payload.end(), behind.begin(), behind.end());
  check_feed(*f, {.format = format}, wrapped(format, payload), {.how = draw_cuts()});
}

// 13 bytes that claim 100 MiB: room for 64 KiB, and no more asked of the allocator than that and an owner.
void a_small_frame_that_claims_much_reserves_little(facade_maker make) {
  const auto f = design_of<facade>(make);
  needs_caution(*f);
  const wire_format format = draw_format(*f);
  inbox_options o{.format = format};
  o.limit.payload = 128 * kMiB;
  byte_string bytes = claiming(format, 100 * kMiB, 0, {});
  const auto more = static_cast<std::size_t>(draw_number("more", 0, 60));
  bytes.resize(bytes.size() + more);
  any_context x(f->context());
  cch_counts before{}, after{};
  if (cch_thread != nullptr) cch_thread(&before);
  any_inbox inbox(x, o);
  for (std::size_t came = 0; came < bytes.size();) {
    const std::span<std::byte> room = must(inbox.space());
    const std::size_t n = std::min({room.size(), bytes.size() - came, std::size_t{13}});
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(came), n, room.begin());
    inbox.wrote(n);
    came += n;
    RC_ASSERT((must(inbox.next()).what == arrival::none));
  }
  (void)must(inbox.space());
  if (cch_thread != nullptr) cch_thread(&after);
  RC_ASSERT(inbox.reserved_bytes() <= 64 * kKiB);
  RC_ASSERT(after.alloc_bytes - before.alloc_bytes <= 64 * kKiB + 4096);
}

// A payload that cannot be a message damages its own unit only, where units stand for themselves.
void a_bad_message_leaves_the_stream_as_it_is(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_format(*f);
  rng random = draw_rng("stream");
  drawn_stream s = some_stream(random, format, draw_number("units behind", 1, 4), {});
  const byte_string bad = wrapped(format, {std::byte{0x08}});
  byte_string bytes = bad;
  bytes.insert(bytes.end(), s.bytes.begin(), s.bytes.end());
  any_context x(f->context());
  const met got = feed(*f, x, s.in, bytes, {.how = draw_cuts()});
  const error expected{errc::malformed_message, bad.size() - 1, 0, 1};
  RC_ASSERT(got.units.at(0).bad.has_value());
  RC_ASSERT((*got.units[0].bad == expected));
  if (format == wire_format::etcd_append) {
    RC_ASSERT(got.units.size() == 1u);
    RC_ASSERT((got.wrong.has_value() && *got.wrong == expected));
  } else {
    RC_ASSERT(!got.wrong.has_value());
    RC_ASSERT(got.units.size() == s.units.size() + 1);
  }
}

constexpr std::string_view kSpoiltBytes[] = {"an empty payload", "a payload", "with an id", "a frame of another type",
                                             "the payload's checksum of an empty payload"};
constexpr std::string_view kWrongChecksums[] = {
    "an empty payload", "a payload of one byte",  "a payload", "in pieces", "with an id",
    "a message",        "a frame of another type"};

// A frame of any type, with an empty payload as often as not.
byte_string draw_native_frame(frame_head& h, rng& random, std::uint32_t spoilt_crc = 0) {
  h.type = static_cast<frame_type>(draw_number("type", 0, kFrameTypes - 1));
  h.flags = static_cast<std::uint8_t>(draw_number("has an id", 0, 1));
  const byte_string id = random_bytes(h.id.bytes.size(), random);
  if (h.has_id()) std::copy(id.begin(), id.end(), h.id.bytes.begin());
  const std::uint64_t how = draw_number("payload", 0, 5);  // none, one byte, more
  const byte_string payload = random_bytes(how < 3 ? 0 : how == 3 ? 1 : 1 + some_size(random, 300), random);
  h.payload_length = static_cast<std::uint32_t>(payload.size());  // fits: at most 301
  h.payload_crc = crc32c(0, payload) ^ spoilt_crc;
  byte_string out(kHeadBytesMax);
  out.resize(write_head(framing::native, h, out.data()));  // its own checksum is right
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

// The checksum of a payload counts whatever there is beside it: no payload, one byte, pieces.
void a_wrong_checksum_of_a_payload_is_told(facade_maker make) {
  const auto f = design_of<facade>(make);
  needs(*f, wire_format::native);
  rng random = draw_rng("frame");
  frame_head h;
  const byte_string bytes = draw_native_frame(h, random, static_cast<std::uint32_t>(draw_number("wrong bits", 1, ~0u)));
  inbox_options o{.format = wire_format::native};
  if (draw_bool("in pieces") && h.payload_length > 1) o.stream_above = h.payload_length / 2;
  drawn("an empty payload", h.payload_length == 0);
  drawn("a payload of one byte", h.payload_length == 1);
  drawn("a payload", h.payload_length > 1);
  drawn("in pieces", o.stream_above < h.payload_length);
  drawn("with an id", h.has_id());
  drawn(h.type == frame_type::raft_message ? "a message" : "a frame of another type");
  check_feed(*f, o, bytes, {.how = draw_cuts()});
  any_context x(f->context());
  const met got = feed(*f, x, o, bytes, {.how = draw_cuts()});
  RC_ASSERT(got.wrong.has_value());
  RC_ASSERT(got.wrong->code == errc::checksum_mismatch);
}

// Every byte of a native frame counts.
void a_changed_byte_of_a_native_frame_is_told(facade_maker make) {
  const auto f = design_of<facade>(make);
  needs(*f, wire_format::native);
  rng random = draw_rng("frame");
  drawn_stream s = some_stream(random, wire_format::native, 1, {.entries = 3, .bytes = 60});
  frame_head h;
  h.payload_length = 1;  // of a message there is something
  if (draw_bool("any frame")) s.bytes = draw_native_frame(h, random);
  const auto at =
      static_cast<std::size_t>(draw_number("where", 0, 2) == 1 ? draw_number("byte of a checksum", 16, 19)
                                                               : draw_number("changed byte", 0, s.bytes.size() - 1));
  s.bytes[at] ^= static_cast<std::byte>(draw_number("changed bits", 1, 255));
  drawn(h.payload_length == 0 ? "an empty payload" : "a payload");
  drawn("with an id", h.has_id());
  drawn("a frame of another type", h.type != frame_type::raft_message);
  drawn("the payload's checksum of an empty payload", h.payload_length == 0 && at >= 16 && at < 20);
  any_context x(f->context());
  const met got = feed(*f, x, s.in, s.bytes, {.how = draw_cuts()});
  RC_ASSERT(got.wrong.has_value());
  RC_ASSERT(got.units.empty());
}

}  // namespace

law_list hostile() {
  return {
      law_of<random_bytes_give_what_they_say>("any bytes are a typed error at its place, or what they say"),
      law_of<spoilt_streams_give_what_they_say>("changed, lost and doubled bytes are a typed error, or what they say"),
      law_of<spoilt_messages_give_what_they_say>("what is wrong inside of a message is told with its byte"),
      law_of<lengths_at_their_extremes_are_only_claims>(
          "no length of a unit is believed before it is compared with the limits"),
      law_of<lengths_inside_of_messages_are_only_claims>("no length inside of a message leads out of it"),
      law_of<a_small_frame_that_claims_much_reserves_little>("13 bytes that claim 100 MiB reserve at most 64 KiB"),
      law_of<a_bad_message_leaves_the_stream_as_it_is>(
          "what is no message spoils its unit, and in append streams what follows"),
      law_of<a_changed_byte_of_a_native_frame_is_told>("the checksums cover every byte of a native frame",
                                                       {.draws = kSpoiltBytes}),
      law_of<a_wrong_checksum_of_a_payload_is_told>(
          "a payload's checksum counts beside an empty payload, a byte, and pieces", {.draws = kWrongChecksums}),
  };
}

}  // namespace copycost::raft::properties
