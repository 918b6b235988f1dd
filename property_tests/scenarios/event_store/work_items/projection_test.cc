// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/work_items/projection.h"

#include <string>
#include <vector>

#include "property_tests/catch.h"
#include "property_tests/scenarios/event_store/made_events.h"
#include "scenarios/event_store/work_items/life.h"

namespace copycost::event_store {
namespace {

// A projection that gets event after event.
struct teller {
  projection p;
  sequence next = 0;
  result<void> tell(const owned_draft& d) { return p.apply(made_event(next++, d).view()); }
  std::string told(const owned_draft& d) {
    const auto done = tell(d);
    return done.ok() ? "ok" : to_string(done.error());
  }
  const work_item& item(std::string_view name) const { return *p.items().get(name); }
};
created_body spec_of(std::vector<std::string_view> dependencies = {}, std::uint32_t priority = 100) {
  return {"t", {}, std::move(dependencies), {}, priority, complexity::medium, {}};
}
std::string names(const work_items::entries& all) {
  std::string out;
  for (const auto& e : all) out += (out.empty() ? "" : " ") + std::string(e.name);
  return out;
}
void move(teller& t, const std::string& name, state from, state to) {
  REQUIRE(t.tell(said(name, state_changed_body{from, to, {}})).ok());
}

TEST_CASE("work items: a life, with times from its events") {
  teller t;
  REQUIRE(
      t.tell(said("a", created_body{"title", "d", {"b", "c", "b"}, {"red"}, 5, complexity::simple, "{}"}, 100)).ok());
  REQUIRE(t.tell(said("a", state_changed_body{state::pending, state::scheduled, "why"}, 200)).ok());
  REQUIRE(t.tell(said("a", dependency_resolved_body{}, 201, "b")).ok());
  REQUIRE(t.tell(said("a", claimed_body{"agent"}, 202)).ok());
  REQUIRE(t.tell(said("a", phase_completed_body{{1, 2}, "cut", true, "x", {}}, 203)).ok());
  REQUIRE(t.tell(said("a", failed_body{"oh"}, 204)).ok());
  REQUIRE(t.tell(said("a", priority_changed_body{5, 1}, 205)).ok());
  REQUIRE(t.tell(said("a", metadata_updated_body{"[1]"}, 206)).ok());
  const work_item& a = t.item("a");
  CHECK(a.now == state::scheduled);
  CHECK(a.created == 100);
  CHECK(a.what == spec{"title", "d", {"b", "c", "b"}, {"red"}, 1, complexity::simple, "[1]"});
  CHECK(a.blocked_by == std::vector<std::string>{"c"});
  CHECK(a.phase == "cut");
  CHECK(a.phases == 1);
  CHECK(a.claimed_by == "agent");
  CHECK(a.failures == 1);
  CHECK(a.last_failure == "oh");
  CHECK(a.history == std::vector<transition>{{1, 200, state::pending, state::scheduled, "why"}});
  REQUIRE(t.tell(said("a", unclaimed_body{{}}, 207)).ok());
  REQUIRE(t.tell(said("a", completed_body{true, "out", {}, 9}, 300)).ok());
  CHECK(a.now == state::completed);
  CHECK_FALSE(a.claimed_by);
  CHECK(a.result == outcome{true, "out", {}, 9});
  CHECK(a.history.back() == transition{9, 300, state::scheduled, state::completed, {}});
  CHECK(t.p.items().count_in_state(state::completed) == 1);
  CHECK(t.p.items().count_in_state(state::scheduled) == 0);
}

TEST_CASE("work items: every transition of the table is taken, and no other") {
  for (unsigned from = 0; from < kStates; ++from)
    for (unsigned to = 0; to < kStates; ++to) {
      teller t;
      REQUIRE(t.tell(said("a", spec_of())).ok());
      const auto target = static_cast<state>(from);
      // To what is not next to pending.
      static constexpr state kWay[] = {state::scheduled, state::ready, state::running};
      if (target == state::completed) move(t, "a", state::pending, target);
      for (state at = state::pending; const state next : kWay) {
        if (at == target || target == state::completed) break;
        move(t, "a", at, next);
        at = next;
      }
      if (from > 3 && target != state::completed) move(t, "a", state::running, target);
      REQUIRE(t.item("a").now == target);
      const auto wanted = static_cast<state>(to);
      const std::uint64_t seq = t.next;
      const auto done = t.tell(said("a", state_changed_body{target, wanted, {}}));
      CAPTURE(to_string(target), to_string(wanted));
      REQUIRE(done.ok() == can_transition(target, wanted));
      CHECK(t.item("a").now == (done.ok() ? wanted : target));
      CHECK(t.p.refused() == (done.ok() ? 0 : 1));
      if (!done.ok()) CHECK(done.error() == error{errc::invalid_transition, seq, 0, from, to});
    }
}

TEST_CASE("work items: what is refused changes nothing but the count") {
  teller t;
  CHECK(t.told(said("a", claimed_body{"x"})) == "entity_not_found");
  CHECK(t.told(said("a", spec_of())) == "ok");
  CHECK(t.told(said("a", spec_of({"b"}))) == "invalid_transition: sequence 2: from state 0 to 0");
  CHECK(t.told(said("a", state_changed_body{state::ready, state::running, {}})) ==
        "invalid_transition: sequence 3: from state 0 to 3");  // it is not where the event says
  owned_draft torn = said("a", failed_body{"abc"});
  torn.payload.pop_back();
  CHECK(t.told(torn) == "invalid_body: sequence 4: at byte 5 of the payload");
  CHECK(t.told(said("a", completed_body{})) == "ok");
  CHECK(t.told(said("a", completed_body{})) == "invalid_transition: sequence 6: from state 7 to 7");
  CHECK(t.item("a").blocked_by.empty());
  CHECK(t.item("a").history.size() == 1);
  CHECK(t.p.refused() == 5);
  CHECK(t.p.events() == 7);
  CHECK(t.p.entities().all().at("a").count == 7);  // the tally counts every event
}

TEST_CASE("work items: completed by a change of state still takes its result") {
  teller t;
  REQUIRE(t.tell(said("a", spec_of())).ok());
  move(t, "a", state::pending, state::completed);
  CHECK_FALSE(t.item("a").result);
  CHECK(t.told(said("a", completed_body{false, {}, "e", 1})) == "ok");
  CHECK(t.item("a").result == outcome{false, {}, "e", 1});
  CHECK(t.item("a").history.size() == 1);
}

TEST_CASE("work items: queries") {
  teller t;
  for (const char* name : {"c", "a", "b", "d"}) REQUIRE(t.tell(said(name, spec_of({}, *name == 'b' ? 1 : 100))).ok());
  REQUIRE(t.tell(said("e", spec_of({"a", "b"}))).ok());
  for (const char* name : {"a", "b", "e"}) {
    move(t, name, state::pending, state::scheduled);
    move(t, name, state::scheduled, state::ready);
  }
  REQUIRE(t.tell(said("a", claimed_body{"agent"})).ok());
  REQUIRE(t.tell(said("c", phase_completed_body{{}, "cut", true, "", {}})).ok());
  move(t, "d", state::pending, state::completed);
  const work_items& all = t.p.items();
  CHECK(names(all.in_state(state::ready)) == "a b e");
  CHECK(names(all.ready()) == "b");  // a is claimed, e is blocked
  CHECK(names(all.blocked()) == "e");
  CHECK(names(all.claimed_by("agent")) == "a");
  CHECK(names(all.claimed_by("nobody")) == "");
  CHECK(names(all.unclaimed()) == "b c e");
  CHECK(names(all.in_phase("cut")) == "c");
  CHECK(names(all.dependents_of("a")) == "e");
  CHECK(names(all.all_sorted()) == "b a c d e");
  CHECK(all.count_in_state(state::pending) == 1);
  CHECK(all.get("zz") == nullptr);
  for (const char* name : {"a", "b"}) REQUIRE(t.tell(said("e", dependency_resolved_body{}, 0, name)).ok());
  CHECK(names(all.blocked()) == "");
  CHECK(names(all.ready()) == "b e");
  CHECK(names(all.dependents_of("a")) == "e");
}

TEST_CASE("work items: reports about workers belong to no item") {
  teller t;
  REQUIRE(t.tell(said("", worker_unhealthy_body{"w", "slow"}, 5)).ok());
  REQUIRE(t.tell(said("", worker_unhealthy_body{"w", "gone"}, 6)).ok());
  CHECK(t.p.items().workers().at("w") == worker_reports{2, 6, "gone"});
  CHECK(t.p.items().size() == 0);
  CHECK(t.p.entities().all().empty());
}

TEST_CASE("living: files come, go and change their names") {
  teller t;
  for (const owned_draft& d : {file_event("added", "a"), file_event("added", "b"), file_event("modified", "a"),
                               file_event("renamed", "c/d", "a"), file_event("deleted", "b"),
                               file_event("added", "b\n"), file_event("touched", "z")})
    REQUIRE(t.tell(d).ok());
  CHECK(sorted(t.p.alive().names()) == std::vector<std::string_view>{"b\n", "c/d"});
  CHECK(t.p.alive().seen() == 6);
  // printf 'b\n\nc/d' | sha256sum
  CHECK(t.p.alive().sha256_of_names() == "181aa6a8ee8dd3bdbee99929110142bdad2aeafdac1a6af36e406f9e0604f9d1");
  CHECK(t.p.entities().all().at("a") == tally{2, 2, "modified"});
  CHECK(t.p.entities().all().at("z") == tally{1, 6, "touched"});
  CHECK(living().sha256_of_names() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("projection: an event is applied once, and in order") {
  teller t;
  REQUIRE(t.tell(said("a", spec_of())).ok());
  const std::string before = t.p.save();
  CHECK(t.p.apply(made_event(0, said("b", spec_of())).view()).error() ==
        error{.code = errc::wrong_expected_version, .seq = 0, .expected = kStart});
  CHECK(t.p.save() == before);
  CHECK(t.p.apply(made_event(7, said("b", spec_of())).view()).ok());  // a filter may leave some out
  CHECK(t.p.last() == 7);
}

TEST_CASE("projection: saved bytes do not tell in which order names were hashed") {
  teller one, other;
  for (int i = 0; i < 300; ++i) REQUIRE(one.tell(file_event("added", "f" + std::to_string(i))).ok());
  for (int i = 0; i < 300; ++i) REQUIRE(other.tell(file_event("added", "f" + std::to_string(299 - i))).ok());
  std::string a, b;
  flat_writer to_a(a), to_b(b);
  one.p.alive().save(to_a);
  other.p.alive().save(to_b);
  CHECK(a == b);
}

TEST_CASE("projection: what is saved is restored, and nothing else is") {
  life lives({.seed = 3, .items = 6});
  teller t;
  for (const owned_draft& d : lives.next(300)) REQUIRE(t.tell(d).ok());
  REQUIRE(t.tell(file_event("added", "f")).ok());
  const std::string saved = t.p.save();
  CHECK(projection::restore(view_of(saved)).value() == t.p);
  CHECK(projection::restore(view_of(saved + "x")).error().at == saved.size());
  CHECK(projection::restore({}).error().code == errc::foreign_file);
  std::string newer = saved;
  newer[4] = 2;
  CHECK(projection::restore(view_of(newer)).error() ==
        error{.code = errc::unsupported_version, .expected = 1, .got = 2});
  for (std::size_t n = 0; n < saved.size(); n += 7) CHECK_FALSE(projection::restore(view_of(saved.substr(0, n))).ok());
}

TEST_CASE("projection: hostile bytes restore to what saves as the same bytes, or not at all") {
  life lives({.seed = 4, .items = 3});
  teller t;
  for (const owned_draft& d : lives.next(30)) REQUIRE(t.tell(d).ok());
  const std::string saved = t.p.save();
  rng random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = saved;
    for (std::uint64_t n = 1 + random.below(3); n > 0; --n)
      bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    if (random.below(4) == 0) bytes.resize(random.below(bytes.size()));
    const std::vector<std::byte> exact = bytes_of(bytes);
    const auto back = projection::restore(exact);
    if (back.ok()) REQUIRE(back->save() == bytes);
  }
}

TEST_CASE("projection: the digest of a small history is that of the README") {
  teller t;
  REQUIRE(t.tell(file_event("added", "a")).ok());
  REQUIRE(t.tell(file_event("renamed", "b", "a")).ok());
  CHECK(t.p.save().size() == 4 + 4 + 4 * 8 + 4 + 4 + (8 + 4 + 5) + 4 + (5 + 8 + 8 + 9) + (5 + 8 + 8 + 11));
  CHECK(t.p.digest() == "043f67548edd08b9d632d38ed5fa4e2ae169565ef47c655594bdea7f8c5491ef");
}

TEST_CASE("lives: the same seed makes the same events, which are accepted") {
  for (const std::uint64_t seed : {1u, 2u, 77u}) {
    life one({.seed = seed, .items = 20}), other({.seed = seed, .items = 20});
    teller t;
    std::uint64_t kinds = 0;
    for (int i = 0; i < 3000; ++i) {
      const owned_draft d = one.next();
      REQUIRE(d == other.next());
      REQUIRE(t.told(d) == "ok");
      kinds |= std::uint64_t{1} << static_cast<unsigned>(d.what);
    }
    CHECK(kinds == 0x7FF);  // all eleven
    CHECK(t.p.items().count_in_state(state::completed) > 0);
  }
}

}  // namespace
}  // namespace copycost::event_store
