// SPDX-License-Identifier: Apache-2.0
// JSON Lines of events: what is read, and what each fault is called.
#include <string>

#include "harness/base/failure.h"
#include "harness/base/input/input_door.h"
#include "harness/base/text.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/event_store/made_events.h"
#include "property_tests/scratch.h"
#include "scenarios/event_store/input/input_events.h"

namespace copycost::event_store {
namespace {

input_file file_of(const std::string& text) { return input_of_bytes("e.jsonl", std::as_bytes(std::span(text))); }
std::string line(int seq, const std::string& more = {}, const std::string& kind = "touched") {
  return R"({"seq":)" + std::to_string(seq) + R"(,"id":"i","entity":"a","kind":")" + kind +
         R"(","time":5,"payload":"p")" + more + "}\n";
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
      R"({"seq":7,"id":"c-0","entity":"src/\u20ac","kind":"renamed","time":-3,"payload":"x | +1 -2","from":"old",)"
      R"("author_hash":"1"})"
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
  const input_events events(
      file_of(R"({"seq":0,"id":"i","entity":"a","kind":"created","time":5,"payload":{"title":"t"}})"
              "\n" +
              worker + "\n" + line(2, "", "failed")));
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
  CHECK(refusal(R"({"seq":18446744073709551615})") == "e.jsonl:1: 'seq': expected a whole number from 0 on");
  CHECK(refusal(R"({"id":"x"})") == "e.jsonl:1: no key 'seq', expected seq, id, entity, kind, time and payload");
  CHECK(refusal(R"({"seq":0})") == "e.jsonl:1: no key 'kind', expected seq, id, entity, kind, time and payload");
  CHECK(refusal(R"({"seq":0,"kind":5})") == "e.jsonl:1: 'kind': expected a text");
  CHECK(refusal(R"({"seq":0,"kind":""})") == "e.jsonl:1: 'kind': expected a name");
  CHECK(refusal(line(0, "", "renamed")) == "e.jsonl:1: renamed without 'from', expected the name before");
  CHECK(refusal(line(0, R"(,"from":"")", "renamed")) == "e.jsonl:1: 'from': expected the name before");
  CHECK(refusal(line(0, R"(,"from":1)", "renamed")) == "e.jsonl:1: 'from': expected a text");
  CHECK(refusal("") == "e.jsonl:1: no event, expected JSON Lines of events");
  CHECK(refusal("\n \n") == "e.jsonl:1: no event, expected JSON Lines of events");
  CHECK(refusal("\xff\xfe") == "e.jsonl:1: UTF-16 text, not UTF-8: expected an event as one JSON object on one line");
}

