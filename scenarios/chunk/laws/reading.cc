// SPDX-License-Identifier: Apache-2.0
//
// Laws about chunks as text: strict, repaired, and decoded piece by piece.
#include <algorithm>
#include <string>

#include "scenarios/chunk/laws/draw.h"
#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

// Text that is nearly well-formed; sometimes long, so that the fast path meets the mistakes as well.
model_chunk draw_text() {
  model_chunk m{draw_stream_name("stream name"), 0, draw_almost_text("pieces")};
  if (draw_bool("padded")) {
    const byte_string ascii = random_text(draw_size("padding"), draw_number("padding seed", 0, 99), "abc xyz\n");
    m.bytes.insert(m.bytes.begin() + static_cast<std::ptrdiff_t>(draw_position("padding at", m.size())), ascii.begin(),
                   ascii.end());
  }
  m.offset = draw_offset("offset", m.size());
  return m;
}

std::string as_string(const byte_string& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

void strict_text_is_all_or_the_valid_prefix(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_text();
  const any_chunk c = draw_made(*f, m, "way");
  const std::size_t valid = oracle::valid_prefix(m.bytes);
  const auto text = f->as_utf8(c);
  if (valid == m.size()) {
    RC_ASSERT(same_text(must(text), as_string(m.bytes)));
    RC_ASSERT(same_address(must(text).data(), c.view().data()));
  } else {
    agree(text, result<void>(error{errc::invalid_utf8, valid, 0, 0}));
  }
}

void lossy_text_replaces_maximal_subparts(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_text();
  const any_chunk c = draw_made(*f, m, "way");
  const utf8::lossy_text text = f->to_utf8_lossy(c);
  RC_ASSERT(same_text(text.text(), oracle::lossy(m.bytes)));
  RC_ASSERT(text.copied() == (oracle::valid_prefix(m.bytes) != m.size()));
  if (!text.copied()) RC_ASSERT(same_address(text.text().data(), c.view().data()));
  check_equals(*f, c, m);
}

void incomplete_character_can_be_carried(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_text();
  const any_chunk c = draw_made(*f, m, "way");
  RC_ASSERT(f->valid_prefix_len(c) == oracle::complete_prefix(m.bytes));
}

// Feeds the chunk in slices cut at drawn places, some of them inside characters.
struct decoding {
  std::string text;
  bool fed = true, finished = false;
  std::uint64_t valid_up_to = 0;
};

decoding decode_in_slices(const any_chunk& c, utf8::mode mode) {
  decoding out;
  utf8::decoder decoder(mode);
  const auto sink = [&](std::string_view part) { out.text += part; };
  int cuts = 0;
  for (std::size_t pos = 0; pos < c.size();) {
    const std::size_t left = c.size() - pos,
                      longest = cuts < 12 && draw_bool("short") ? std::min<std::size_t>(4, left) : left;
    const any_chunk part = must(c.slice(pos, ++cuts < 12 ? 1 + draw_position("cut", longest - 1) : left));
    out.fed = decoder.feed(part.view(), sink) && out.fed;
    pos += part.size();
  }
  out.valid_up_to = decoder.valid_up_to();
  out.finished = decoder.finish(sink);
  return out;
}

void decoder_does_not_see_boundaries(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_text();
  const any_chunk c = draw_made(*f, m, "way");
  const std::size_t valid = oracle::valid_prefix(m.bytes);

  const decoding strict = decode_in_slices(c, utf8::mode::strict);
  RC_ASSERT(same_text(strict.text, as_string(m.bytes).substr(0, valid)));
  RC_ASSERT(strict.valid_up_to == valid);
  RC_ASSERT(strict.finished == (valid == m.size()));
  RC_ASSERT(strict.fed == (valid == oracle::complete_prefix(m.bytes)));

  const decoding lossy = decode_in_slices(c, utf8::mode::lossy);
  RC_ASSERT(same_text(lossy.text, oracle::lossy(m.bytes)));
  RC_ASSERT(lossy.fed);
  RC_ASSERT(lossy.finished == (oracle::complete_prefix(m.bytes) == m.size()));
}

}  // namespace

law_list reading() {
  return {
      law_of<strict_text_is_all_or_the_valid_prefix>(
          "as_utf8() borrows well-formed text, and says else how long its valid prefix is"),
      law_of<lossy_text_replaces_maximal_subparts>(
          "to_utf8_lossy() borrows well-formed text; else U+FFFD stands for each maximal subpart"),
      law_of<incomplete_character_can_be_carried>(
          "valid_prefix_len() leaves out an incomplete character at the end, and nothing else"),
      law_of<decoder_does_not_see_boundaries>("a stream decoded in slices cut anywhere is the text decoded whole"),
  };
}

}  // namespace copycost::chunk::properties
