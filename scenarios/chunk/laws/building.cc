// SPDX-License-Identifier: Apache-2.0
//
// Laws about builders: writing, growing, sealing, and taking a chunk back.
#include <algorithm>

#include "scenarios/chunk/laws/draw.h"
#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

// Writes the bytes as one of both ways to write; space() only where there is room for them.
void put(any_builder& b, const byte_string& bytes, bool through_space) {
  if (through_space && b.space().size() >= bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), b.space().begin());
    must(b.wrote(bytes.size()));
  } else {
    must(b.write(bytes));
  }
}

void builder_keeps_what_is_written(facade_maker make) {
  const auto f = design_of<facade>(make);
  model_chunk m = draw_chunk("chunk"), whole = m;
  whole.bytes.clear();
  const std::size_t capacity = draw_position("capacity", m.size());
  any_builder b = must(f->build(place_of(*f, m), capacity));
  RC_ASSERT(b.size() == 0u);
  RC_ASSERT(b.space().size() >= capacity);
  for (std::uint64_t pieces = draw_number("pieces", 1, 5); pieces > 0; --pieces) {
    const std::size_t n = pieces == 1 ? static_cast<std::size_t>(m.size()) : draw_position("piece", m.size());
    const model_chunk piece = oracle::slice(m, 0, n).value();
    put(b, piece.bytes, draw_bool("through space()"));
    oracle::advance(m, n).ok();
    whole.bytes.insert(whole.bytes.end(), piece.bytes.begin(), piece.bytes.end());
    RC_ASSERT(b.size() == whole.bytes.size());
  }
  check_equals(*f, must(f->seal(std::move(b))), whole);
}

void builder_refuses_what_there_is_no_space_for(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  any_builder b = must(f->build(place_of(*f, m), m.size()));
  must(b.write(m.bytes));
  const std::size_t room = b.space().size(), n = draw_wild_position("n", room + 1);
  const auto done = b.wrote(n);
  if (n <= room) {
    RC_ASSERT(done.ok());
    RC_ASSERT(b.size() == m.size() + n);
  } else {
    agree(done, result<void>(error{errc::out_of_range, n, room, 0}));
    RC_ASSERT(b.size() == m.size());
    RC_ASSERT(b.space().size() == room);
    check_equals(*f, must(f->seal(std::move(b))), m);
  }
}

// A builder at the end of the offsets. What does not fit is refused when it is written or, at the latest, sealed.
void builder_never_wraps_the_offset(facade_maker make) {
  const auto f = design_of<facade>(make);
  const std::size_t left = draw_small_size("bytes left"), size = left + 1 + draw_small_size("bytes too many");
  model_chunk m{draw_stream_name("stream name"), kOffsetMax - left, {}};
  any_builder b = must(f->build(place_of(*f, m), draw_position("capacity", left)));
  const byte_string first = random_bytes(draw_position("first piece", left), 1);
  must(b.write(first));
  m.bytes = first;
  const auto refused = b.write(random_bytes(size - first.size(), 2));
  if (!refused) {
    RC_ASSERT(refused.error().code == errc::offset_overflow);
    RC_ASSERT(b.size() == first.size());
    check_equals(*f, must(f->seal(std::move(b))), m);
  } else {
    agree(f->seal(std::move(b)), oracle::fits(m.offset, size));
  }
}

// A chunk, and other owners of its memory as drawn, which must not notice anything.
void taken_back_only_from_the_only_owner(facade_maker make) {
  const auto f = design_of<facade>(make);
  model_chunk m = draw_chunk("chunk");
  any_chunk c = draw_made(*f, m, "way");
  const std::size_t pos = draw_position("pos", m.size()), len = draw_position("len", m.size() - pos);
  c = must(c.slice(pos, len));
  m = oracle::slice(m, pos, len).value();
  std::vector<any_chunk> others;
  for (std::uint64_t n = draw_number("other owners", 0, 2); n > 0; --n) others.push_back(c.share());
  const std::uint64_t owners = c.use_count();

  auto b = f->take(std::move(c));
  if (!b) {
    RC_ASSERT(b.error().code == errc::not_unique);
    RC_ASSERT(b.error().got == owners);
    RC_ASSERT(owners != 1u);
    check_equals(*f, c, m);
  } else {
    RC_ASSERT(owners <= 1u);
    RC_ASSERT(b->size() == m.size());
    model_chunk longer = m;
    const byte_string more = random_bytes(std::min<std::uint64_t>(draw_small_size("more"), kOffsetMax - m.end()), 3);
    longer.bytes.insert(longer.bytes.end(), more.begin(), more.end());
    put(*b, more, draw_bool("through space()"));
    check_equals(*f, must(f->seal(std::move(b).value())), longer);
  }
  for (const any_chunk& other : others) check_equals(*f, other, m);
}

void builder_moves(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  const std::size_t half = draw_position("half", m.size());
  const bytes_view all(m.bytes);
  any_builder first = must(f->build(place_of(*f, m), draw_position("capacity", m.size())));
  must(first.write(all.first(half)));
  any_builder second(std::move(first));
  first = must(f->build({0, 5}, 3));  // a moved-from builder may be assigned to
  must(first.write(all.first(std::min<std::size_t>(half, 2))));
  first = std::move(second);
  any_builder& itself = first;
  first = std::move(itself);
  must(first.write(all.subspan(half)));
  check_equals(*f, must(f->seal(std::move(first))), m);
}

}  // namespace

law_list building() {
  return {
      law_of<builder_keeps_what_is_written>(
          "what is written, in whatever pieces, is what is sealed; growing loses nothing"),
      law_of<builder_refuses_what_there_is_no_space_for>(
          "wrote(n) with n larger than space() is out_of_range and changes nothing"),
      law_of<builder_never_wraps_the_offset>(
          "bytes behind the last offset are refused when they are written or sealed"),
      law_of<taken_back_only_from_the_only_owner>(
          "take() gives a builder exactly when there is one owner; else the chunk and the owners are unchanged"),
      law_of<builder_moves>("a builder may be moved, assigned over and assigned to itself without losing a byte"),
  };
}

}  // namespace copycost::chunk::properties
