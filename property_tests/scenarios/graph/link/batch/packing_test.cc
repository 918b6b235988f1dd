// SPDX-License-Identifier: Apache-2.0
// Goal: packing per batch, stored when nothing is gained, with a checksum. Method: text and noise, sizes, damage.
#include "scenarios/graph/link/batch/packing.h"

#include <random>

#include "property_tests/scenarios/graph/link/batch/made.h"

namespace copycost::graph {
namespace {

std::string noise(std::size_t size) {
  std::mt19937_64 random(size);
  std::string out(size, 0);
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

struct packed_batch {
  std::vector<std::byte> bytes;
  batch_head head;
};
packed_batch pack(batch_packer& packer, const std::vector<plain_item>& all) {
  name_table names;
  batch_writer w;
  for (const plain_item& one : all) REQUIRE(add(w, names, one).ok());
  packed_batch out{std::vector<std::byte>(w.wire_bytes()), {}};
  const auto size = packer.pack(w, 0, out.bytes);
  REQUIRE(size.ok());
  out.bytes.resize(size.value());
  const auto head = read_whole(out.bytes, {});
  REQUIRE(head.ok());
  out.head = head.value();
  return out;
}
batch_packer packer_of(int level) {
  auto made = batch_packer::make(level);
  REQUIRE(made.ok());
  return std::move(made).value();
}

TEST_CASE("packing: small items are packed together, not each by itself") {
  auto packer = packer_of(3);
  // Integers of a few digits, as the published benchmark packs them one by one: each of them grows.
  std::vector<plain_item> all;
  for (int i = 0; i < 1000; ++i) all.push_back({static_cast<std::uint64_t>(i), "numbers", {}, std::to_string(i)});
  const auto together = pack(packer, all);
  CHECK(together.head.form == batch_form::zstd);
  CHECK(together.bytes.size() < written(all).size() / 2);
  CHECK(packer.stats().packed == 1);
  CHECK(packer.stats().bytes_in == written(all).size() - kBatchHead);
  CHECK(packer.stats().bytes_out == together.bytes.size() - kBatchHead);
}

TEST_CASE("packing: what does not become smaller is stored, byte for byte") {
  auto packer = packer_of(3);
  for (const std::size_t size : {0, 1, 8, 100, 5000, 200'000}) {
    const std::vector<plain_item> all = {{1, "", {}, noise(size)}};
    const auto batch = pack(packer, all);
    if (batch.head.form == batch_form::stored) CHECK(batch.bytes == written(all));
    CHECK(batch.bytes.size() <= written(all).size());
  }
  CHECK(packer.stats().stored == 6);
  CHECK(pack(packer, {}).bytes.size() == kBatchHead);
}

TEST_CASE("packing: what is packed unpacks to the same, at any level, with one context for all") {
  batch_unpacker unpacker;
  for (const int level : {1, 3, 19, 22}) {
    auto packer = packer_of(level);
    CHECK(rc::check("any items", [&] {
      const auto all = *any_items();
      const auto batch = pack(packer, all);
      if (batch.head.form == batch_form::stored) return;
      const bytes_view body = bytes_view(batch.bytes).subspan(kBatchHead);
      RC_ASSERT(batch_unpacker::check(batch.head, body).ok());
      std::vector<std::byte> out(batch.head.unpacked);
      RC_ASSERT(unpacker.unpack(batch.head, body, out).ok());
      RC_ASSERT(items_of(batch_view::parse(batch.head, out).value()) == all);
    }));
  }
}

TEST_CASE("packing: zeros in the largest ratio are still believed") {
  auto packer = packer_of(22);
  const auto batch = pack(packer, {{1, "", {}, std::string(64 << 20, 0)}});
  CHECK(batch.head.form == batch_form::zstd);
  CHECK(batch.head.unpacked / batch.head.packed < kExpansionMax);
}

TEST_CASE("packing: a level that is none is an error, not another level") {
  for (const int level : {-1, 0, 23, 1000}) {
    const auto made = batch_packer::make(level);
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().code == errc::bad_parameter);
    CHECK(made.error().expected == 22);
  }
}

TEST_CASE("packing: no changed bit of a packed batch is accepted") {
  auto packer = packer_of(3);
  const auto batch = pack(packer, {{1, "s", {}, std::string(500, 'x')}});
  REQUIRE(batch.head.form == batch_form::zstd);
  for (std::size_t i = 0; i < 8 * batch.bytes.size(); ++i) {
    auto changed = batch.bytes;
    changed[i / 8] ^= std::byte{1} << (i % 8);
    CHECK_FALSE(read_whole(changed, {}).ok());
  }
}

}  // namespace
}  // namespace copycost::graph
