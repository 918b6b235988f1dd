// SPDX-License-Identifier: Apache-2.0
//
// Laws about the binary form: round trips, and input from an enemy.
#include <algorithm>
#include <optional>

#include "harness/base/rng.h"
#include "harness/judge/drawn.h"
#include "harness/ledger/hooks/hooks.h"
#include "scenarios/chunk/laws/draw.h"
#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

constexpr std::size_t kNameBytesMax = 255;  // of the binary form
constexpr std::string_view kChecked[] = {"an empty payload", "a payload", "a changed checksum beside an empty payload"};
constexpr std::string_view kAtLimit[] = {"the limit is 0", "as many as the limit", "one more than the limit",
                                         "one less than the limit", "with a checksum"};

model_chunk draw_encodable(std::size_t size) {
  model_chunk m{
      draw_bool("long name") ? std::string(kNameBytesMax, 'n') : "caf\u00E9", draw_offset("offset", size), {}};
  m.bytes = random_bytes(size, draw_number("payload seed", 0, 9999));
  return m;
}

bytes_view name_bytes(const std::string& name) { return std::as_bytes(std::span(name)); }

void encoded_form_is_the_documented_one(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_encodable(draw_size("size"));
  const any_chunk c = draw_made(*f, m, "way");
  const encode_options options{draw_bool("checksum")};
  const byte_string expected = oracle::encode(m, options.checksum);
  RC_ASSERT(encoded_size(m.stream.size(), m.size(), options) == expected.size());
  RC_ASSERT(same_bytes(must(f->encode(c, options)).view(), expected));

  const byte_string before = random_bytes(draw_small_size("bytes before"), 1);
  any_builder out = must(f->build({}, draw_small_size("capacity")));
  must(out.write(before));
  RC_ASSERT(must(f->encode_to(c, out, options)) == expected.size());
  const any_chunk both = must(f->seal(std::move(out)));
  RC_ASSERT(both.size() == before.size() + expected.size());
  RC_ASSERT(same_bytes(both.view().first(before.size()), before));
  RC_ASSERT(same_bytes(both.view().subspan(before.size()), expected));
  check_equals(*f, c, m);
}

void name_must_be_text_of_some_length(facade_maker make) {
  const auto f = design_of<facade>(make);
  std::string name =
      *rc::gen::element<std::string>("", "ok", std::string(255, 'a'), std::string(256, 'a'), "a\xFF", "\xC3")
           .as("name");
  const any_chunk c = draw_made(*f, {name, 7, byte_string(3)}, "way");
  const auto out = f->encode(c, {});
  const byte_string bytes(name_bytes(name).begin(), name_bytes(name).end());
  const bool good = !name.empty() && name.size() <= kNameBytesMax && oracle::valid_prefix(bytes) == bytes.size();
  if (good)
    RC_ASSERT(out.ok());
  else
    RC_ASSERT((!out.ok() && out.error().code == errc::bad_stream_name));
}

// Several chunks in one buffer, with something else in front: each comes back, copied and aliased.
void decoding_gives_the_chunks_back(facade_maker make) {
  const auto f = design_of<facade>(make);
  std::vector<model_chunk> all;
  byte_string wire = random_bytes(draw_small_size("bytes before"), 1);
  std::size_t pos = wire.size();
  for (std::uint64_t n = draw_number("chunks", 1, 3); n > 0; --n) {
    all.push_back(draw_encodable(draw_size("size")));
    const byte_string frame = oracle::encode(all.back(), draw_bool("checksum"));
    wire.insert(wire.end(), frame.begin(), frame.end());
  }
  std::vector<any_chunk> decoded_chunks;
  {
    const any_chunk buffer = draw_made(*f, {"wire", 0, wire}, "way");
    for (const model_chunk& m : all) {
      auto copied = must(f->decode_copy(buffer.view().subspan(pos), {}));
      auto aliased = must(f->decode_alias(buffer, {}, pos));
      check_equals(*f, copied.chunk, m);
      check_equals(*f, aliased.chunk, m);
      RC_ASSERT(copied.consumed == aliased.consumed);
      pos += copied.consumed;
      decoded_chunks.push_back(std::move(copied.chunk));
      decoded_chunks.push_back(std::move(aliased.chunk));
    }
    RC_ASSERT(pos == wire.size());
  }  // what was decoded outlives the input
  for (std::size_t i = 0; i < decoded_chunks.size(); ++i) check_equals(*f, decoded_chunks[i], all[i / 2]);
}

