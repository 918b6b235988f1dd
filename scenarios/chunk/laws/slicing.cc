// SPDX-License-Identifier: Apache-2.0
//
// Laws about parts of a chunk: slice, view, split_at, advance, truncate.
//
// Each law draws a chunk `m` of the oracle and makes `c`, the same chunk of the design, in a drawn way. It does the
// same to both and compares. draw_position() answers a position inside the chunk. draw_wild_position() may answer one
// outside, and then both must answer the same error (agree).
#include "scenarios/chunk/laws/draw.h"
#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

void slice_is_a_part(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  const any_chunk c = draw_made(*f, m, "way");
  const std::size_t pos = draw_wild_position("pos", m.size()), len = draw_wild_position("len", m.size());
  const auto part = c.slice(pos, len);
  const auto expected = oracle::slice(m, pos, len);
  if (agree(part, expected)) check_equals(*f, part.value(), expected.value());
  check_equals(*f, c, m);
}

void slice_takes_a_range(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  const any_chunk c = draw_made(*f, m, "way");
  const range r{draw_wild_position("begin", m.size()), draw_wild_position("end", m.size())};
  const auto part = f->slice(c, r);
  const auto expected = r.begin > r.end ? result<model_chunk>(error{errc::out_of_range, r.begin, r.end, 0})
                                        : oracle::slice(m, r.begin, r.end - r.begin);
  if (agree(part, expected)) check_equals(*f, part.value(), expected.value());
}

void slices_compose(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  const any_chunk c = draw_made(*f, m, "way");
  const std::size_t a = draw_position("a", m.size()), ab = draw_position("ab", m.size() - a);
  const std::size_t x = draw_position("x", ab), xy = draw_position("xy", ab - x);
  const any_chunk twice = must(must(c.slice(a, ab)).slice(x, xy)), once = must(c.slice(a + x, xy));
  check_equals(*f, twice, oracle::slice(m, a + x, xy).value());
  RC_ASSERT(f->equal(twice, once));
}

void empty_slice_keeps_nothing_alive(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  any_chunk c = draw_made(*f, m, "way");
  const std::uint64_t owners = c.use_count();
  const any_chunk nothing = must(c.slice(draw_position("pos", m.size()), 0)), empty = must(f->copy({}, {}));
  RC_ASSERT(nothing.retained_bytes() == empty.retained_bytes());
  RC_ASSERT(empty.retained_bytes() <= 64u);  // some count the handle itself
  RC_ASSERT(c.use_count() == owners);
  RC_ASSERT(nothing.use_count() == 0u);
}

void view_borrows_a_part(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  const any_chunk c = draw_made(*f, m, "way");
  const std::size_t pos = draw_wild_position("pos", m.size()), len = draw_wild_position("len", m.size());
  const auto part = f->view(c, pos, len);
  const auto expected = oracle::slice(m, pos, len);
  if (!agree(part, expected)) return;
  RC_ASSERT(same_bytes(part.value(), expected.value().bytes));
  RC_ASSERT(same_address(part.value().data(), c.view().data() + pos));
}

void split_at_makes_two(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  const any_chunk c = draw_made(*f, m, "way");
  const std::size_t pos = draw_wild_position("pos", m.size());
  const auto parts = f->split_at(c, pos);
  const auto expected = oracle::split_at(m, pos);
  if (!agree(parts, expected)) return;
  check_equals(*f, parts.value().first, expected.value().first);
  check_equals(*f, parts.value().second, expected.value().second);
}

void advance_drops_the_front(facade_maker make) {
  const auto f = design_of<facade>(make);
  model_chunk m = draw_chunk("chunk");
  any_chunk c = draw_made(*f, m, "way");
  for (int step = 0; step < 3; ++step) {
    const std::size_t n = draw_wild_position("n", m.size());
    const auto done = c.advance(n);
    agree(done, oracle::advance(m, n));
    check_equals(*f, c, m);
  }
}

void truncate_keeps_the_front(facade_maker make) {
  const auto f = design_of<facade>(make);
  model_chunk m = draw_chunk("chunk");
  any_chunk c = draw_made(*f, m, "way");
  for (int step = 0; step < 3; ++step) {
    const std::size_t n = draw_wild_position("n", m.size());
    const auto done = c.truncate(n);
    agree(done, oracle::truncate(m, n));
    check_equals(*f, c, m);
  }
}

}  // namespace

law_list slicing() {
  return {
      law_of<slice_is_a_part>(
          "slice(pos, len) has the stream, offset + pos, and the bytes there; or says what is out of range"),
      law_of<slice_takes_a_range>("slice(range) is slice(begin, end - begin), and refuses a range that runs backwards"),
      law_of<slices_compose>("a slice of a slice is one slice"),
      law_of<empty_slice_keeps_nothing_alive>(
          "an empty slice retains what a chunk made of nothing does, and is no owner"),
      law_of<view_borrows_a_part>("view(pos, len) is that part of the chunk's own memory"),
      law_of<split_at_makes_two>("split_at(pos) is [0, pos) and [pos, size)"),
      law_of<advance_drops_the_front>("advance(n) drops n bytes and moves the offset, or changes nothing"),
      law_of<truncate_keeps_the_front>("truncate(n) keeps n bytes, or changes nothing"),
  };
}

}  // namespace copycost::chunk::properties
