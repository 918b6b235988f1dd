// SPDX-License-Identifier: Apache-2.0
// Laws about limits, on both sides, at the very size and one beside it.
#include "scenarios/common/laws/law_list.h"
#include "scenarios/raft/laws/feed.h"

namespace copycost::raft::properties {
namespace {

// Both say the same: success, or the same error in all its fields.
void agree(const result<void>& design, const std::optional<error>& model) {
  if (design.ok() == !model.has_value() && (design.ok() || design.error() == *model)) return;
  RC_FAIL("the design says '" + (design.ok() ? std::string("ok") : to_string(design.error())) + "', the oracle '" +
          (model ? to_string(*model) : "ok") + "'");
}
std::optional<error> error_of(const result<byte_string>& r) { return r ? std::nullopt : std::optional(r.error()); }

// One byte less, as many as there are, one more, or as the case is.
std::size_t draw_around(const std::string& name, std::size_t n) {
  const auto by = static_cast<std::size_t>(draw_number(name, 0, 2));
  return n + by < 1 ? 0 : n + by - 1;
}

void writers_keep_the_limits(facade_maker make) {
  const auto f = design_of<facade>(make);
  drawn_stream s = draw_stream(*f, 4);
  const auto which = static_cast<std::size_t>(draw_number("limit of unit", 0, s.units.size() - 1));
  const made_unit& at = s.units[which];
  const std::size_t size = at.is_message ? oracle::encode(at.sent).size() : at.payload.size();
  s.out.limit.payload = draw_around("payload limit", size);
  if (draw_bool("limit entries")) s.out.limit.entries = draw_around("entries limit", at.sent.entries.size());
  if (draw_bool("limit unknown"))
    s.out.limit.unknown_fields = draw_around("unknown fields limit", oracle::unknown_fields(at.sent));
  any_context x(f->context());
  any_encoder e(x, s.out);
  oracle::model_writer writer(s.out);
  any_frame out;
  for (const made_unit& u : s.units) {  // what was refused leaves the encoder as it was
    if (!u.is_message) {
      const std::size_t n = u.payload.size();
      const bool fits = n <= s.out.limit.payload;
      agree(e.frame(u.head, u.payload, out),
            fits ? std::nullopt : std::optional(error{errc::payload_too_large, 0, s.out.limit.payload, n}));
      if (fits) RC_ASSERT(joined(out) == u.encoded);
      continue;
    }
    const model_view sent(u.sent);
    const auto expected = writer.message(u.sent, u.id ? &*u.id : nullptr);
    agree(e.message(sent.view(), out, u.id ? &*u.id : nullptr), error_of(expected));
    if (expected) RC_ASSERT(joined(out) == expected.value());
  }
}

void readers_keep_the_limits(facade_maker make) {
  const auto f = design_of<facade>(make);
  drawn_stream s = draw_stream(*f, 4);
  const auto which = static_cast<std::size_t>(draw_number("limit of unit", 0, s.units.size() - 1));
  const met all = expected_of(s.in, s.bytes);
  s.in.limit.payload = draw_around("payload limit", all.units.at(which).unit.payload.size());
  if (draw_bool("limit entries"))
    s.in.limit.entries = draw_around("entries limit", s.units[which].arrives.entries.size());
  if (draw_bool("limit unknown"))
    s.in.limit.unknown_fields = draw_around("unknown fields limit", oracle::unknown_fields(s.units[which].arrives));
  check_feed(*f, s.in, s.bytes, {.how = draw_cuts()});
}

// What one member may send another may read, when both have the same limits.
void what_a_writer_may_send_a_reader_takes(facade_maker make) {
  const auto f = design_of<facade>(make);
  drawn_stream s = draw_stream(*f, 6);
  s.out.limit.payload = s.in.limit.payload = static_cast<std::size_t>(draw_number("payload limit", 0, 700));
  s.out.limit.entries = s.in.limit.entries = static_cast<std::size_t>(draw_number("entries limit", 0, 5));
  any_context x(f->context());
  any_encoder e(x, s.out);
  any_frame out;
  byte_string bytes;
  std::size_t sent = 0;
  for (const made_unit& u : s.units) {
    const model_view view(u.sent);
    if (!(u.is_message ? e.message(view.view(), out, nullptr) : e.frame(u.head, u.payload, out))) continue;
    const byte_string unit = joined(out);
    bytes.insert(bytes.end(), unit.begin(), unit.end());
    ++sent;
  }
  const met got = feed(*f, x, s.in, bytes, {.how = draw_cuts()});
  RC_ASSERT(!got.wrong.has_value());
  RC_ASSERT(got.units.size() == sent);
}

void the_default_limit_of_a_payload_is_inclusive(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_framed(*f);
  const std::size_t limit = wire_limits{}.payload;
  const byte_string payload(limit + 1, std::byte{'x'});
  any_context x(f->context());
  any_encoder e(x, {.format = format});
  any_frame out;
  frame_head h;
  h.type = frame_type::response;
  if (draw_bool("with an id")) {
    h.flags = frame_flag::has_id;
    h.id.bytes.fill(std::byte{7});
  }  // read another way
  const auto over = e.frame(h, payload, out);
  agree(over, error{errc::payload_too_large, 0, limit, limit + 1});
  must(e.frame(h, bytes_view(payload).first(limit), out));
  const byte_string bytes = joined(out);
  cuts how;
  how.size = draw_bool("in pieces") ? 1000 * kKiB : cuts::kWhole;
  const met got = feed(*f, x, {.format = format}, bytes, {.how = how});
  RC_ASSERT(!got.wrong.has_value());
  RC_ASSERT(got.units.size() == 1u);
  RC_ASSERT((same_bytes(bytes_view(payload).first(limit), got.units[0].unit.payload)));
}

void compatible_headers_may_be_longer_than_they_need_be(facade_maker make) {
  const auto f = design_of<facade>(make);
  needs(*f, wire_format::compat);
  const auto size = static_cast<std::size_t>(draw_number("header", 0, 258));
  rng random = draw_rng("bytes");
  frame_head h;
  h.flags = static_cast<std::uint8_t>(draw_number("has an id", 0, 1));
  byte_string bytes = oracle::frame(framing::compat, h, {});
  bytes[3] = static_cast<std::byte>(size & 255);
  bytes[2] = static_cast<std::byte>(size >> 8);
  const byte_string behind = random_bytes(4 + size > bytes.size() ? 4 + size - bytes.size() : 0, random);
  bytes.insert(bytes.end(), behind.begin(), behind.end());
  check_feed(*f, {.format = wire_format::compat}, bytes, {.how = draw_cuts()});
  if (size >= (h.has_id() ? 25u : 9u) && size <= 256) {
    any_context x(f->context());
    const met got = feed(*f, x, {.format = wire_format::compat}, bytes);
    RC_ASSERT((got.units.size() == 1u && !got.wrong));
  }
}

void forms_refuse_what_they_cannot_say(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_bool("appends") ? wire_format::etcd_append : wire_format::etcd_message;
  needs(*f, format);
  rng random = draw_rng("message");
  const model_message m = some_message(random, {});
  const encoder_options o{.format = format};
  any_context x(f->context());
  any_encoder e(x, o);
  oracle::model_writer writer(o);
  any_frame out;
  const request_id id;
  const bool with_id = draw_bool("with an id");
  const model_view sent(m);
  agree(e.message(sent.view(), out, with_id ? &id : nullptr), error_of(writer.message(m, with_id ? &id : nullptr)));
}

}  // namespace

law_list limiting() {
  return {
      law_of<writers_keep_the_limits>("what is too large is refused by who would send it, and the next one is sent"),
      law_of<readers_keep_the_limits>("what is too large is refused as soon as its length is there"),
      law_of<what_a_writer_may_send_a_reader_takes>("with the same limits, both ends agree"),
      law_of<the_default_limit_of_a_payload_is_inclusive>("16 MiB go, one byte more does not", {.cost = 20}),
      law_of<compatible_headers_may_be_longer_than_they_need_be>(
          "headers of 9 or 25 to 256 bytes are read, others are errors at their place"),
      law_of<forms_refuse_what_they_cannot_say>("etcd's forms take no ids, and its append stream no other messages"),
  };
}

}  // namespace copycost::raft::properties
