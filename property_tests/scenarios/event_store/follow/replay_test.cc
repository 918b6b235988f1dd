// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/follow/replay.h"

#include <string>
#include <vector>

#include "property_tests/catch.h"
#include "property_tests/scenarios/event_store/made_events.h"
#include "property_tests/scenarios/event_store/model_design.h"

namespace copycost::event_store {
namespace {

// A store with an event for each letter, whose entity is the letter and whose time is its number.
struct letters {
  explicit letters(const std::string& all, sequence first = 0) : s(with_first(first)) {
    std::vector<owned_draft> batch;
    for (const char c : all)
      batch.push_back(said(std::string(1, c), claimed_body{"x"}, static_cast<int>(batch.size())));
    if (!batch.empty()) REQUIRE(s.append(views(batch)).ok());
  }
  static store_options with_first(sequence first) {
    store_options o;
    o.first = first;
    return o;
  }
  std::string replayed_as(const replay_request& r, std::size_t most = 1000) {
    std::string seen;
    const auto done = replay(s.reader()->snapshot(), r, [&](const event_view& e) {
      seen += e.entity();
      return seen.size() < most;
    });
    if (!done.ok()) return to_string(done.error());
    REQUIRE(done->applied == seen.size());
    return seen + (done->whole ? "." : "@" + std::to_string(done->checkpoint));
  }
  model_design::store s;
};
replay_request after(sequence seq, std::vector<std::string> entities = {}) {
  replay_request r{.after = seq, .wanted = {}, .progress = {}};
  r.wanted.entities = std::move(entities);
  return r;
}

TEST_CASE("replay: everything, and what lies behind a checkpoint") {
  letters l("abcab", 10);
  CHECK(l.replayed_as(after(kStart)) == "abcab.");
  CHECK(l.replayed_as(after(9)) == "abcab.");
  CHECK(l.replayed_as(after(10)) == "bcab.");
  CHECK(l.replayed_as(after(14)) == ".");
  CHECK(letters("").replayed_as(after(kStart)) == ".");
}

TEST_CASE("replay: an unknown checkpoint is an error, and not everything") {
  letters l("abcab", 10);
  const std::string why = " is not there; the store holds 10 to 14";
  CHECK(l.replayed_as(after(15)) == "checkpoint_not_found: 15" + why);
  CHECK(l.replayed_as(after(8)) == "checkpoint_not_found: 8" + why);
  CHECK(l.replayed_as(after(15, {"a"})) == "checkpoint_not_found: 15" + why);
  REQUIRE(l.s.truncate_before(12).ok());
  CHECK(l.replayed_as(after(10)) == "checkpoint_not_found: 10 is not there; the store holds 12 to 14");
  CHECK(l.replayed_as(after(11)) == "cab.");
  CHECK(l.replayed_as(after(kStart)) == "cab.");
}

TEST_CASE("replay: an unknown entity is an error, and not nothing") {
  letters l("abcab");
  CHECK(l.replayed_as(after(kStart, {"a"})) == "aa.");
  CHECK(l.replayed_as(after(0, {"a"})) == "a.");
  CHECK(l.replayed_as(after(3, {"a"})) == ".");
  CHECK(l.replayed_as(after(kStart, {"a", "c"})) == "aca.");
  CHECK(l.replayed_as(after(kStart, {"z"})) == "entity_not_found");
  CHECK(l.replayed_as(after(kStart, {"a", "z"})) == "entity_not_found");
  CHECK(l.replayed_as(after(kStart, {""})) == "entity_not_found");
}

TEST_CASE("replay: a request that can mean nothing is refused") {
  letters l("ab");
  replay_request r = after(kStart);
  r.wanted.from = 1;
  r.wanted.to = 0;
  CHECK(l.replayed_as(r) == "invalid_filter");
  r = after(kStart);
  r.every = 0;
  CHECK(l.replayed_as(r) == "bad_options: option 1");
  r = after(kStart);
  r.step = 0;
  CHECK(l.replayed_as(r) == "bad_options: option 2");
}

TEST_CASE("replay: filters of time and kind are combined with the checkpoint") {
  letters l("abcabc");
  replay_request r = after(0);
  r.wanted.from = 1;
  r.wanted.to = 4;
  CHECK(l.replayed_as(r) == "bcab.");
  r.wanted.entities = {"a", "b"};
  r.wanted.to = 3;
  CHECK(l.replayed_as(r) == "ba.");
  r.wanted.kinds = {kind::failed};
  CHECK(l.replayed_as(r) == ".");
}

TEST_CASE("replay: steps of any size show the same") {
  letters l("abcabcabc");
  for (std::size_t step = 1; step < 12; ++step) {
    replay_request r = after(1);
    r.step = step;
    CHECK(l.replayed_as(r) == "cabcabc.");
    r.wanted.entities = {"c"};
    CHECK(l.replayed_as(r) == "ccc.");
  }
}

TEST_CASE("replay: who stops is told where, and goes on there") {
  letters l("abcabc");
  CHECK(l.replayed_as(after(kStart), 2) == "ab@1");
  CHECK(l.replayed_as(after(1), 2) == "ca@3");
  CHECK(l.replayed_as(after(kStart, {"c"}), 1) == "c@2");
  CHECK(l.replayed_as(after(2, {"c"}), 5) == "c.");
}

TEST_CASE("replay: progress is told every so many events, and once at the end") {
  letters l("abcabca", 10);
  std::string told;
  replay_request r = after(10);
  r.every = 2;
  r.progress = [&](const replay_progress& p) {
    told += std::to_string(p.done) + "/" + std::to_string(p.total) + "@" + std::to_string(p.at) + " ";
    return true;
  };
  CHECK(l.replayed_as(r) == "bcabca.");
  CHECK(told == "2/6@12 4/6@14 6/6@16 ");
  told.clear();
  r.after = 16;
  CHECK(l.replayed_as(r) == ".");
  CHECK(told == "0/0@16 ");
}

TEST_CASE("replay: progress that says no stops it behind a whole event") {
  letters l("abcabca");
  replay_request r = after(kStart);
  r.every = 3;
  r.progress = [](const replay_progress&) { return false; };
  CHECK(l.replayed_as(r) == "abc@2");
  r.after = 2;
  CHECK(l.replayed_as(r) == "abc@5");
  r.after = 5;
  CHECK(l.replayed_as(r) == "a.");  // all were passed: there is nothing left to stop
}

TEST_CASE("replay: an error of whoever applies ends it") {
  letters l("abc");
  int seen = 0;
  const auto done = replay(l.s.reader()->snapshot(), after(kStart), [&](const event_view& e) -> result<void> {
    ++seen;
    if (e.seq() == 1) return error{.code = errc::invalid_body, .seq = 1, .at = 5};
    return {};
  });
  REQUIRE_FALSE(done.ok());
  CHECK(done.error() == error{.code = errc::invalid_body, .seq = 1, .at = 5});
  CHECK(seen == 2);
}

}  // namespace
}  // namespace copycost::event_store
