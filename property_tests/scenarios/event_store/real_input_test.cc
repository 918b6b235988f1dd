// SPDX-License-Identifier: Apache-2.0
//
// Workloads over real input: what they say that they handle is what the input holds.
#include <string>

#include "harness/base/input/input_door.h"
#include "harness/judge/equality.h"
#include "property_tests/catch.h"

namespace copycost::event_store {
namespace {

// One event a payload, the current input until this goes.
class current_events_are {
 public:
  explicit current_events_are(std::initializer_list<std::string_view> payloads) {
    int seq = 0;
    for (const std::string_view payload : payloads)
      text_ += R"({"seq":)" + std::to_string(seq++) +
               R"(,"id":"i","entity":"a","kind":"touched","time":5,"payload":")" + std::string(payload) + "\"}\n";
    input_set inputs;
    inputs.add("event_store", input_of_bytes("e.jsonl", std::as_bytes(std::span(text_))));
    set_input(inputs);
  }
  ~current_events_are() { set_input({}); }
  current_events_are(const current_events_are&) = delete;
  current_events_are& operator=(const current_events_are&) = delete;

 private:
  std::string text_;
};

// Bytes a second of a replay were those of generated events, 64 each, whatever the input held.
TEST_CASE("event_store replay: real input counts the bytes that its events carry, not 64 an event") {
  const current_events_are three({"p", "four", "of nine b"});
  std::size_t tried = 0;
  for (const cell& c : cells_of(profile::smoke)) {
    if (c.system->name != "event_store" || c.workload->traits.name != "replay" || !c.at.has("input")) continue;
    INFO(c.name());
    const equality e = compare_with_oracle(c, 2);
    CHECK(e.why == "");
    CHECK(e.done.ops == 2);
    CHECK(e.done.items == 2 * 3);
    CHECK(e.done.payload_bytes == 2 * (1 + 4 + 9));
    ++tried;
  }
  CHECK(tried >= 5);
}

}  // namespace
}  // namespace copycost::event_store
