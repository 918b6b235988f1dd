// SPDX-License-Identifier: Apache-2.0
// Goal: batches end by count, bytes or the age of the oldest item; nothing is lost, doubled or reordered. Method: a
// clock that is moved by hand, drawn items and times, outlets that fail.
#include "scenarios/graph/link/batch/batcher.h"

#include "impls/graph/copy/design.h"
#include "impls/graph/slice/design.h"
#include "property_tests/scenarios/graph/link/batch/collecting_outlet.h"
#include "scenarios/graph/link/batch/nodes.h"

namespace copycost::graph {
namespace {

constexpr std::int64_t kMs = 1'000'000;

template <design D>
struct waiting_items {
  typename D::context context;
  typename D::maker maker{context};
  batcher<D> waiting;

  explicit waiting_items(const batch_when& when) : waiting(std::move(batcher<D>::make(when)).value()) {}
  result<void> add(const plain_item& one, std::int64_t now) {
    auto item = item_from<D>(context, maker, one);
    const auto ok = waiting.add(context, item, now);
    CHECK(item.size() == (ok ? 0 : one.payload.size()));
    return ok;
  }
  std::vector<plain_item> flush() {
    auto made = waiting.batch(maker);
    REQUIRE(made.ok());
    CHECK(made.value().meta().key == waiting.number());
    waiting.sent();
    return items_of(parsed(made.value().bytes()).value());
  }
};
const plain_item kOne{1, "s", {}, "0123456789"};

TEST_CASE("batcher: the first item after a pause waits for others as any item does") {
  // The original measures from the last flush: after a pause the first item was flushed alone.
  waiting_items<copy_design> w({.items = 10, .age_ns = 5 * kMs});
  REQUIRE(w.add(kOne, 0).ok());
  CHECK(w.flush().size() == 1);
  CHECK(w.waiting.due_ns() == kNever);
  CHECK_FALSE(w.waiting.is_due(1000 * kMs));
  REQUIRE(w.add(kOne, 1000 * kMs).ok());
  CHECK_FALSE(w.waiting.is_due(1000 * kMs));
  CHECK(w.waiting.due_ns() == 1005 * kMs);
  REQUIRE(w.add(kOne, 1004 * kMs).ok());
  CHECK(w.waiting.due_ns() == 1005 * kMs);  // of the oldest
  CHECK_FALSE(w.waiting.is_due(1005 * kMs - 1));
  CHECK(w.waiting.is_due(1005 * kMs));
  CHECK(w.flush().size() == 2);
}

TEST_CASE("batcher: a batch ends with so many items") {
  waiting_items<copy_design> w({.items = 3});
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(w.waiting.is_full());
    REQUIRE(w.add(kOne, i).ok());
  }
  CHECK(w.waiting.is_full());
  CHECK(w.waiting.is_due(0));
  CHECK(w.add(kOne, 4).error() == error{errc::full, 0, 3, 3});
  CHECK(w.flush().size() == 3);
  CHECK(w.add(kOne, 5).ok());
}

TEST_CASE("batcher: a batch ends before so many bytes, and a larger item travels alone") {
  // An item of kOne takes 30 bytes, and the name of its source 5.
  waiting_items<copy_design> w({.bytes = 65});
  REQUIRE(w.add(kOne, 0).ok());
  CHECK_FALSE(w.waiting.is_full());
  REQUIRE(w.add(kOne, 0).ok());
  CHECK(w.waiting.is_full());
  CHECK(w.add({1, "s", {}, ""}, 0).error().code == errc::full);
  CHECK(w.flush().size() == 2);
  const plain_item large{1, "s", {}, std::string(1000, 'x')};
  REQUIRE(w.add(large, 0).ok());
  CHECK(w.waiting.is_full());
  CHECK(w.add(kOne, 0).error().code == errc::full);
  CHECK(w.flush() == std::vector<plain_item>{large});
  REQUIRE(w.add(kOne, 0).ok());
  CHECK(w.add(large, 0).error().code == errc::full);
  CHECK(w.flush() == std::vector<plain_item>{kOne});
}

TEST_CASE("batcher: parameters that make no sense are errors") {
  const auto code = [](const batch_when& when) {
    const auto made = batcher<copy_design>::make(when);
    REQUIRE_FALSE(made.ok());
    return made.error();
  };
  CHECK(code({.items = 0}) == error{errc::bad_parameter, 0, kBatchItemsMax, 0});
  CHECK(code({.items = kBatchItemsMax + 1}) == error{errc::bad_parameter, 0, kBatchItemsMax, kBatchItemsMax + 1});
  CHECK(code({.bytes = 0}).code == errc::bad_parameter);
  CHECK(code({.age_ns = 0}).code == errc::bad_parameter);
  CHECK(code({.age_ns = -1}).code == errc::bad_parameter);
  CHECK(code({.level = 23}) == error{errc::bad_parameter, 0, kPackLevelMax, 23});
  CHECK(batch_node<copy_design>::make(*std::make_unique<process_names>(), {.items = 0}).error().code ==
        errc::bad_parameter);
}

// What comes out of a node that makes batches and one that unmakes them, whatever fails on the way.
template <design D>
void conserve(const std::vector<plain_item>& all, const batch_when& when) {
  typename D::context x;
  collecting_outlet<D> to(x), end(x);
  auto batches = std::move(batch_node<D>::make(x, when)).value();
  unbatch_node<D> items(x);
  std::vector<std::size_t> sizes;
  for (const plain_item& one : all) {
    to.now += *rc::gen::inRange<std::int64_t>(0, when.age_ns);
    if (to.now >= batches->due_ns()) RC_ASSERT(batches->on_time(to.now, to).ok());
    auto item = item_from<D>(x, to.maker(), one);
    to.sends_left = *rc::gen::inRange<std::size_t>(0, 3);
    for (std::size_t again = 1; !batches->take(0, item, to).ok();
         to.sends_left = again++)  // a retry, as a graph does it
      RC_ASSERT(plain<D>(x, item) == one);
    to.sends_left = ~std::size_t{0};
  }
  RC_ASSERT(batches->finish(to).ok());
  for (auto& batch : to.sent) {
    end.sends_left = *rc::gen::inRange<std::size_t>(0, 20);
    for (std::size_t again = 1; !items.take(0, batch, end).ok(); end.sends_left = again++) {
    }
    RC_ASSERT(batch.size() == 0u);
  }
  RC_ASSERT(items.finish(end).ok());
  std::vector<plain_item> out;
  for (const auto& one : end.sent) out.push_back(plain<D>(x, one));
  RC_ASSERT(out == all);
  RC_ASSERT(items.lost() == 0u);
}

TEST_CASE("batcher: nothing is lost, doubled or reordered, even when sending fails and is tried again") {
  CHECK(rc::check("any items", [] {
    const auto all = *any_items();
    const batch_when when{.items = *rc::gen::inRange<std::uint64_t>(1, 8),
                          .bytes = *rc::gen::inRange<std::uint64_t>(1, 3000),
                          .age_ns = *rc::gen::inRange<std::int64_t>(1, 20),
                          .level = *rc::gen::element(0, 3)};
    conserve<copy_design>(all, when);
    conserve<slice_design>(all, when);
  }));
}

TEST_CASE("batcher: batches have numbers, so that a lost one is seen") {
  process_names x;
  collecting_outlet<slice_design> to(x);
  auto node = std::move(batch_node<slice_design>::make(x, {.items = 1})).value();
  for (int i = 0; i < 3; ++i) {
    auto item = item_from<slice_design>(x, to.maker(), kOne);
    REQUIRE(node->take(0, item, to).ok());
  }
  REQUIRE(to.sent.size() == 3);
  for (std::uint64_t i = 0; i < 3; ++i) CHECK(read_head(to.sent[i].bytes(), {}).value().number == i);
}

TEST_CASE("unbatch: a damaged batch is an error of the node and stays the caller's, it is not skipped in silence") {
  process_names x;
  collecting_outlet<slice_design> to(x);
  unbatch_node<slice_design> node(x);
  auto bytes = written({kOne, kOne});
  bytes[60] ^= std::byte{1};
  auto batch = std::move(to.maker().copy({}, bytes)).value();
  const auto ok = node.take(0, batch, to);
  REQUIRE_FALSE(ok.ok());
  CHECK(ok.error().code == errc::bad_checksum);
  CHECK(batch.size() == bytes.size());
  CHECK(to.sent.empty());
  CHECK(node.reading().refused == 1);
}

TEST_CASE("unbatch: items of a batch that stopped in the middle and never came back are counted") {
  process_names x;
  collecting_outlet<slice_design> to(x);
  unbatch_node<slice_design> node(x);
  auto first = std::move(to.maker().copy({}, written({kOne, kOne, kOne}, 0))).value();
  auto second = std::move(to.maker().copy({}, written({kOne, kOne, kOne}, 1))).value();
  to.sends_left = 1;
  CHECK(node.take(0, first, to).error().code == errc::closed);
  to.sends_left = 100;
  REQUIRE(node.take(0, second, to).ok());
  CHECK(to.sent.size() == 4);
  CHECK(node.lost() == 2);
}

}  // namespace
}  // namespace copycost::graph
