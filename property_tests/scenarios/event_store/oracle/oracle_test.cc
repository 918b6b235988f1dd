// SPDX-License-Identifier: Apache-2.0
// The oracle is what designs are compared with, so it is compared with values that were worked out by hand.
#include "scenarios/event_store/oracle/oracle.h"

#include <string>
#include <vector>

#include "property_tests/catch.h"

namespace copycost::event_store {
namespace {

std::uint64_t noon() { return 43'200'000; }
store_options at_noon(sequence first = 0) {
  store_options o;
  o.first = first;
  o.now_ms = &noon;
  return o;
}

owned_draft of(std::string entity, std::size_t payload = 0) {
  owned_draft d;
  d.what = kind::claimed;
  d.entity = std::move(entity);
  d.payload.resize(payload);
  return d;
}
result<appended> append(model_store& s, const std::vector<owned_draft>& batch, std::optional<sequence> expected = {}) {
  return s.append(views(batch), expected);
}

std::string numbers(const result<model_list>& list) {
  if (!list.ok()) return to_string(list.error());
  std::string text;
  for (const event_ptr& e : list.value()) text += (text.empty() ? "" : " ") + std::to_string(e->seq);
  return text;
}

TEST_CASE("the oracle numbers events from the first sequence on") {
  model_store s(at_noon(10));
  CHECK(s.range() == bounds{10, 10});
  CHECK(append(s, {of("a"), of("b")})->first == 10);
  const auto more = append(s, {of("a"), of("c"), of("a")});
  CHECK(more->first == 12);
  CHECK(more->last == 14);
  CHECK(more->id == s.snapshot().events.back()->id);
  CHECK(s.range() == bounds{10, 15});
  CHECK(s.bytes() == 5 * 64);
}

TEST_CASE("the oracle reads behind a checkpoint") {
  model_store s(at_noon(10));
  append(s, {of("a"), of("b"), of("a"), of("c"), of("a")}).value();
  const model_snapshot& now = s.snapshot();
  CHECK(numbers(now.read(kStart)) == "10 11 12 13 14");
  CHECK(numbers(now.read(9)) == "10 11 12 13 14");
  CHECK(numbers(now.read(10)) == "11 12 13 14");
  CHECK(numbers(now.read(12, 1)) == "13");
  CHECK(numbers(now.read(12, 0)) == "");
  CHECK(numbers(now.read(14)) == "");
  CHECK(numbers(now.read(15)) == "checkpoint_not_found: 15 is not there; the store holds 10 to 14");
  CHECK(numbers(now.read(8)) == "checkpoint_not_found: 8 is not there; the store holds 10 to 14");
  CHECK(numbers(now.read_entity("a", kStart)) == "10 12 14");
  CHECK(numbers(now.read_entity("a", 10, 1)) == "12");
  CHECK(numbers(now.read_entity("b", 11)) == "");
  CHECK(numbers(now.read_entity("d", 11)) == "entity_not_found");
  CHECK(numbers(now.read_entity("", kStart)) == "entity_not_found");
  CHECK(numbers(now.read_entity("d", 8)) == "checkpoint_not_found: 8 is not there; the store holds 10 to 14");
  CHECK(now.entities() == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("an empty store has one checkpoint") {
  const model_store s(at_noon(10)), zero(at_noon(0));
  CHECK(numbers(s.snapshot().read(kStart)) == "");
  CHECK(numbers(s.snapshot().read(9)) == "");
  CHECK(numbers(s.snapshot().read(10)) == "checkpoint_not_found: 10 is not there; the store holds 10 to 9");
  CHECK(numbers(zero.snapshot().read(kStart)) == "");
  CHECK(numbers(zero.snapshot().read(0)) == "checkpoint_not_found: 0 is not there; the store holds 0 to the start");
}

TEST_CASE("the oracle expects what the caller expects") {
  model_store s(at_noon());
  CHECK(append(s, {of("a")}, 0).error() == error{.code = errc::wrong_expected_version, .seq = kStart, .expected = 0});
  CHECK(append(s, {of("a")}, kStart).ok());
  CHECK(append(s, {of("a")}, kStart).error() ==
        error{.code = errc::wrong_expected_version, .seq = 0, .expected = kStart});
  CHECK(append(s, {of("a")}, 0).ok());
  CHECK(append(s, {}, 5).error() == error{.code = errc::empty_batch});
  CHECK(s.range() == bounds{0, 2});
}

TEST_CASE("a refused batch leaves nothing, and no gap in the ids") {
  model_store s(at_noon()), other(at_noon());
  append(s, {of("a")}).value();
  append(other, {of("a")}).value();
  CHECK(append(s, {of("a"), of("")}).error() == error{.code = errc::bad_name, .expected = 1024, .got = 0});
  CHECK(s.range() == bounds{0, 1});
  CHECK(append(s, {of("b")})->id == append(other, {of("b")})->id);
}

TEST_CASE("the oracle's ids begin with the clock and rise by one") {
  model_store s(at_noon());
  append(s, {of("a"), of("b")}).value();
  const ulid one = s.snapshot().events[0]->id, two = s.snapshot().events[1]->id;
  CHECK(one.milliseconds() == noon());
  CHECK(two == ulid{one.high, one.low + 1});
}

TEST_CASE("truncation takes the front and keeps the numbers") {
  model_store s(at_noon());
  append(s, {of("a"), of("b"), of("c")}).value();
  const model_snapshot before = s.snapshot();
  CHECK(s.truncate_before(1).ok());
  CHECK(s.range() == bounds{1, 3});
  CHECK(numbers(s.snapshot().read_entity("a", kStart)) == "entity_not_found");
  CHECK(s.truncate_before(0).ok());
  CHECK(s.truncate_before(4).error() == error{.code = errc::checkpoint_not_found, .seq = 4, .expected = 1, .got = 2});
  CHECK(s.truncate_before(3).ok());
  CHECK(s.range() == bounds{3, 3});
  CHECK(append(s, {of("d")}, 2)->first == 3);
  CHECK(numbers(before.read(kStart)) == "0 1 2");
}

TEST_CASE("retention keeps the latest, and at least one") {
  store_options o = at_noon();
  o.events_max = 2;
  model_store by_events(o);
  append(by_events, {of("a"), of("b"), of("c")}).value();
  CHECK(by_events.range() == bounds{1, 3});
  o.events_max = 0;
  o.bytes_max = 128;
  model_store by_bytes(o);
  append(by_bytes, {of("a"), of("b"), of("c")}).value();  // 64 bytes each
  CHECK(by_bytes.range() == bounds{1, 3});
  append(by_bytes, {of("a", 100)}).value();  // 168: more than all that may stay
  CHECK(by_bytes.range() == bounds{3, 4});
}

TEST_CASE("a difference names the field") {
  owned_event e{7, {1, 2}, of("a", 3)};
  e.content.related = "r";
  e.content.source = "s";
  e.content.time = 5;
  std::vector<std::byte> bytes(e.padded_bytes());
  write_record(bytes.data(), e.seq, e.id, e.content.view());
  const event_view view(bytes.data());
  CHECK(difference(view, e).empty());
  CHECK(owned(view) == e);
  const auto changed = [&](auto change) {
    owned_event other = e;
    change(other);
    return difference(view, other);
  };
  CHECK(changed([](owned_event& o) { o.seq = 8; }) == "sequence: 7, expected 8");
  CHECK(changed([](owned_event& o) { o.id.low = 3; }).starts_with("id of 7: "));
  CHECK(changed([](owned_event& o) { o.content.entity = "b"; }) == "entity of 7: 'a', expected 'b'");
  CHECK(changed([](owned_event& o) { o.content.what = kind::failed; }) == "kind of 7: 'claimed', expected 'failed'");
  CHECK(changed([](owned_event& o) { o.content.related = "x"; }) == "related of 7: 'r', expected 'x'");
  CHECK(changed([](owned_event& o) { o.content.source = "x"; }) == "source of 7: 's', expected 'x'");
  CHECK(changed([](owned_event& o) { o.content.time = 6; }) == "time of 7: 5, expected 6");
  CHECK(changed([](owned_event& o) { o.content.payload[1] = std::byte{1}; }) ==
        "payload of 7: byte 1 of 3 is 0x00, expected 0x01");
  CHECK(changed([](owned_event& o) { o.content.payload.push_back({}); }) == "size of 7: 62 bytes, expected 63");
  CHECK(changed([](owned_event& o) {
          o.content.related = "";
          o.content.payload.push_back({});
        }) == "related of 7: 'r', expected ''");
}

}  // namespace
}  // namespace copycost::event_store
