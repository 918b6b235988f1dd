// SPDX-License-Identifier: Apache-2.0
// Laws about the bytes: what is sent is what the formats say, and what comes back is what was sent.
#include <algorithm>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/raft/laws/feed.h"

namespace copycost::raft::properties {
namespace {

// Encodes one unit of a stream.
result<void> encode(any_encoder& e, const made_unit& u, any_frame& out) {
  if (!u.is_message) return e.frame(u.head, u.payload, out);
  return e.message(model_view(u.sent).view(), out, u.id ? &*u.id : nullptr);
}

void encoded_units_are_the_documented_bytes(facade_maker make) {
  const auto f = design_of<facade>(make);
  drawn_stream s = draw_stream(*f, 8);
  const std::size_t below[] = {0, static_cast<std::size_t>(draw_number("copy below", 1, 300)), ~std::size_t{0}};
  for (const std::size_t n : below) {
    any_context x(f->context());
    s.out.copy_below = n;
    any_encoder e(x, s.out);
    any_frame out;  // used again
    for (const made_unit& u : s.units) {
      const model_view sent(u.sent);  // parts may lie in it
      must(u.is_message ? e.message(sent.view(), out, u.id ? &*u.id : nullptr) : e.frame(u.head, u.payload, out));
      RC_ASSERT(joined(out) == u.encoded);
    }
  }
}

void what_was_sent_comes_back(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 8);
  any_context x(f->context());
  const met got = feed(*f, x, s.in, s.bytes, {.how = draw_cuts()});
  RC_ASSERT(!got.wrong.has_value());
  RC_ASSERT(got.units.size() == s.units.size());
  any_encoder again(x, s.out);
  any_frame out;
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const made_unit& u = s.units[i];
    const met_unit& v = got.units[i];
    if (u.is_message && v.unit.kind != unit_kind::link_heartbeat) {
      RC_ASSERT(v.message.has_value());
      no_difference(difference(model_view(*v.message).view(), u.arrives));
      const model_view back(*v.message);
      must(again.message(back.view(), out, v.unit.head.has_id() ? &v.unit.head.id : nullptr));
    } else if (u.is_message) {
      must(encode(again, u, out));
    } else {
      RC_ASSERT(v.unit.payload == u.payload);
      RC_ASSERT(v.unit.head == oracle::filled(framing_of(s.in.format), u.head, u.payload));
      must(again.frame(v.unit.head, v.unit.payload, out));
    }
    RC_ASSERT(joined(out) == u.encoded);
  }
}

// Decoded by one, encoded from what it holds, without a model between them: what a member does that passes messages on.
void decoded_messages_encode_to_the_same_bytes(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 8);
  any_context x(f->context());
  any_inbox inbox(x, s.in);
  encoder_options o = s.out;
  o.copy_below = static_cast<std::size_t>(draw_number("copy below", 0, 300));
  any_encoder again(x, o);
  std::size_t i = 0, came = 0;
  any_message m;
  any_frame out;
  while (i < s.units.size()) {
    const arrived a = must(inbox.next());
    if (a.what == arrival::none) {
      RC_ASSERT(came < s.bytes.size());
      const std::span<std::byte> room = must(inbox.space());
      const std::size_t n = std::min(room.size(), s.bytes.size() - came);
      std::copy_n(s.bytes.begin() + static_cast<std::ptrdiff_t>(came), n, room.begin());
      inbox.wrote(n);
      came += n;
      continue;
    }
    if (a.is_message()) {
      const bool has_id = a.head.has_id();
      const request_id id = a.head.id;
      must(inbox.message(m));
      must(again.message(m.view(), out, has_id ? &id : nullptr));
      RC_ASSERT(joined(out) == s.units[i].encoded);
    }
    ++i;
  }
}

// The sizes of the contract's table, as payload of frames and as data of entries.
void every_size_at_which_something_changes(facade_maker make) {
  constexpr std::uint64_t kSizes[] = {0,    1,    8,     9,     25,    100,   255,   256,   257,    4095,
                                      4096, 4097, 32767, 32768, 32769, 65535, 65536, 65537, 131072, 1u << 20};
  const auto f = design_of<facade>(make);
  const wire_format format = draw_format(*f);
  const auto size = static_cast<std::size_t>(kSizes[draw_number("size", 0, std::size(kSizes) - 1)]);
  rng random = draw_rng("bytes");
  encoder_options o{.format = format};
  o.copy_below = draw_bool("copies") ? ~std::size_t{0} : 0;
  model_message m;
  m.head.type = message_type::append;
  m.head.index = 7;
  m.entries.push_back({1, 8, random_bytes(size, random), {}, entry_type::normal, false, 0, {}});
  oracle::speak(static_cast<dialect>(draw_number("dialect", 0, 1)), m);
  any_context x(f->context());
  any_encoder e(x, o);
  any_frame out;
  const model_view sent(m);
  must(e.message(sent.view(), out, nullptr));
  byte_string bytes = joined(out);
  RC_ASSERT(bytes == must(oracle::model_writer(o).message(m)));
  if (has_frames(format)) {
    frame_head h;
    h.type = frame_type::request;
    const byte_string payload = random_bytes(size, random);
    must(e.frame(h, payload, out));
    const byte_string frame = joined(out);
    RC_ASSERT(frame == oracle::frame(framing_of(format), h, payload));
    bytes.insert(bytes.end(), frame.begin(), frame.end());
  }
  cuts how = draw_cuts();
  if (how.size == 1) how.size = 4096 - 1;
  check_feed(*f, {.format = format}, bytes, {.how = how, .keep = draw_bool("keep")});
}

void frames_without_payload_are_their_head(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_framed(*f);
  any_context x(f->context());
  any_encoder e(x, {.format = format});
  any_frame out;
  frame_head h;
  h.type = static_cast<frame_type>(draw_number("type", 0, kFrameTypes - 1));
  h.flags = static_cast<std::uint8_t>(draw_number("has an id", 0, 1));
  must(e.frame(h, {}, out));
  RC_ASSERT(out.size() == (format == wire_format::compat ? 13u : 24u) + 16u * h.flags);
  const byte_string bytes = joined(out);
  check_feed(*f, {.format = format}, bytes, {.how = draw_cuts()});
}

}  // namespace

law_list coding() {
  return {
      law_of<encoded_units_are_the_documented_bytes>("the parts of every unit, joined, are the bytes that its format "
                                                     "says, whether payload is copied or referred to"),
      law_of<what_was_sent_comes_back>("messages and frames come back field by field and encode to the same bytes"),
      law_of<decoded_messages_encode_to_the_same_bytes>(
          "a message that is passed on as it was decoded is the same bytes"),
      law_of<every_size_at_which_something_changes>(
          "payloads of 0 bytes to 1 MiB, at the borders, are sent and received whole", {.cost = 4}),
      law_of<frames_without_payload_are_their_head>("an empty payload is a payload, in every type of frame"),
  };
}

}  // namespace copycost::raft::properties