// Decodes in both ways and answers the error that both give, or nothing when both succeed.
std::optional<error> refused(facade& f, const byte_string& wire, const decode_limits& limits) {
  const any_chunk buffer = make_chunk(f, {"wire", 0, wire}, way::copy);
  cch_counts before{}, after{};
  if (cch_thread != nullptr) cch_thread(&before);
  const auto copied = f.decode_copy(buffer.view(), limits);
  if (cch_thread != nullptr) cch_thread(&after);
  // Whatever the input says, the allocator is asked for no more than the limit, the name and some book-keeping.
  RC_ASSERT(after.alloc_bytes - before.alloc_bytes <= limits.payload_bytes_max + 4096);
  const auto aliased = f.decode_alias(buffer, limits, 0);
  RC_ASSERT(copied.ok() == aliased.ok());
  if (copied.ok()) {
    RC_ASSERT(f.equal(copied.value().chunk, aliased.value().chunk));
    return std::nullopt;
  }
  RC_ASSERT(copied.error() == aliased.error());
  return copied.error();
}

void truncated_input_is_refused_at_every_length(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_encodable(draw_number("size", 0, 40));
  const byte_string wire = oracle::encode(m, draw_bool("checksum"));
  for (std::size_t n = 0; n < wire.size(); ++n) {
    const auto e = refused(*f, {wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(n)}, {});
    RC_ASSERT(e.has_value());
    RC_ASSERT(e->code == errc::truncated_input);
    RC_ASSERT(e->at == n);
    RC_ASSERT((e->expected > n && e->expected <= wire.size()));
  }
}

void changed_input_is_noticed(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_encodable(draw_number("empty", 0, 3) == 1 ? 0 : draw_small_size("size"));
  byte_string wire = oracle::encode(m, true);
  const std::size_t in_checksum = wire.size() - 1 - draw_number("of the checksum", 0, 3);
  const std::size_t at = draw_bool("checksum") ? in_checksum : draw_position("changed byte", wire.size() - 1);
  drawn(m.size() == 0 ? "an empty payload" : "a payload");
  drawn("a changed checksum beside an empty payload", m.size() == 0 && at >= wire.size() - 4);
  wire[at] ^= static_cast<std::byte>(draw_number("changed bits", 1, 255));
  decode_limits limits;
  limits.needs_checksum = true;
  RC_ASSERT(refused(*f, wire, limits).has_value());
}

// Without a checksum a change may go unnoticed; then what was decoded is what the bytes say.
void hostile_input_gives_an_error_or_what_it_says(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_encodable(draw_number("size", 0, 100));
  byte_string wire = oracle::encode(m, draw_bool("checksum"));
  for (std::uint64_t n = draw_number("changes", 1, 4); n > 0; --n)
    wire[draw_position("changed byte",
                       std::min<std::size_t>(wire.size() - 1, draw_bool("header") ? 30 : wire.size()))] =
        static_cast<std::byte>(draw_number("value", 0, 255));
  wire.resize(draw_bool("cut") ? draw_position("length", wire.size()) : wire.size());
  const auto e = refused(*f, wire, {});
  if (e) {
    constexpr errc kTyped[] = {errc::truncated_input, errc::bad_magic, errc::unsupported_version,
                               errc::bad_stream_name, errc::too_large, errc::offset_overflow,
                               errc::bad_checksum};
    RC_ASSERT(std::find(std::begin(kTyped), std::end(kTyped), e->code) != std::end(kTyped));
    return;
  }
  const auto got = must(f->decode_copy(wire, {}));
  const bool checksum = wire[2] == std::byte{1};
  const model_chunk said{std::string(f->name(got.chunk.at().stream)), got.chunk.at().offset, f->to_vector(got.chunk)};
  wire.resize(got.consumed);
  RC_ASSERT(same_bytes(oracle::encode(said, checksum), wire));
}

