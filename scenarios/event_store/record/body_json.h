// SPDX-License-Identifier: Apache-2.0
//
// Bodies as people write them: a JSON object with the names of body.h's fields. Unknown keys are ignored, as in the
// lines around them; an absent optional field has the value that body.h gives it; metadata is any JSON.
//
//   {"title":"cut the tail","dependencies":["item-1"],"priority":5,"effort":"simple","metadata":{"a":1}}
//   {"from":"pending","to":"scheduled","reason":"slot free"}
//
// Threads: safe; pure functions.
// Cost: not for timed code.
#pragma once
#include <string>

#include "harness/base/json.h"
#include "scenarios/event_store/record/body.h"

namespace copycost::event_store {

// The payload of an event of this kind. Throws failure{usage} with what was expected: "title: expected a text".
// REQUIRES: what != kind::other, said.is_object().
std::string body_of_json(kind what, const json& said);

}  // namespace copycost::event_store
