// SPDX-License-Identifier: Apache-2.0
//
// Laws about how chunks come to be: in which ways, what is refused, rebinding, names.
#include <limits>

#include "harness/judge/run_laws.h"
#include "harness/ledger/hooks/hooks.h"
#include "scenarios/chunk/laws/draw.h"
#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

void made_chunk_is_what_it_was_made_of(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  check_equals(*f, draw_made(*f, m, "way"), m);
}

// A place and a size that must be refused: too much, or too far behind in the stream.
struct misfit {
  place at;
  std::uint64_t size = 0;
};

misfit draw_misfit(facade& f) {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  misfit m;
  m.at.stream = f.intern(draw_stream_name("stream name"));
  if (draw_bool("too large")) {
    m.size = draw_number("size", kSizeMax + 1, draw_bool("absurd") ? kLast / 2 : kSizeMax + 9);
    m.at.offset = draw_offset("offset", draw_bool("at the end") ? 0 : std::min(m.size, kLast));
  } else {
    m.size = draw_size("size") + 1;
    m.at.offset = kLast - draw_number("bytes left", 0, m.size - 1);
  }
  return m;
}

void what_does_not_fit_is_refused(facade_maker make) {
  const auto f = design_of<facade>(make);
  const misfit m = draw_misfit(*f);
  const auto expected = oracle::fits(m.at.offset, m.size);
  RC_ASSERT_FALSE(expected.ok());
  static std::byte somewhere{};  // no byte of it may be read
  const std::span<std::byte> claimed(&somewhere, static_cast<std::size_t>(m.size));
  int released = 0;
  {
    foreign_bytes foreign(
        claimed, [](void* n, std::byte*, std::size_t) { ++*static_cast<int*>(n); }, &released);
    agree(f->adopt(m.at, std::move(foreign)), expected);
  }
  RC_ASSERT(released == 1);
  agree(f->copy(m.at, claimed), expected);
  agree(f->build(m.at, claimed.size()), expected);
  const any_chunk small = make_chunk(*f, {"s", 0, byte_string(3)}, way::copy);
  agree(f->rebind(small, 0, claimed.size(), m.at), expected);
}

void rebound_chunk_is_elsewhere(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  const any_chunk c = draw_made(*f, m, "way");
  const std::size_t pos = draw_wild_position("pos", m.size()), len = draw_wild_position("len", m.size());
  const std::string stream = draw_stream_name("other stream");
  const std::uint64_t offset = draw_offset("other offset", draw_position("room behind it", m.size()));
  const auto part = f->rebind(c, pos, len, {f->intern(stream), offset});
  const auto expected = oracle::rebind(m, pos, len, stream, offset);
  if (agree(part, expected)) check_equals(*f, part.value(), expected.value());
  check_equals(*f, c, m);
}

void names_are_interned(facade_maker make) {
  const auto f = design_of<facade>(make);
  const auto names = *rc::gen::container<std::vector<std::string>>(rc::gen::string<std::string>()).as("names");
  std::vector<stream_id> ids;
  for (const std::string& name : names) ids.push_back(f->intern(name));
  for (std::size_t i = 0; i < names.size(); ++i) {
    RC_ASSERT(f->name(ids[i]) == names[i]);
    RC_ASSERT(f->intern(std::string(names[i])) == ids[i]);
    for (std::size_t k = 0; k < i; ++k) RC_ASSERT((ids[i] == ids[k]) == (names[i] == names[k]));
  }
}

bool allocations_are_counted() {
  static const bool counted = cch_thread != nullptr && cch_is_active != nullptr && cch_is_active() != 0;
  return counted;
}

// What sharing costs in this thread: calls of the allocator and bytes asked of it.
std::pair<std::uint64_t, std::uint64_t> cost_of_sharing(const facade& f, const any_chunk& c) {
  cch_counts before, after;
  cch_thread(&before);
  f.share_and_drop(c);
  cch_thread(&after);
  return {after.allocs - before.allocs, after.alloc_bytes - before.alloc_bytes};
}

void name_costs_nothing_to_share(facade_maker make) {
  if (!allocations_are_counted()) throw not_offered{"allocation counts (the program runs without its hooks)"};
  const auto f = design_of<facade>(make);
  model_chunk m = draw_chunk("chunk");
  const way w = draw_way("way");
  m.stream = "";
  const any_chunk unnamed = make_chunk(*f, m, w);
  m.stream = std::string(draw_number("name length", 1, 5000), 'x');
  const any_chunk named = make_chunk(*f, m, w);
  const auto without = cost_of_sharing(*f, unnamed), with = cost_of_sharing(*f, named);
  RC_ASSERT(with == without);
}

}  // namespace

law_list making() {
  return {
      law_of<made_chunk_is_what_it_was_made_of>(
          "whatever way a chunk is made in, it has the stream, offset and bytes that were asked for"),
      law_of<what_does_not_fit_is_refused>(
          "more than 2^32 - 1 bytes, or an offset that would wrap, is refused before any byte is read"),
      law_of<rebound_chunk_is_elsewhere>(
          "rebind() gives part of a buffer another stream and offset, or says what does not fit"),
      law_of<names_are_interned>("the same name has the same number, another name another, and the number its name"),
      law_of<name_costs_nothing_to_share>("sharing a chunk allocates the same whatever its stream's name is"),
  };
}

}  // namespace copycost::chunk::properties
