// SPDX-License-Identifier: Apache-2.0
//
// Laws about what a chunk keeps from being freed, about copies that own their bytes, and about owners and equality.
#include <algorithm>

#include "scenarios/chunk/laws/draw.h"
#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

// What a chunk of `size` bytes of its own may hold at most: twice the bytes (an allocator with classes of powers of
// two) and a block's header.
std::uint64_t rounded_up(std::uint64_t size) { return 2 * size + 128; }

bool overlap(bytes_view a, bytes_view b) {
  return !a.empty() && !b.empty() && std::less<>()(a.data(), b.data() + b.size()) &&
         std::less<>()(b.data(), a.data() + a.size());
}

// Part of a larger chunk, so that there is something to release.
any_chunk draw_part(facade& f, const any_chunk& whole, const model_chunk& m, model_chunk& part) {
  const std::size_t pos = draw_position("pos", m.size()), len = draw_position("len", m.size() - pos);
  part = oracle::slice(m, pos, len).value();
  any_chunk c = must(whole.slice(pos, len));
  check_equals(f, c, part);
  return c;
}

void compact_lets_go_of_the_rest(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  model_chunk part;
  const any_chunk whole = draw_made(*f, m, "way");
  any_chunk c = draw_part(*f, whole, m, part);
  const any_chunk relative = c.share();
  must(f->compact(c));
  check_equals(*f, c, part);
  check_equals(*f, relative, part);
  check_equals(*f, whole, m);
  RC_ASSERT_FALSE(overlap(c.view(), whole.view()));
  RC_ASSERT(c.use_count() <= 1u);
  RC_ASSERT(c.retained_bytes() <= rounded_up(part.size()));
}

void compact_if_asks_first(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  model_chunk part;
  const any_chunk whole = draw_made(*f, m, "way");
  any_chunk c = draw_part(*f, whole, m, part);
  const double ratio = static_cast<double>(draw_number("ratio in tenths", 0, 60)) / 10;
  const bool wasteful = static_cast<double>(c.retained_bytes()) > ratio * static_cast<double>(c.size());
  const std::byte* data = c.view().data();
  const std::uint64_t retained = c.retained_bytes();
  const bool did = must(f->compact_if(c, ratio));
  RC_ASSERT(did == wasteful);
  check_equals(*f, c, part);
  if (did) {
    RC_ASSERT_FALSE(overlap(c.view(), whole.view()));
  } else {
    RC_ASSERT(same_address(c.view().data(), data));
    RC_ASSERT(c.retained_bytes() == retained);
  }
}

void clone_is_independent(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  model_chunk part;
  std::vector<any_chunk> sources;
  sources.push_back(draw_made(*f, m, "way"));
  sources.push_back(draw_part(*f, sources.front(), m, part));
  const any_chunk twin = must(f->clone(sources.back()));
  RC_ASSERT_FALSE(overlap(twin.view(), sources.back().view()));
  RC_ASSERT(twin.use_count() <= 1u);
  RC_ASSERT(twin.retained_bytes() <= rounded_up(part.size()));
  sources.clear();
  check_equals(*f, twin, part);
}

void vector_is_independent(facade_maker make) {
  byte_string bytes;
  model_chunk m;
  {
    const auto f = design_of<facade>(make);
    m = draw_chunk("chunk");
    const any_chunk c = draw_made(*f, m, "way");
    bytes = f->to_vector(c);
    if (!bytes.empty()) bytes.front() ^= std::byte{0xFF};
    check_equals(*f, c, m);
    if (!bytes.empty()) bytes.front() ^= std::byte{0xFF};
  }
  RC_ASSERT(same_bytes(bytes, m.bytes));
}

void use_count_counts_owners(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  const any_chunk c = draw_made(*f, m, "way");
  const std::uint64_t alone = c.use_count();
  RC_ASSERT(alone <= 1u);
  if (m.size() > 0) {  // an empty chunk may own nothing, and then it has no owners to count
    std::vector<any_chunk> owners;
    for (std::uint64_t n = draw_number("owners", 1, 5); n > 0; --n) {
      owners.push_back(draw_bool("share") ? c.share() : must(c.slice(0, m.size())));
      const bool same = alone != 0 && owners.back().view().data() == c.view().data();
      RC_ASSERT(c.use_count() == (same ? 1 + owners.size() : alone));
      RC_ASSERT(owners.back().use_count() == c.use_count());
    }
  }
  RC_ASSERT(c.use_count() == alone);
}

void equal_means_stream_offset_and_bytes(facade_maker make) {
  const auto f = design_of<facade>(make);
  const model_chunk m = draw_chunk("chunk");
  model_chunk other = m;
  switch (draw_number("difference", 0, 4)) {
    case 0:
      break;
    case 1:
      other.stream += "2";
      break;
    case 2:
      other.offset += other.end() < kOffsetMax ? 1 : 0;
      break;
    case 3:
      other.bytes.resize(m.size() / 2);
      break;
    default:
      if (!other.bytes.empty()) other.bytes[draw_position("changed", m.size() - 1)] ^= std::byte{1};
  }
  const any_chunk a = draw_made(*f, m, "way"), b = draw_made(*f, other, "other way");
  RC_ASSERT(f->equal(a, b) == (m == other));
  RC_ASSERT(f->equal(b, a) == (m == other));
  RC_ASSERT(f->equal(a, a));
}

}  // namespace

law_list retaining() {
  return {
      law_of<compact_lets_go_of_the_rest>(
          "after compact() a chunk retains its own size up to rounding, and nobody else notices"),
      law_of<compact_if_asks_first>(
          "compact_if(ratio) compacts exactly when more than ratio times the size is retained"),
      law_of<clone_is_independent>("a clone has bytes of its own, which outlive the original"),
      law_of<vector_is_independent>("to_vector() copies out of the design"),
      law_of<use_count_counts_owners>(
          "use_count() is the number of chunks that own the same bytes, where a design counts"),
      law_of<equal_means_stream_offset_and_bytes>(
          "chunks are equal when stream, offset and bytes are, however they were made"),
  };
}

}  // namespace copycost::chunk::properties
