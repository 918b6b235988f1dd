// SPDX-License-Identifier: Apache-2.0
// Goal: items of a batch are what was sent, in every design, stored and packed; where the design can, they are the
// received bytes themselves. Method: drawn items, counted copies, addresses.
#include "scenarios/graph/link/batch/batch_reader.h"

#include "harness/ledger/witness/counters.h"
#include "impls/graph/arena/design.h"
#include "impls/graph/copy/design.h"
#include "impls/graph/slice/design.h"
#include "property_tests/scenarios/graph/link/batch/collecting_outlet.h"

namespace copycost::graph {
namespace {

std::vector<std::byte> packed(const std::vector<plain_item>& all) {
  name_table names;
  batch_writer w;
  for (const plain_item& one : all) REQUIRE(add(w, names, one).ok());
  std::vector<std::byte> out(w.wire_bytes());
  auto packer = batch_packer::make(3);
  REQUIRE(packer.ok());
  const auto size = packer->pack(w, 0, out);
  REQUIRE(size.ok());
  out.resize(size.value());
  return out;
}

template <design D>
typename D::item adopted(typename D::maker& by, std::vector<std::byte> bytes) {
  auto made = by.adopt({}, foreign_bytes::from_vector(std::move(bytes)));
  REQUIRE(made.ok());
  return std::move(made).value();
}

template <design D>
struct reading {
  typename D::context context;
  typename D::maker maker{context};
  batch_reader<D> reader{context};

