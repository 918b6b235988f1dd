// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/record/filter.h"

#include "property_tests/catch.h"
#include "property_tests/scenarios/event_store/made_events.h"

namespace copycost::event_store {
namespace {

bool fits(const filter& f, const owned_draft& d) { return f.matches(made_event(0, d).view()); }
owned_draft at(std::int64_t time) { return said("a", claimed_body{"x"}, time); }

TEST_CASE("an empty filter fits everything") {
  CHECK(filter().wants_everything());
  for (const owned_draft& d : {at(0), file_event("added", "f"), said("", worker_unhealthy_body{"w", "r"})})
    CHECK(fits({}, d));
}

TEST_CASE("both ends of a time belong to it") {
  filter f;
  f.from = 10;
  f.to = 20;
  CHECK_FALSE(f.wants_everything());
  CHECK(fits(f, at(10)));
  CHECK(fits(f, at(20)));
  CHECK_FALSE(fits(f, at(9)));
  CHECK_FALSE(fits(f, at(21)));
}

TEST_CASE("kinds, and the names of other kinds, are alternatives") {
  filter f;
  f.kinds = {kind::claimed};
  CHECK(fits(f, at(0)));
  CHECK_FALSE(fits(f, file_event("added", "a")));
  f.kind_names = {"added"};
  CHECK(fits(f, file_event("added", "a")));
  CHECK_FALSE(fits(f, file_event("deleted", "a")));
  f.kinds = {kind::other};
  CHECK(fits(f, file_event("deleted", "a")));
  CHECK_FALSE(fits(f, at(0)));
}

TEST_CASE("a name of one of the eleven as that of another kind is another kind") {
  filter f;
  f.kind_names = {"claimed"};
  CHECK(fits(f, file_event("claimed", "a")));
  CHECK_FALSE(fits(f, at(0)));
}

TEST_CASE("one entity, several, and none") {
  filter f;
  f.entities = {"a", "b"};
  CHECK(fits(f, at(0)));
  CHECK(fits(f, file_event("added", "b")));
  CHECK_FALSE(fits(f, file_event("added", "ab")));
  CHECK_FALSE(fits(f, said("", worker_unhealthy_body{"w", "r"})));
}

TEST_CASE("all that is set must fit") {
  filter f;
  f.entities = {"a"};
  f.kinds = {kind::claimed};
  f.from = 5;
  CHECK(fits(f, at(5)));
  CHECK_FALSE(fits(f, at(4)));
  CHECK_FALSE(fits(f, said("b", claimed_body{"x"}, 5)));
  CHECK_FALSE(fits(f, said("a", failed_body{"x"}, 5)));
}

}  // namespace
}  // namespace copycost::event_store