void huge_lengths_are_refused_unread(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_encodable(draw_number("size", 0, 40));
  byte_string wire = oracle::encode(m, false);
  decode_limits limits;
  limits.payload_bytes_max = draw_number("limit", 0, 1000);
  const bool of_name = draw_bool("length of the name");
  const std::uint64_t length = draw_number("length", of_name ? kNameBytesMax + 1 : limits.payload_bytes_max + 1,
                                           draw_bool("huge") ? kSizeMax : 2000);
  const std::size_t at = of_name ? 3 : 3 + 4 + m.stream.size() + 8;
  for (std::size_t i = 0; i < 4; ++i) wire[at + i] = static_cast<std::byte>(length >> 8 * i & 255u);
  const auto e = refused(*f, wire, limits);
  RC_ASSERT(e.has_value());
  if (of_name) {
    RC_ASSERT(e->code == errc::bad_stream_name);
  } else {
    RC_ASSERT(e->code == errc::too_large);
    RC_ASSERT(e->expected == limits.payload_bytes_max);
    RC_ASSERT(e->got == length);
  }
}

// At the limit itself, and one beside it on both sides.
void a_payload_of_the_limit_is_taken(facade_maker make) {
  const auto f = design_of<facade>(make);
  decode_limits limits;
  limits.payload_bytes_max = draw_bool("none") ? 0 : draw_small_size("limit");
  const std::uint64_t by = draw_number("beside it", 0, 2);
  const std::size_t size = limits.payload_bytes_max + by - (by == 0 && limits.payload_bytes_max == 0 ? 0 : 1);
  const model_chunk m = draw_encodable(size);
  const bool checksum = draw_bool("checksum");
  drawn("the limit is 0", limits.payload_bytes_max == 0);
  drawn("with a checksum", checksum);
  drawn("as many as the limit", size == limits.payload_bytes_max);
  drawn("one more than the limit", size == limits.payload_bytes_max + 1);
  drawn("one less than the limit", size + 1 == limits.payload_bytes_max);
  const auto e = refused(*f, oracle::encode(m, checksum), limits);
  RC_ASSERT(e.has_value() == (size > limits.payload_bytes_max));
  if (e) RC_ASSERT((e->code == errc::too_large && e->expected == limits.payload_bytes_max && e->got == size));
}

}  // namespace

law_list coding() {
  return {
      law_of<encoded_form_is_the_documented_one>(
          "encode() gives the bytes that the format says, by itself and behind others"),
      law_of<name_must_be_text_of_some_length>("only names of 1 to 255 bytes of UTF-8 can be encoded"),
      law_of<decoding_gives_the_chunks_back>(
          "what was encoded is decoded, copying and aliasing, and outlives the input"),
      law_of<truncated_input_is_refused_at_every_length>(
          "input cut off anywhere is truncated_input, and the error says where"),
      law_of<changed_input_is_noticed>("with a checksum, no changed byte goes unnoticed", {.draws = kChecked}),
      law_of<hostile_input_gives_an_error_or_what_it_says>(
          "changed input gives a typed error or exactly what it says, and never a large allocation"),
      law_of<huge_lengths_are_refused_unread>("a length above the limit is refused before anything is allocated"),
      law_of<a_payload_of_the_limit_is_taken>("a payload as long as the limit is decoded, one byte more is not",
                                              {.draws = kAtLimit}),
  };
}

}  // namespace copycost::chunk::properties