  std::vector<typename D::item> all_of(const typename D::item& batch) {
    std::vector<typename D::item> out;
    REQUIRE(reader.open(maker, batch).ok());
    for (typename D::item one;;) {
      const auto more = reader.next(maker, one);
      REQUIRE(more.ok());
      if (!more.value()) return out;
      out.push_back(std::move(one));
    }
  }
  std::vector<plain_item> plain_all(const std::vector<typename D::item>& all) {
    std::vector<plain_item> out;
    for (const auto& one : all) out.push_back(plain<D>(context, one));
    return out;
  }
};

}  // namespace

TEMPLATE_TEST_CASE("batch_reader: items are what was sent, and outlive the batch", "", copy_design, slice_design,
                   arena_design) {
  CHECK(rc::check("any items", [] {
    const auto all = *any_items();
    const bool pack = *rc::gen::arbitrary<bool>();
    reading<TestType> r;
    std::vector<typename TestType::item> items;
    {
      const auto batch = adopted<TestType>(r.maker, pack ? packed(all) : written(all));
      items = r.all_of(batch);
    }
    RC_ASSERT(r.plain_all(items) == all);
    RC_ASSERT(r.reader.left() == 0u);
    RC_ASSERT(r.reader.stats().items == all.size());
  }));
}

TEMPLATE_TEST_CASE("batch_reader: payload stays where it arrived", "", slice_design, arena_design) {
  reading<TestType> r;
  const std::vector<plain_item> all = {{1, "s", {}, std::string(1000, 'x')}, {2, "s", {{"a", "b"}}, "small"}};
  const auto batch = adopted<TestType>(r.maker, written(all));
  const auto before = t_own_counts.copied_bytes;
  const auto items = r.all_of(batch);
  CHECK(t_own_counts.copied_bytes == before);
  CHECK(items[0].bytes().data() > batch.bytes().data());
  CHECK(items[1].bytes().data() == items[0].bytes().data() + 1000);
  CHECK(items[1].bytes().data() + 5 == batch.bytes().data() + batch.size());
}

TEST_CASE("batch_reader: a packed batch is unpacked once, not item by item") {
  reading<slice_design> r;
  const std::vector<plain_item> all(100, {1, "s", {}, std::string(100, 'x')});
  const auto items = r.all_of(adopted<slice_design>(r.maker, packed(all)));
  REQUIRE(items.size() == 100);
  for (std::size_t i = 1; i < items.size(); ++i) CHECK(items[i].bytes().data() == items[i - 1].bytes().data() + 100);
  CHECK(items[0].use_count() == 100);
}

TEST_CASE("batch_reader: a damaged batch gives no item, is counted, and the next one is read") {
  reading<slice_design> r;
  auto bytes = written({{1, "s", {}, "payload"}});
  bytes.back() ^= std::byte{1};
  const auto bad = adopted<slice_design>(r.maker, bytes);
  const auto ok = r.reader.open(r.maker, bad);
  REQUIRE_FALSE(ok.ok());
  CHECK(ok.error().code == errc::bad_checksum);
  slice_item one;
  CHECK(r.reader.next(r.maker, one).value() == false);
  CHECK(r.reader.stats().refused == 1);
  CHECK(r.all_of(adopted<slice_design>(r.maker, written({{1, "s", {}, "payload"}}))).size() == 1);
  CHECK(r.reader.stats().batches == 1);
}

TEST_CASE("batch_reader: items that a next batch leaves behind are counted") {
  reading<slice_design> r;
  const std::vector<plain_item> all(5, {1, "s", {}, "payload"});
  const auto batch = adopted<slice_design>(r.maker, written(all));
  REQUIRE(r.reader.open(r.maker, batch).ok());
  slice_item one;
  REQUIRE(r.reader.next(r.maker, one).value());
  REQUIRE(r.reader.open(r.maker, batch).ok());
  CHECK(r.reader.stats().left_behind == 4);
  r.reader.close();
  CHECK(r.reader.stats().left_behind == 9);
}

TEST_CASE("batch_reader: a packed body that does not unpack to what was said is refused") {
  reading<slice_design> r;
  const auto good = packed({{1, "s", {}, std::string(1000, 'x')}});
  const auto refusal = [&](const std::vector<std::byte>& bytes) {
    const auto ok = r.reader.open(r.maker, adopted<slice_design>(r.maker, bytes));
    REQUIRE_FALSE(ok.ok());
    return ok.error();
  };
  REQUIRE(wire::load<std::uint32_t>(good.data() + 28) == 1025);
  auto bytes = good;
  forge(bytes, 28, std::uint32_t{1026});
  CHECK(refusal(bytes) == error{errc::bad_compression, kBatchHead, 1026, 1025});
  // Any damage that a hostile sender gives a right checksum to.
  for (std::size_t at = kBatchHead; at + 4 <= good.size(); ++at)
    for (const std::uint32_t value : {0u, 1u, 0xFFFFFFFFu, wire::load<std::uint32_t>(good.data() + at) + 1}) {
      bytes = good;
      forge(bytes, at, value);
      const auto batch = adopted<slice_design>(r.maker, bytes);
      if (r.reader.open(r.maker, batch).ok()) CHECK(r.reader.left() == 1);
      r.reader.close();
    }
  // A second frame behind the first one.
  bytes = good;
  const auto frame = good.size() - kBatchHead;
  bytes.insert(bytes.end(), good.begin() + kBatchHead, good.end());
  forge(bytes, 32, static_cast<std::uint32_t>(2 * frame));
  CHECK(refusal(bytes).code == errc::bad_compression);
}

TEST_CASE("batch_reader: the same name has the same number in every item and every batch") {
  reading<slice_design> r;
  const auto bytes = written({{1, "twice", {{"twice", "other"}}, "x"}, {2, "other", {}, ""}});
  for (int i = 0; i < 2; ++i) {
    const auto items = r.all_of(adopted<slice_design>(r.maker, bytes));
    CHECK(items[0].meta().source == items[0].meta().headers[0].name);
    CHECK(items[1].meta().source == items[0].meta().headers[0].value);
    CHECK(items[1].meta().source == r.context.intern("other").value());
  }
}

// A design whose context has room for two names.
struct few_names : name_table {
  few_names() : name_table({.names = 3}) {}
};
struct few_names_maker : copy_maker {
  explicit few_names_maker(few_names&) : copy_maker(process) {}
  static inline process_names process;
};
struct few_names_design : copy_design {
  using context = few_names;
  using maker = few_names_maker;
};

TEST_CASE("batch_reader: a batch with more names than the context has room for is refused as a whole") {
  reading<few_names_design> r;
  const auto fits = adopted<few_names_design>(r.maker, written({{1, "a", {{"b", "a"}}, "x"}}));
  const auto too_many = adopted<few_names_design>(r.maker, written({{1, "a", {}, "x"}, {1, "c", {}, "x"}}));
  CHECK(r.all_of(fits).size() == 1);
  CHECK(r.reader.open(r.maker, too_many).error() == error{errc::names_full, 0, 3, 3});
  CHECK(r.reader.left() == 0);
  CHECK(r.reader.stats().refused == 1);
  CHECK(r.context.refused() == 1);
  CHECK(r.all_of(fits).size() == 1);
}

}  // namespace copycost::graph
