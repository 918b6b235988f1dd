// SPDX-License-Identifier: Apache-2.0
// What single subscriptions do, step by step, over the oracle as a store; the laws ask the same of every design.
#include "scenarios/event_store/follow/bus.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "property_tests/catch.h"
#include "property_tests/scenarios/event_store/model_design.h"

namespace copycost::event_store {
namespace {

using store = model_design::store;
constexpr std::chrono::nanoseconds kNow{0};

struct line_of_one {
  explicit line_of_one(const store_options& o = {}) : s(o), line(s) {}
  store s;
  bus<model_design> line;

  // Publishes one event for each letter, whose entity is the letter.
  result<appended> publish(const std::string& letters, std::chrono::nanoseconds patience = kNow) {
    std::vector<owned_draft> batch(letters.size());
    for (std::size_t i = 0; i < letters.size(); ++i) {
      batch[i].what = kind::claimed;
      batch[i].entity = letters[i];
    }
    return line.publish(views(batch), {}, patience);
  }
  subscription<store> subscribe(sequence after, filter wanted = {}, subscription_options o = {}) {
    return line.subscribe(after, std::move(wanted), o).value();
  }
};

template <class Delivered>
std::string letters(const result<Delivered>& got) {
  if (!got.ok()) return to_string(got.error());
  std::string text;
  got->for_each([&](const event_view& e) { text += e.entity(); });
  REQUIRE(got->size() == text.size());
  return text;
}
filter only(std::vector<std::string> entities) {
  filter f;
  f.entities = std::move(entities);
  return f;
}

TEST_CASE("a subscription sees what was there and what comes, once") {
  line_of_one l;
  REQUIRE(l.publish("abc").ok());
  auto s = l.subscribe(kStart), late = l.subscribe(1);
  CHECK(letters(s.try_receive(2)) == "ab");
  REQUIRE(l.publish("de").ok());
  CHECK(letters(s.try_receive(100)) == "cde");
  CHECK(letters(s.try_receive(1)) == "timed_out");
  CHECK(letters(late.try_receive(100)) == "cde");
  CHECK(s.stats().delivered == 5);
  CHECK(s.stats().lag == 0);
}

TEST_CASE("only what matches is delivered, and the rest does not hold anybody up") {
  line_of_one l;
  auto s = l.subscribe(kStart, only({"b"}), {3, lag_policy::block});
  REQUIRE(l.publish("aba").ok());
  CHECK_FALSE(l.publish("b").ok());
  CHECK(letters(s.try_receive(1)) == "b");
  CHECK(s.stats().position == 2);
  CHECK(letters(s.try_receive(1)) == "timed_out");
  CHECK(s.stats().position == 3);
  REQUIRE(l.publish("aaa").ok());
  CHECK(letters(s.try_receive(1)) == "timed_out");
  CHECK(l.publish("b").ok());
}

TEST_CASE("a delivery can be left early, and says where to go on") {
  line_of_one l;
  auto s = l.subscribe(kStart, only({"a", "c"}));
  REQUIRE(l.publish("abcabc").ok());
  const auto got = s.try_receive(3);
  CHECK(letters(got) == "aca");
  CHECK(got->checkpoint() == 3);
  std::string seen;
  got->for_each([&](const event_view& e) {
    seen += e.entity();
    return seen.size() < 2;
  });
  CHECK(seen == "ac");
  auto next = l.subscribe(got->checkpoint());
  CHECK(letters(next.try_receive(9)) == "bc");
}

TEST_CASE("a checkpoint that is not there is refused, and so is no capacity") {
  line_of_one l;
  REQUIRE(l.publish("abc").ok());
  REQUIRE(l.s.truncate_before(2).ok());
  CHECK(l.line.subscribe(0).error().code == errc::checkpoint_not_found);
  CHECK(l.line.subscribe(3).error().code == errc::checkpoint_not_found);
  CHECK(l.line.subscribe(1).ok());
  CHECK(l.line.subscribe(kStart).ok());
  CHECK(l.line.subscribe(kStart, {}, {0, lag_policy::block}).error() == error{.code = errc::bad_options, .got = 1});
}

TEST_CASE("block lets nobody get further ahead") {
  line_of_one l;
  auto s = l.subscribe(kStart, {}, {3, lag_policy::block});
  CHECK(l.publish("abcdef").ok());  // larger than the capacity: goes when no subscriber is behind
  CHECK(l.publish("g").error() == error{.code = errc::timed_out});
  CHECK(letters(s.try_receive(3)) == "abc");
  CHECK_FALSE(l.publish("g").ok());
  CHECK(letters(s.try_receive(1)) == "d");
  CHECK(l.publish("g").ok());
  CHECK_FALSE(l.publish("h").ok());
  s.unsubscribe();
  CHECK(l.publish("h").ok());
  CHECK(letters(s.try_receive(1)) == "closed");
}

TEST_CASE("a refused append gives its room back") {
  line_of_one l;
  auto s = l.subscribe(kStart, {}, {1, lag_policy::block});
  CHECK(l.publish("").error() == error{.code = errc::empty_batch});
  owned_draft nameless;
  nameless.what = kind::claimed;
  const draft bad = nameless.view();
  CHECK(l.line.publish({&bad, 1}, {}, kNow).error().code == errc::bad_name);
  CHECK(l.line.publish({&bad, 1}, {}, kNow).error().code == errc::bad_name);
  CHECK(l.publish("a").ok());
}

TEST_CASE("drop_oldest tells how many, once") {
  line_of_one l;
  auto s = l.subscribe(kStart, {}, {3, lag_policy::drop_oldest});
  auto some = l.subscribe(kStart, only({"b", "g"}), {3, lag_policy::drop_oldest});
  auto none = l.subscribe(kStart, only({"g"}), {3, lag_policy::drop_oldest});
  for (const char c : std::string("abcdefg")) REQUIRE(l.publish(std::string(1, c)).ok());
  CHECK(letters(s.try_receive(1)) == "lagged: 4 events missed");
  CHECK(letters(s.try_receive(2)) == "ef");
  CHECK(letters(some.try_receive(9)) == "lagged: 1 events missed");
  CHECK(letters(some.try_receive(9)) == "g");
  CHECK(letters(none.try_receive(9)) == "g");  // what it missed it did not want
  CHECK(s.stats().missed == 4);
  CHECK(none.stats().missed == 0);
}

TEST_CASE("disconnect tells how many, and closes") {
  line_of_one l;
  auto s = l.subscribe(kStart, only({"a", "d"}), {3, lag_policy::disconnect});
  REQUIRE(l.publish("abc").ok());
  CHECK(letters(s.try_receive(1)) == "a");
  REQUIRE(l.publish("dd").ok());
  CHECK(letters(s.try_receive(9)) == "lagged: 2 events missed");
  CHECK(letters(s.try_receive(9)) == "closed");
  CHECK(s.stats().closed);
}

TEST_CASE("what was truncated is missed, wanted or not") {
  for (const lag_policy policy : {lag_policy::block, lag_policy::drop_oldest, lag_policy::disconnect}) {
    line_of_one l;
    auto s = l.subscribe(kStart, only({"e"}), {100, policy});
    REQUIRE(l.publish("abcde").ok());
    REQUIRE(l.s.truncate_before(2).ok());
    const bool cut = policy == lag_policy::disconnect;
    CHECK(letters(s.try_receive(9)) == (cut ? "lagged: 3 events missed" : "lagged: 2 events missed"));
    CHECK(letters(s.try_receive(9)) == (cut ? "closed" : "e"));
  }
}

TEST_CASE("what is truncated between two looks is missed, not skipped") {
  for (const sequence first : {0u, 5u}) {
    store_options o;
    o.first = first;
    line_of_one l(o);
    auto s = l.subscribe(kStart, {}, {2, lag_policy::drop_oldest});
    auto all = l.subscribe(kStart);
    REQUIRE(l.publish("abcdef").ok());
    l.s.hook = [&] { (void)l.s.truncate_before(first + 3); };  // a, b, c are gone when the list is asked for
    CHECK(letters(all.try_receive(9)) == "lagged: 3 events missed");
    CHECK(letters(all.try_receive(9)) == "def");
    CHECK(letters(s.try_receive(9)) == "lagged: 4 events missed");
    CHECK(letters(s.try_receive(9)) == "ef");
  }
}

TEST_CASE("what is appended while somebody catches up comes next") {
  line_of_one l;
  auto s = l.subscribe(kStart), some = l.subscribe(kStart, only({"b", "c"}));
  REQUIRE(l.publish("ab").ok());
  bool published = false;
  l.s.hook = [&] {  // between the look at the log's end and the reading
    if (!std::exchange(published, true)) (void)l.publish("c").ok();
  };
  CHECK(letters(s.try_receive(9)) == "ab");
  CHECK(letters(s.try_receive(9)) == "c");
  CHECK(letters(some.try_receive(9)) == "bc");
}

TEST_CASE("a closed bus is received to its end") {
  line_of_one l;
  auto s = l.subscribe(kStart);
  REQUIRE(l.publish("ab").ok());
  l.line.close();
  CHECK(l.publish("c").error() == error{.code = errc::closed});
  CHECK(l.line.subscribe(kStart).error() == error{.code = errc::closed});
  CHECK(letters(s.receive(1)) == "a");
  CHECK(letters(s.receive(1)) == "b");
  CHECK(letters(s.receive(1)) == "closed");
}

TEST_CASE("a subscription that is destroyed holds nobody up, and outlives its bus") {
  store s({});
  std::optional<subscription<store>> left;
  {
    bus<model_design> line(s);
    left.emplace(line.subscribe(kStart).value());
    { const auto gone = line.subscribe(kStart, {}, {1, lag_policy::block}); }
    draft d;
    d.what = kind::claimed;
    d.entity = "a";
    const std::vector<draft> batch(5, d);
    CHECK(line.publish(batch, {}, kNow).ok());
    CHECK(line.publish(batch, {}, kNow).ok());
  }
  CHECK(left->receive(100)->size() == 10);
  CHECK(left->receive(1).error() == error{.code = errc::closed});
}

TEST_CASE("patience ends, and not before its time") {
  line_of_one l;
  auto s = l.subscribe(kStart, {}, {1, lag_policy::block});
  const auto since = std::chrono::steady_clock::now();
  CHECK(letters(s.receive(1, std::chrono::milliseconds(20))) == "timed_out");
  REQUIRE(l.publish("a").ok());
  CHECK(l.publish("b", std::chrono::milliseconds(20)).error() == error{.code = errc::timed_out});
  CHECK(std::chrono::steady_clock::now() - since >= std::chrono::milliseconds(40));
  CHECK(l.s.stats().events == 1);
}

TEST_CASE("who waits is woken by what it waits for", "[threads]") {
  line_of_one l;
  auto s = l.subscribe(kStart, {}, {1, lag_policy::block});
  std::atomic<int> wrong{0};
  {
    const std::jthread publisher([&] {
      for (int i = 0; i < 300; ++i) wrong += l.publish("a", kForever).ok() ? 0 : 1;
    });
    for (int i = 0; i < 300; ++i) wrong += s.receive(10).ok() ? 0 : 1;
  }
  CHECK(wrong.load() == 0);
  CHECK(s.stats().delivered == 300);
}

}  // namespace
}  // namespace copycost::event_store
