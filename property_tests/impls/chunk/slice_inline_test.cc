// SPDX-License-Identifier: Apache-2.0
// Goal: what only slice_inline has: up to 16 bytes in the handle, and never a block behind them.
// Method: each way to make a chunk on both sides of 16 bytes; what is held, where it lies, and what was copied.
#include <cstring>
#include <vector>

#include "harness/ledger/witness/counters.h"
#include "impls/chunk/slice_inline/design.h"
#include "property_tests/catch.h"
#include "scenarios/chunk/derived/operations.h"
#include "scenarios/common/must.h"

namespace copycost::chunk {
namespace {

using context = slice_inline_design::context;
using chunk_type = slice_inline_design::chunk;

std::vector<std::byte> bytes_of(std::size_t size) {
  std::vector<std::byte> out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(i * 7 + 1);
  return out;
}
chunk_type copied(context& x, std::size_t size) { return must(x.copy({1, 100}, bytes_of(size))); }

bool holds(const chunk_type& c, std::size_t from, std::size_t size) {
  const auto all = bytes_of(from + size);
  return c.size() == size &&
         std::equal(c.view().begin(), c.view().end(), all.begin() + static_cast<std::ptrdiff_t>(from));
}
bool lies_in_handle(const chunk_type& c) {
  const auto* begin = reinterpret_cast<const std::byte*>(&c);
  return c.view().data() >= begin && c.view().data() + c.size() <= begin + sizeof c;
}
std::uint64_t copied_by(auto act) {
  const std::uint64_t before = t_own_counts.copied_bytes;
  act();
  return t_own_counts.copied_bytes - before;
}

TEST_CASE("slice_inline: words hold exactly the bytes, of every length and at every place, and zeros behind them") {
  const auto all = bytes_of(40);
  for (std::size_t at = 0; at < 16; ++at)
    for (std::size_t size = 0; size <= 16; ++size) {
      const std::vector<std::byte> exact(all.begin() + static_cast<std::ptrdiff_t>(at),
                                         all.begin() + static_cast<std::ptrdiff_t>(at + size));
      std::byte expected[16]{};
      std::copy(exact.begin(), exact.end(), expected);
      const short_bytes words = detail::words_of(exact.data(), size);  // a byte too many is AddressSanitizer's
      CHECK(std::memcmp(&words, expected, sizeof words) == 0);
    }
}

TEST_CASE("slice_inline: every way to make a chunk of up to 16 bytes leaves it without a block") {
  context x;
  for (const std::size_t size : {1u, 15u, 16u, 17u}) {
    INFO("size " << size);
    const bool is_short = size <= 16;
    auto lent = bytes_of(size);
    auto b = must(x.build({1, 100}, 4096));
    REQUIRE(b.write(lent).ok());
    std::vector<chunk_type> all;
    all.push_back(copied(x, size));
    all.push_back(must(x.adopt({1, 100}, foreign_bytes::lent(lent))));
    all.push_back(must(x.seal(std::move(b))));
    all.push_back(all.front().share());
    all.push_back(must(copied(x, 1000).slice(0, size)));
    all.push_back(must(x.rebind(copied(x, 1000), 0, size, {1, 100})));
    chunk_type cut = copied(x, 1000);
    REQUIRE(cut.truncate(size).ok());
    all.push_back(std::move(cut));
    for (const chunk_type& c : all) {
      CHECK(holds(c, 0, size));
      CHECK(c.at() == place{1, 100});
      CHECK((c.block() == nullptr) == is_short);
      CHECK(lies_in_handle(c) == is_short);
      CHECK(is_short == (c.retained_bytes() == size));
    }
  }
}

TEST_CASE("slice_inline: a moved handle takes its bytes along, and is empty and usable afterwards") {
  context x;
  for (const std::size_t size : {0u, 1u, 15u, 16u, 17u}) {
    chunk_type a = copied(x, size);
    chunk_type b(std::move(a));
    CHECK(holds(b, 0, size));
    CHECK((a.size() == 0 && a.use_count() == 0));  // NOLINT(bugprone-use-after-move): what a moved-from handle is
    a = copied(x, 17 - size);
    std::swap(a, b);
    CHECK((holds(a, 0, size) && holds(b, 0, 17 - size)));
    chunk_type& itself = a;
    a = std::move(itself);
    CHECK(holds(a, 0, size));
  }
  std::vector<chunk_type> row;
  for (std::size_t i = 0; i <= 32; ++i) row.push_back(copied(x, i));  // the vector moves them several times
  for (std::size_t i = 0; i <= 32; ++i) CHECK(holds(row[i], 0, i));
}

TEST_CASE("slice_inline: a short slice, and what advance() leaves, lets the block go") {
  context x;
  chunk_type whole = copied(x, 64 * 1024);
  const chunk_type small = must(whole.slice(1000, 16)), large = must(whole.slice(1000, 17));
  CHECK(whole.use_count() == 2);
  CHECK((small.use_count() == 1 && small.retained_bytes() == 16));
  CHECK(large.retained_bytes() == 64 * 1024 + sizeof(ref_block));
  REQUIRE(whole.advance(64 * 1024 - 16).ok());
  CHECK((whole.retained_bytes() == 16 && holds(whole, 64 * 1024 - 16, 16)));
  CHECK(whole.at() == place{1, 100 + 64 * 1024 - 16});
  CHECK(large.use_count() == 1);
  REQUIRE(whole.advance(5).ok());
  CHECK(holds(whole, 64 * 1024 - 11, 11));
  REQUIRE(whole.truncate(3).ok());
  CHECK(holds(whole, 64 * 1024 - 11, 3));
}

TEST_CASE("slice_inline: what is short is counted as copied, what is long is not") {
  context x;
  const chunk_type whole = copied(x, 1000), at_limit = copied(x, 16);
  CHECK(copied_by([&] { (void)whole.slice(10, 16); }) == 16);
  CHECK(copied_by([&] { (void)whole.slice(10, 17); }) == 0);
  CHECK(copied_by([&] { (void)at_limit.share(); }) == 16);
  CHECK(copied_by([&] { (void)whole.share(); }) == 0);
}

TEST_CASE("slice_inline: adopted memory of up to 16 bytes is given back at once, longer with its last chunk") {
  context x;
  for (const std::size_t size : {15u, 16u, 17u}) {
    auto memory = bytes_of(size);
    int released = 0;
    {
      const auto release = [](void* n, std::byte*, std::size_t) { ++*static_cast<int*>(n); };
      const chunk_type c = must(x.adopt({1, 100}, {memory, release, &released}));
      CHECK(released == (size <= 16 ? 1 : 0));
      CHECK(holds(c, 0, size));
    }
    CHECK(released == 1);
  }
}

TEST_CASE("slice_inline: taken back, grown over the limit and sealed again, bytes stay what they were") {
  context x;
  for (const std::size_t size : {0u, 1u, 15u, 16u, 17u})
    for (const std::size_t more : {0u, 1u, 15u, 16u, 17u}) {
      chunk_type c = copied(x, size);
      const chunk_type other = c.share();
      auto b = x.take(std::move(c));
      REQUIRE(b.ok() == (size <= 16));  // a short chunk is never shared
      if (!b.ok()) continue;
      const auto all = bytes_of(size + more);
      REQUIRE(b->write(std::span(all).subspan(size)).ok());
      auto moved = std::move(*b);
      const chunk_type back = must(x.seal(std::move(moved)));
      CHECK(holds(back, 0, size + more));
      CHECK(holds(other, 0, size));
    }
}

TEST_CASE(
    "slice_inline: long neighbours are joined in place, short ones by a copy that allocates no more than it must") {
  context x;
  const chunk_type whole = copied(x, 100);
  chunk_type front = must(whole.slice(0, 17));
  CHECK(append<slice_inline_design>(x, front, must(whole.slice(17, 17))).value() == joined::in_place);
  CHECK(append<slice_inline_design>(x, front, must(whole.slice(34, 16))).value() == joined::by_copy);
  CHECK(holds(front, 0, 50));
  chunk_type small = must(whole.slice(0, 8));
  CHECK(append<slice_inline_design>(x, small, must(whole.slice(8, 8))).value() == joined::by_copy);
  CHECK((holds(small, 0, 16) && small.block() == nullptr));
  CHECK(append<slice_inline_design>(x, small, must(whole.slice(16, 1))).value() == joined::by_copy);
  CHECK((holds(small, 0, 17) && small.block() != nullptr));
}

}  // namespace
}  // namespace copycost::chunk
