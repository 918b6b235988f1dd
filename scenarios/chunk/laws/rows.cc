// SPDX-License-Identifier: Apache-2.0
//
// Laws about rows of chunks: what may follow what, searching and cutting across boundaries.
#include <algorithm>

#include "harness/base/rng.h"
#include "scenarios/chunk/derived/reassembly.h"
#include "scenarios/chunk/laws/draw.h"
#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

// Text as files have it.
model_chunk draw_text_stream() {
  model_chunk m{"s", 0, draw_text("text")};
  m.offset = draw_offset("offset", m.size());
  return m;
}

// A stream of few different bytes, so that patterns and lines are found, half found, and cut by boundaries.
model_chunk draw_stream() {
  const std::size_t size = draw_small_size("size");
  return {"s", draw_offset("offset", size), random_text(size, draw_number("payload seed", 0, 9999), "ab\n")};
}

// The stream as a row of chunks made in drawn ways, cut at drawn places, empty ones among them. `ends`: of the chunks.
std::unique_ptr<any_sequence> draw_row(facade& f, const model_chunk& m, std::vector<std::size_t>* ends = nullptr) {
  auto row = f.sequence();
  std::size_t pos = 0;
  for (int i = 0; pos < m.size() || i == 0; ++i) {
    const std::size_t n =
        i < 6 ? draw_position("cut", std::min<std::size_t>(m.size() - pos, draw_bool("short") ? 3 : m.size()))
              : m.size() - pos;
    must(row->push(draw_made(f, oracle::slice(m, pos, n).value(), "way")));
    pos += n;
    if (ends != nullptr) ends->push_back(pos);
  }
  RC_ASSERT(row->size() == m.size());
  RC_ASSERT(row->end_offset() == m.end());
  return row;
}

void row_takes_only_what_follows(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_stream();
  const auto row = draw_row(*f, m);
  model_chunk next{m.stream, m.end(), {}};
  if (draw_bool("another stream")) next.stream.assign(1, 't');
  if (!draw_bool("follows")) next.offset = draw_offset("next offset", 0);
  next.bytes = random_bytes(std::min<std::uint64_t>(draw_small_size("next size"), kOffsetMax - next.offset), 5);
  model_chunk whole = m;
  auto expected = oracle::append(whole, next);
  if (!expected && expected.error().code == errc::stream_mismatch)
    expected = error{errc::stream_mismatch, 0, place_of(*f, m).stream, place_of(*f, next).stream};
  agree(row->push(draw_made(*f, next, "next way")), expected);
  RC_ASSERT(row->size() == whole.size());
  check_equals(*f, must(row->cut(0, row->size())), whole);
}

void byte_is_found_where_it_is(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_stream();
  const auto row = draw_row(*f, m);
  const auto wanted = static_cast<std::byte>(*rc::gen::element('a', '\n', 'x').as("wanted"));
  const std::size_t from = draw_wild_position("from", m.size());
  RC_ASSERT(row->find(wanted, from) == oracle::find(m.bytes, {wanted}, from));
}

void pattern_is_found_across_boundaries(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_stream();
  const auto row = draw_row(*f, m);
  byte_string pattern;
  if (draw_bool("from the stream")) {  // else a short one, which may or may not be there
    const std::size_t pos = draw_position("pattern pos", m.size());
    pattern = oracle::slice(m, pos, draw_position("pattern len", m.size() - pos)).value().bytes;
  } else {
    pattern = random_text(draw_number("pattern size", 0, 9), draw_number("pattern seed", 0, 99), "ab\n");
  }
  const std::size_t from = draw_wild_position("from", m.size());
  RC_ASSERT(row->find(pattern, from) == oracle::find(m.bytes, pattern, from));
}

void lines_do_not_see_boundaries(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_text_stream();
  std::vector<any_chunk> lines;
  std::vector<std::size_t> ends;
  {
    const auto row = draw_row(*f, m, &ends);
    lines = must(row->lines());
  }  // lines outlive their row
  classify_text(m.bytes, ends);
  const std::vector<model_chunk> expected = oracle::lines(m);
  RC_ASSERT(lines.size() == expected.size());
  for (std::size_t i = 0; i < lines.size(); ++i) check_equals(*f, lines[i], expected[i]);
}

void part_of_a_row_is_a_slice_of_the_stream(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_stream();
  const auto row = draw_row(*f, m);
  const std::size_t begin = draw_position("begin", m.size()), end = draw_wild_position("end", m.size());
  const auto part = row->cut(begin, end);
  if (begin <= end && end <= m.size())
    check_equals(*f, must(result<any_chunk>(row->cut(begin, end))), oracle::slice(m, begin, end - begin).value());
  else
    RC_ASSERT((!part.ok() && part.error().code == errc::out_of_range));
}

// Pieces that overlap by a drawn number of bytes arrive in a drawn order, some of them twice.
void pieces_in_any_order_make_the_stream(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_stream();
  const std::size_t step = 1 + m.size() / draw_number("pieces", 1, 12), overlap = draw_position("overlap", step);
  const any_chunk whole = draw_made(*f, m, "way");
  std::vector<any_chunk> pieces;
  for (std::size_t pos = 0; pos < m.size(); pos += step)
    pieces.push_back(must(whole.slice(pos, std::min(step + overlap, m.size() - pos))));
  if (!pieces.empty() && draw_bool("one twice"))
    pieces.push_back(pieces[draw_position("which", pieces.size() - 1)].share());
  rng(draw_number("order", 0, 999)).shuffle(pieces);

  reassembly<any_chunk> held(place_of(*f, m));
  const auto row = f->sequence();
  for (any_chunk& piece : pieces) {
    must(held.insert(std::move(piece)));
    held.drain([&](any_chunk&& next) { must(row->push(std::move(next))); });
  }
  RC_ASSERT(held.held() == 0u);
  RC_ASSERT(held.next().offset == m.end());
  if (m.size() > 0) check_equals(*f, must(row->cut(0, row->size())), m);
}

}  // namespace

law_list rows() {
  return {
      law_of<row_takes_only_what_follows>(
          "push() takes what follows; another stream, a gap or an overlap changes nothing"),
      law_of<byte_is_found_where_it_is>("find(byte) is the first one at or behind a position, wherever chunks are cut"),
      law_of<pattern_is_found_across_boundaries>("find(pattern) is the first one, also where it spans several chunks"),
      law_of<lines_do_not_see_boundaries>(
          "lines() are the lines of the stream, wherever chunks are cut, and outlive the row", {.draws = kTextClasses}),
      law_of<part_of_a_row_is_a_slice_of_the_stream>("cut(begin, end) is that part of the stream as one chunk"),
      law_of<pieces_in_any_order_make_the_stream>(
          "overlapping pieces in any order, some twice, are put back into the stream"),
  };
}

}  // namespace copycost::chunk::properties
