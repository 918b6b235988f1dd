// SPDX-License-Identifier: Apache-2.0
// JSON Lines of events: what is read, and what each fault is called.
#include <string>

#include "harness/core/failure.h"
#include "harness/core/text.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/event_store/made_events.h"
#include "property_tests/scratch.h"
#include "scenarios/event_store/input_events.h"

namespace copycost::event_store {
namespace {

input_file file_of(const std::string& text) { return {"e.jsonl", bytes_of(text), false, 0}; }
std::string line(int seq, const std::string& more = {}, const std::string& kind = "touched") {
  return R"({"seq":)" + std::to_string(seq) + R"(,"id":"i","entity":"a","kind":")" + kind + R"(","time":5,"payload":"p")" +
         more + "}\n";
}
// Why an input is refused: one line, and exit code 2.
std::string refusal(const std::string& text) {
  try {
    const input_events events(file_of(text));
    return "accepted: " + std::to_string(events.drafts().size());
  } catch (const failure& e) {
    CHECK(e.code == exit_code::usage);
    CHECK(std::string(e.what()).find('\n') == std::string::npos);
    return e.what();
  }
}

TEST_CASE("input: a line is an event, field by field") {
  const input_events events(file_of(
      R"({"seq":7,"id":"c-0","entity":"src/\u20ac","kind":"renamed","time":-3,"payload":"x | +1 -2","from":"old","author_hash":"1"})"
      "\r\n\n" +
      line(8)));
  REQUIRE(events.drafts().size() == 2);
  CHECK(events.first() == 7);
  CHECK(events.last() == 8);
  const owned_draft d = owned(events.drafts()[0]);
  CHECK(d == owned_draft{kind::other, "renamed", "src/\u20ac", "old", "c-0", -3, bytes_of("x | +1 -2")});
  CHECK(owned(events.drafts()[1]).kind_name == "touched");
  CHECK_FALSE(events.of_git());
}

TEST_CASE("input: kinds of ours have bodies, as text or in words") {
  const std::string worker =
      R"({"seq":1,"id":"i","kind":"worker_unhealthy","time":5,"payload":{"worker":"w","reason":"r"}})";
  const input_events events(file_of(
      R"({"seq":0,"id":"i","entity":"a","kind":"created","time":5,"payload":{"title":"t"}})" "\n" + worker + "\n" +
      line(2, "", "failed")));
  CHECK(owned(events.drafts()[0]).payload ==
        bytes_of(encode(created_body{"t", {}, {}, {}, 100, complexity::medium, {}})));
  CHECK(decode(kind::created, events.drafts()[0].payload).ok());
  CHECK(events.drafts()[1].entity.empty());
  CHECK(owned(events.drafts()[2]).payload == bytes_of("p"));  // kept as it is, whatever a projection makes of it
}

TEST_CASE("input: each fault is told with its line and what was expected") {
  const std::string ok = line(0);
  CHECK(refusal(ok + "{oh no}\n") == "e.jsonl:2: not JSON: expected an event as one JSON object on one line");
  CHECK(refusal(ok + line(1).substr(0, 30)) == "e.jsonl:2: not JSON: expected an event as one JSON object on one line");
  CHECK(refusal(ok + "[1]\n") == "e.jsonl:2: expected an event as a JSON object");
  CHECK(refusal(ok + "\n\n" + line(2)) == "e.jsonl:4: 'seq' is 2, expected 1: it counts up by one");
  CHECK(refusal(ok + ok) == "e.jsonl:2: 'seq' is 0, expected 1: it counts up by one");
  CHECK(refusal(R"({"seq":-1})") == "e.jsonl:1: 'seq': expected a whole number from 0 on");
  CHECK(refusal(R"({"seq":0.5})") == "e.jsonl:1: 'seq': expected a whole number from 0 on");
  CHECK(refusal(R"({"seq":"0"})") == "e.jsonl:1: 'seq': expected a whole number from 0 on");
  CHECK(refusal(R"({"seq":18446744073709551615})") == "e.jsonl:1: 'seq': expected a number that others can follow");
  CHECK(refusal(R"({"id":"x"})") == "e.jsonl:1: no key 'seq', expected seq, id, entity, kind, time and payload");
  CHECK(refusal(R"({"seq":0})") == "e.jsonl:1: no key 'kind', expected seq, id, entity, kind, time and payload");
  CHECK(refusal(R"({"seq":0,"kind":5})") == "e.jsonl:1: 'kind': expected a text");
  CHECK(refusal(R"({"seq":0,"kind":""})") == "e.jsonl:1: 'kind': expected a name");
  CHECK(refusal(line(0, "", "renamed")) == "e.jsonl:1: renamed without 'from', expected the name before");
  CHECK(refusal(line(0, R"(,"from":"")", "renamed")) == "e.jsonl:1: 'from': expected the name before");
  CHECK(refusal(line(0, R"(,"from":1)", "renamed")) == "e.jsonl:1: 'from': expected a text");
  CHECK(refusal("") == "e.jsonl:1: no event, expected JSON Lines of events");
  CHECK(refusal("\n \n") == "e.jsonl:1: no event, expected JSON Lines of events");
  CHECK(refusal("\xff\xfe") == "e.jsonl:1: not JSON: expected an event as one JSON object on one line");
}

std::string with(const std::string& key, const std::string& value) {
  std::string text = R"({"seq":0,"id":"i","entity":"a","kind":"k","time":5,"payload":"p"})";
  const std::size_t at = text.find("\"" + key + "\":") + key.size() + 3;
  return text.replace(at, text.find_first_of(",}", at) - at, value);
}

TEST_CASE("input: values of the wrong type, names and events that are too large") {
  CHECK(refusal(with("time", "\"5\"")) == "e.jsonl:1: 'time': expected a whole number of seconds");
  CHECK(refusal(with("time", "5.5")) == "e.jsonl:1: 'time': expected a whole number of seconds");
  CHECK(refusal(with("id", "5")) == "e.jsonl:1: 'id': expected a text");
  CHECK(refusal(with("payload", "{}")) == "e.jsonl:1: 'payload': expected a text");
  CHECK(refusal(with("entity", "\"\"")) == "e.jsonl:1: a name of 0 bytes, expected 1 to 1024");
  CHECK(refusal(with("entity", "\"" + std::string(1025, 'x') + "\"")) == "e.jsonl:1: a name of 1025 bytes, expected 1 to 1024");
  const std::size_t most = 262144 - kRecordHeader - 3;  // "k", "a", "i"
  CHECK(refusal(with("payload", "\"" + std::string(most, 'x') + "\"")) == "accepted: 1");
  CHECK(refusal(with("payload", "\"" + std::string(most + 1, 'x') + "\"")) ==
        "e.jsonl:1: an event of 262145 bytes, expected at most 262144");
  CHECK(refusal(R"({"seq":0,"id":"i","entity":"a","kind":"created","time":5,"payload":{}})") ==
        "e.jsonl:1: 'payload': title: expected a text");
}

TEST_CASE("input: refusing looks at the beginning only") {
  CHECK(refuses_input(file_of(line(0) + "{oh no}")).empty());
  CHECK(refuses_input(file_of("some text\n")) ==
        "e.jsonl:1: not JSON: expected an event as one JSON object on one line");
  CHECK(refuses_input(file_of("{\"a\":1}")) == "e.jsonl:1: no key 'seq', expected seq, id, entity, kind, time and payload");
  CHECK(refuses_input(file_of("")) == "e.jsonl:1: no event, expected JSON Lines of events");
}

TEST_CASE("input: a reading is parsed once") {
  const scratch_dir dir;
  replace_file(dir.file("e"), line(0));
  const input_file one = read_input(dir.file("e")), other = read_input(dir.file("e"));
  const auto events = events_of(one);
  CHECK(events_of(one) == events);
  CHECK(events_of(other) != events);
  CHECK(events_of(file_of(line(0)))->drafts().size() == 1);
}

}  // namespace
}  // namespace copycost::event_store
