// SPDX-License-Identifier: Apache-2.0
// Laws about large payloads that come as pieces, as they arrive.
#include <algorithm>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/raft/laws/feed.h"

namespace copycost::raft::properties {
namespace {

void large_payloads_come_as_pieces(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_framed(*f);
  rng random = draw_rng("stream");
  drawn_stream s = some_stream(random, format, draw_number("units", 1, 6), {.entries = 6, .bytes = 3000});
  s.in.stream_above = static_cast<std::size_t>(draw_number("stream above", 0, 2000));
  if (draw_bool("small limit")) s.in.limit.payload = static_cast<std::size_t>(draw_number("limit", 0, 2500));
  check_feed(*f, s.in, s.bytes, {.how = draw_cuts(), .keep = draw_bool("keep")});
}

void pieces_take_bounded_room(facade_maker make) {
  const auto f = design_of<facade>(make);
  needs_caution(*f);
  const wire_format format = draw_framed(*f);
  inbox_options o{.format = format};
  o.stream_above = 64 * kKiB;
  o.limit.payload = static_cast<std::size_t>(draw_number("limit", 0, kMiB));
  rng random = draw_rng("payload");
  const byte_string payload = random_bytes(static_cast<std::size_t>(draw_number("size", 70000, 3 * kMiB)), random);
  const byte_string bytes = oracle::frame(framing_of(format), {}, payload);
  any_context x(f->context());
  any_inbox inbox(x, o);
  std::size_t came = 0, seen = 0;
  while (seen < payload.size()) {
    const arrived a = must(inbox.next());
    RC_ASSERT(inbox.reserved_bytes() <= 64 * kKiB);
    if (a.what == arrival::piece) {
      RC_ASSERT(a.offset == seen);
      RC_ASSERT((std::equal(a.payload.begin(), a.payload.end(), payload.begin() + static_cast<std::ptrdiff_t>(seen))));
      seen += a.payload.size();
      RC_ASSERT(a.last == (seen == payload.size()));
      continue;
    }
    const std::span<std::byte> room = must(inbox.space());
    const std::size_t n = std::min(room.size(), bytes.size() - came);
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(came), n, room.begin());
    inbox.wrote(n);
    came += n;
  }
  must(inbox.ended());
  RC_ASSERT((must(inbox.next()).what == arrival::none));
}

void spoilt_pieces_are_told_at_their_end(facade_maker make) {
  const auto f = design_of<facade>(make);
  needs(*f, wire_format::native);
  rng random = draw_rng("payload");
  const byte_string payload = random_bytes(static_cast<std::size_t>(draw_number("size", 1, 9000)), random);
  byte_string bytes = oracle::frame(framing::native, {}, payload);
  const auto at = static_cast<std::size_t>(draw_number("changed byte", kNativeHead, bytes.size() - 1));
  bytes[at] ^= static_cast<std::byte>(draw_number("changed bits", 1, 255));
  inbox_options o{.format = wire_format::native};
  o.stream_above = static_cast<std::size_t>(draw_number("stream above", 0, payload.size() - 1));
  any_context x(f->context());
  const met got = feed(*f, x, o, bytes, {.how = draw_cuts()});
  RC_ASSERT(got.wrong.has_value());
  RC_ASSERT((got.wrong->code == errc::checksum_mismatch));
  RC_ASSERT(got.wrong->at == 0u);
  for (const met_unit& u : got.units) RC_ASSERT(u.unit.payload.size() < payload.size());  // the last one is not given
}

// Half a heartbeat must not wait for the end of a snapshot before it: the unit behind the pieces is found.
void units_behind_pieces_are_whole(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_framed(*f);
  rng random = draw_rng("stream");
  drawn_stream s = some_stream(random, format, draw_number("units", 2, 10), {.entries = 2, .bytes = 400});
  s.in.stream_above = 150;
  check_feed(*f, s.in, s.bytes, {.how = draw_cuts(), .keep = true});
}

void pieces_have_a_limit_too(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_framed(*f);
  rng random = draw_rng("payload");
  const auto size = static_cast<std::size_t>(draw_number("size", 11, 3000));
  const byte_string bytes = oracle::frame(framing_of(format), {}, random_bytes(size, random));
  inbox_options o{.format = format};
  o.limit.payload = o.stream_above = 10;
  o.limit.streamed = size + static_cast<std::size_t>(draw_number("around", 0, 2)) - 1;
  check_feed(*f, o, bytes, {.how = draw_cuts()});
}

// Etcd's forms have no pieces: the threshold changes nothing, least of all their limits.
void streams_without_frames_have_no_pieces(facade_maker make) {
  const auto f = design_of<facade>(make);
  drawn_stream s = draw_stream(*f, 4);
  if (has_frames(s.in.format)) {
    needs(*f, wire_format::etcd_message);
    rng random = draw_rng("other stream");
    s = some_stream(random, wire_format::etcd_message, 4, {});
  }
  s.in.stream_above = static_cast<std::size_t>(draw_number("stream above", 0, 100));
  s.in.limit.payload = static_cast<std::size_t>(draw_number("limit", 0, 500));
  check_feed(*f, s.in, s.bytes, {.how = draw_cuts()});
}

}  // namespace

law_list pieces() {
  return {
      law_of<large_payloads_come_as_pieces>("pieces, put together, are the payload, whatever the limit of whole ones"),
      law_of<pieces_take_bounded_room>("a payload of any size goes through 64 KiB", {.cost = 8}),
      law_of<spoilt_pieces_are_told_at_their_end>("the last piece of a spoilt payload is an error"),
      law_of<units_behind_pieces_are_whole>("what follows a large payload is found"),
      law_of<pieces_have_a_limit_too>("a streamed payload has its own limit, inclusive"),
      law_of<streams_without_frames_have_no_pieces>("the threshold does not change etcd's forms or their limits"),
  };
}

}  // namespace copycost::raft::properties
