// SPDX-License-Identifier: Apache-2.0
//
// Laws about putting chunks together again.
#include <algorithm>

#include "scenarios/chunk/laws/draw.h"
#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

// Whether two views lie side by side, both of them inside `buffer`: then they are parts of one buffer.
bool side_by_side(bytes_view first, bytes_view next, bytes_view buffer) {
  const auto within = [&](bytes_view v) {
    return std::less_equal<>()(buffer.data(), v.data()) &&
           std::less_equal<>()(v.data() + v.size(), buffer.data() + buffer.size());
  };
  return !first.empty() && !next.empty() && within(first) && within(next) && first.data() + first.size() == next.data();
}

void append_follows_or_is_refused(facade_maker make) {
  const auto f = design_of<facade>(make);
  model_chunk m = draw_small_chunk("chunk");
  model_chunk next = m;
  next.bytes = random_bytes(std::min<std::uint64_t>(draw_size("next size"), kOffsetMax - m.end()), 7);
  next.offset = draw_bool("follows") ? m.end() : draw_offset("next offset", next.size());
  if (draw_bool("another stream")) next.stream += "2";
  any_chunk c = draw_made(*f, m, "way");
  const any_chunk n = draw_made(*f, next, "next way");
  const std::uint64_t owners = n.use_count();

  const auto done = f->append(c, n);
  auto expected = oracle::append(m, next);
  if (!expected && expected.error().code == errc::stream_mismatch)
    expected = error{errc::stream_mismatch, 0, place_of(*f, m).stream, place_of(*f, next).stream};
  agree(done, expected);
  check_equals(*f, c, m);
  check_equals(*f, n, next);
  if (done.ok() && done.value() == joined::by_copy) RC_ASSERT(n.use_count() == owners);
}

// Two parts of one buffer that follow each other in the stream, but lie there at drawn places.
void append_is_free_only_side_by_side(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("buffer");
  const any_chunk buffer = draw_made(*f, m, "way");
  const std::size_t a = draw_position("first pos", m.size()), an = draw_position("first len", m.size() - a);
  const std::size_t b = draw_bool("side by side") ? a + an : draw_position("next pos", m.size());
  const std::size_t bn = draw_position("next len", m.size() - b);
  model_chunk first = oracle::rebind(m, a, an, "elsewhere", 1000).value();
  const model_chunk next = oracle::rebind(m, b, bn, "elsewhere", 1000 + an).value();
  any_chunk c = must(f->rebind(buffer, a, an, place_of(*f, first)));
  const any_chunk n = must(f->rebind(buffer, b, bn, place_of(*f, next)));

  const bytes_view before = c.view();
  const bool free = side_by_side(before, n.view(), buffer.view());
  const joined how = must(f->append(c, n));
  must(oracle::append(first, next));
  check_equals(*f, c, first);
  check_equals(*f, n, next);
  check_equals(*f, buffer, m);
  if (how == joined::in_place) RC_ASSERT((free || n.size() == 0));
  if (how == joined::in_place && !before.empty()) RC_ASSERT(same_address(c.view().data(), before.data()));
  if (free && f->joins()) RC_ASSERT(how == joined::in_place);
}

// Cut into frames and put together again, the chunk is what it was; also after everything else is gone.
void frames_make_the_whole(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  std::vector<any_chunk> frames;
  {
    const any_chunk c = draw_made(*f, m, "way");
    const std::size_t frame = 1 + m.size() / draw_number("frames", 1, 20);
    for (std::size_t pos = 0; pos < m.size(); pos += frame)
      frames.push_back(must(c.slice(pos, std::min<std::size_t>(frame, m.size() - pos))));
    if (frames.empty()) frames.push_back(c.share());
  }
  any_chunk whole = std::move(frames.front());
  for (std::size_t i = 1; i < frames.size(); ++i) must(f->append(whole, frames[i]));
  frames.clear();
  check_equals(*f, whole, m);
}

// Both parts of a chunk come back; then one is shortened and something else follows it. The other owner of the same
// buffer must keep its bytes: room behind a chunk is not the chunk's own.
void append_never_writes_into_shared_bytes(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  const any_chunk other = draw_made(*f, m, "way");
  any_chunk c = other.share();
  const std::size_t keep = draw_position("keep", m.size());
  must(c.truncate(keep));
  model_chunk shorter = oracle::slice(m, 0, keep).value(), next{m.stream, shorter.end(), {}};
  next.bytes = random_bytes(std::min<std::uint64_t>(draw_small_size("next size"), kOffsetMax - next.offset), 11);
  must(f->append(c, draw_made(*f, next, "next way")));
  must(oracle::append(shorter, next));
  check_equals(*f, c, shorter);
  check_equals(*f, other, m);
}

// Two neighbours in memory that were adopted one by one are two buffers: each is given back when its own owner goes,
// and overwritten then.
void append_keeps_neighbouring_buffers_apart(facade_maker make) {
  const model_chunk m = draw_chunk("both");
  const std::size_t half = draw_position("half", m.size());
  byte_string memory = m.bytes;
  const auto overwrite = [](void*, std::byte* data, std::size_t size) { std::fill_n(data, size, std::byte{0xDD}); };
  const auto f = design_of<facade>(make);
  auto halves = oracle::split_at(m, half).value();
  any_chunk c = must(f->adopt(place_of(*f, halves.first), {std::span(memory).first(half), overwrite, nullptr}));
  {
    const any_chunk next =
        must(f->adopt(place_of(*f, halves.second), {std::span(memory).subspan(half), overwrite, nullptr}));
    must(f->append(c, next));
  }
  check_equals(*f, c, m);
}

}  // namespace

law_list appending() {
  return {
      law_of<append_follows_or_is_refused>(
          "append() concatenates what follows; another stream, a gap or an overlap changes nothing"),
      law_of<append_is_free_only_side_by_side>(
          "append() is in place exactly when both parts lie side by side in one buffer"),
      law_of<frames_make_the_whole>("a chunk cut into frames and appended again is the chunk"),
      law_of<append_never_writes_into_shared_bytes>(
          "appending to a shortened chunk leaves the other owners' bytes alone"),
      law_of<append_keeps_neighbouring_buffers_apart>("buffers that happen to lie side by side are not taken for one"),
  };
}

}  // namespace copycost::chunk::properties