TEST_CASE("input: what is not read as JSON says why, and numbers too large are no sequence") {
  const std::string expected = ": expected an event as one JSON object on one line";
  CHECK(refusal(std::string("\xff\xfe{\0\"\0", 6)) == "e.jsonl:1: UTF-16 text, not UTF-8" + expected);
  CHECK(refusal(std::string("{\0\"\0", 4)) == "e.jsonl:1: a zero byte, which is no text in UTF-8" + expected);
  CHECK(refusal(line(0, ",\"more\":1e400")) == "e.jsonl:1: not JSON: expected numbers that fit a double" + expected);
  CHECK(refusal(line(0, ",\"more\":" + std::string(100'000, '['))) ==
        "e.jsonl:1: not JSON of ours: expected at most 512 levels" + expected);
  CHECK(refusal(line(0, R"(,"more":"\ud800")")) == "e.jsonl:1: not JSON" + expected);
  CHECK(refusal(line(0, R"(,"more":NaN)")) == "e.jsonl:1: not JSON" + expected);
}

std::string numbered(const std::string& seq, const std::string& time) {
  return R"({"seq":)" + seq + R"(,"id":"i","entity":"a","kind":"k","time":)" + time +
         R"(,"payload":"p"})"
         "\n";
}

TEST_CASE("input: a sequence and a time beyond 2^53 are kept to the last digit") {
  const input_events events(
      file_of(numbered("9007199254740993", "9007199254740993") + numbered("9007199254740994", "-9223372036854775807")));
  CHECK(events.first() == 9007199254740993u);
  CHECK(events.drafts()[0].time == 9007199254740993);
  CHECK(events.drafts()[1].time == -9223372036854775807);
  CHECK(refusal(numbered("9007199254740993", "1") + numbered("9007199254740993", "1")) ==
        "e.jsonl:2: 'seq' is 9007199254740993, expected 9007199254740994: it counts up by one");
  CHECK(refusal(numbered("9007199254740993.0", "1")) == "e.jsonl:1: 'seq': expected a whole number from 0 on");
  CHECK(refusal(numbered("0", "9223372036854775808")) == "e.jsonl:1: 'time': expected a whole number of seconds");
  CHECK(refusal(numbered("-0", "-0")) == "accepted: 1");
  CHECK(refusal(numbered("1e1", "1")) == "accepted: 1");
}

TEST_CASE("input: a body's numbers are kept to the last digit") {
  const auto completed = [](const std::string& duration) {
    return R"({"seq":0,"id":"i","entity":"a","kind":"completed","time":5,"payload":{"duration_ms":)" + duration +
           "}}\n";
  };
  CHECK(refusal(completed("9007199254740992")) == "accepted: 1");
  for (const char* wrong : {"9007199254740993", "18446744073709551616", "-1", "0.5", "1e300"})
    CHECK(refusal(completed(wrong)) ==
          "e.jsonl:1: 'payload': duration_ms: expected a whole number, not negative and not too large");
}

TEST_CASE("input: line ends of both kinds, a mark at the beginning, and a last line that does not end") {
  const std::string one = line(0).substr(0, line(0).size() - 1), two = line(1).substr(0, line(1).size() - 1);
  for (const std::string& text :
       {one + "\n" + two, one + "\r\n" + two + "\r\n", "\xef\xbb\xbf" + one + "\r\n\r\n" + two + "\r",
        "\n\r\n" + one + "\n\n" + two + "\n\n"})
    CHECK(refusal(text) == "accepted: 2");
}

TEST_CASE("input: of two members with one name the later counts") {
  const input_events events(file_of(line(7, R"(,"seq":3,"payload":"q")")));
  CHECK(events.first() == 3);
  CHECK(owned(events.drafts()[0]).payload == bytes_of("q"));
}

TEST_CASE("input: a line has a limit, which is looked at before it is parsed") {
  const std::string within = line(0, ",\"more\":\"" + std::string(kLineMax - 200, 'x') + "\"");
  CHECK(refusal(within) == "accepted: 1");
  CHECK(refusal(std::string(kLineMax + 1, '[')) == "e.jsonl:1: a line of " + std::to_string(kLineMax + 1) +
                                                       " bytes, expected at most " + std::to_string(kLineMax));
  CHECK(refuses_input(file_of(std::string(kLineMax + 1, '['))).find(": a line of ") != std::string::npos);
  CHECK(refusal(line(0) + std::string(3 * kLineMax, ' ') + "\n" + line(1)) == "accepted: 2");  // blank, and not parsed
}

TEST_CASE("input: lines of very many names are parsed in one go") {
  std::string names;
  for (int i = 0; i < 200'000; ++i) names += ",\"k" + std::to_string(i) + "\":0";
  CHECK(refusal(line(0, names)) == "accepted: 1");
  const std::string inside =
      R"({"seq":0,"id":"i","entity":"a","kind":"metadata_updated","time":5,"payload":{"metadata":{"a":0)" +
      names.substr(0, names.find(",\"k10000\"")) + "}}}\n";
  CHECK(refusal(inside) == "accepted: 1");
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
  CHECK(refusal(with("entity", "\"" + std::string(1025, 'x') + "\"")) ==
        "e.jsonl:1: a name of 1025 bytes, expected 1 to 1024");
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
  CHECK(refuses_input(file_of("{\"a\":1}")) ==
        "e.jsonl:1: no key 'seq', expected seq, id, entity, kind, time and payload");
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
