// SPDX-License-Identifier: Apache-2.0
// Goal: what only the slice design has: segments that are counted, and a directory that shares what does not change.
// Method: the directory against a list of numbers, for every part that may be kept; who owns a segment, by its count.
#include <vector>

#include "impls/event_store/slice/design.h"
#include "property_tests/impls/event_store/filled.h"

namespace copycost::event_store {
namespace {
using namespace testing;
using store = slice_design::store;

owner<slice_root> first_root() { return owner<slice_root>(slice_root::make(counted_index::make(small()))); }

owner<slice_root> changed(const owner<slice_root>& from, unsigned skip, unsigned keep, owner<slice_segment> more) {
  owner<counted_index> index = counted_index::make(small());
  return owner<slice_root>(from->changed(skip, keep, std::move(more), std::move(index)));
}

// The n-th segment begins with event 10 * n.
owner<slice_root> root_of(unsigned segments) {
  owner<slice_root> root = first_root();
  for (unsigned n = 0; n < segments; ++n)
    root = changed(root, 0, n, owner<slice_segment>(slice_segment::make(10 * n, 4096)));
  return root;
}

void holds(const slice_root& root, unsigned first, unsigned end) {
  REQUIRE(root.segments() == end - first);
  for (unsigned n = first; n < end; ++n) {
    CHECK(root.at(root.nth(n - first))->first == 10 * n);
    for (const sequence seq : {10 * n, 10 * n + 9}) {
      const slice_root::spot s = root.locate(seq);
      CHECK(root.at(s)->first == 10 * n);
      CHECK(root.next_first(s) == (n + 1 < end ? 10 * (n + 1) : kStart));
    }
  }
}

TEST_CASE("a directory finds every segment, across leaves, whatever part of an older one it keeps") {
  const owner<slice_root> root = root_of(200);
  holds(*root.get(), 0, 200);
  for (const unsigned skip : {0u, 1u, 63u, 64u, 65u, 128u, 199u})
    for (const unsigned keep : {199u, 200u}) {
      if (skip >= keep) continue;
      holds(*changed(root, skip, keep, {}).get(), skip, keep);
      owner<slice_segment> more(slice_segment::make(10 * keep, 4096));
      const owner<slice_root> grown = changed(root, skip, keep, std::move(more));
      holds(*grown.get(), skip, keep + 1);
      holds(*changed(grown, skip == 0 ? 0 : 1, grown->segments(), {}).get(), skip == 0 ? 0 : skip + 1, keep + 1);
    }
  holds(*root.get(), 0, 200);
}

TEST_CASE("directories share leaves and segments, and let go of them") {
  owner<slice_root> root = root_of(130);
  slice_leaf* const full = root->entries()[0].leaf;
  slice_segment* const segment = root->at({0, 5});
  CHECK(full->owners == 1);
  CHECK(segment->owners == 1);
  owner<slice_root> same_front = changed(root, 0, 129, {}), cut_front = changed(root, 3, 130, {});
  CHECK(full->owners == 2);
  CHECK(segment->owners == 2);  // of the full leaf, and of the one that was cut
  root = {};
  CHECK(full->owners == 1);
  cut_front = {};
  CHECK(segment->owners == 1);
  holds(*same_front.get(), 0, 129);
}

TEST_CASE("a snapshot keeps the segments that it shows, and nothing that came later") {
  const auto s = must(store::open(small()));
  auto reader = must(s->reader());
  CHECK(fill(*s, 0, 500) == 500);
  {
    auto held = reader.snapshot();
    REQUIRE(s->truncate_before(500).ok());
    const std::uint64_t truncated = s->stats().held_bytes;
    CHECK(fill(*s, 500, 500) == 500);
    REQUIRE(s->truncate_before(1000).ok());
    CHECK(s->stats().held_bytes < truncated + (16 << 10));  // the store itself holds what it shows; the index grows
    CHECK(shows(held, 0, 500));
  }
  CHECK(fill(*s, 1000, 10) == 10);
  CHECK(shows(reader, 1000, 1010));
}

TEST_CASE("all reads show the same bytes, where they were written") {
  const auto s = must(store::open(small()));
  const std::byte* written = nullptr;
  draft d;
  d.what = kind::created;
  d.entity = "e";
  REQUIRE(s->append_in_place(d, 64, [&](std::span<std::byte> to) {
             written = to.data();
             std::memset(to.data(), 1, to.size());
           }).ok());
  auto reader = must(s->reader());
  const auto before = reader.snapshot();
  CHECK(fill(*s, 1, 300) == 300);
  const auto look = [&](const event_view& e) { CHECK(e.payload().data() == written); };
  must(before.read(kStart)).for_each(look);
  must(reader.read(kStart, 1)).for_each(look);
  must(reader.read_entity("e", kStart)).for_each(look);
}

TEST_CASE("an index that is full of what is gone is built anew, and readers of the old one go on") {
  store_options o = small();
  o.memory_bytes_max = 64 * o.segment_bytes;  // the index has 1 MiB
  o.events_max = 50;
  const auto s = must(store::open(o));
  auto reader = must(s->reader());
  CHECK(fill(*s, 0, 40) == 40);
  const auto old = reader.snapshot();
  for (std::uint64_t n = 0; n < 4000; ++n) {
    const std::string name = "entity number " + std::to_string(n) + std::string(200, '.');
    draft d;
    d.what = kind::created;
    d.entity = name;
    REQUIRE(s->append({&d, 1}).ok());
  }
  CHECK(shows(old, 0, 40));
  CHECK(must(reader.read(kStart)).size() == 50);
  CHECK(reader.read_entity("entity 1", kStart).error().code == errc::entity_not_found);
  CHECK(must(reader.read_entity("entity number 3999" + std::string(200, '.'), kStart)).size() == 1);
}

}  // namespace
}  // namespace copycost::event_store
