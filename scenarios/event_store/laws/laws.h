// SPDX-License-Identifier: Apache-2.0
//
// What the judge asks of every event store: the laws, and what it makes of real events.
//
// Threads: safe; immutable tables.
#pragma once
#include <span>
#include <string>

#include "harness/judge/law.h"
#include "scenarios/event_store/input/git_input.h"

namespace copycost::event_store {

// All laws, in the order of laws/*.cc. VALID UNTIL: the program ends.
std::span<const law> laws();

// Reads `in` as JSON Lines of events, or, where it was a directory, as the history of a git repository; appends them to
// the design's store in batches of many sizes, replays them from many places, and, where the design is durable, closes
// it and opens it again in between. Answers the counts `events`, `entities` and `last_seq`, for events of git also
// `live` and the text `live_sha256`, and the digest of the replayed projection (README.md).
// Throws failure{usage} with file and line where the input is malformed, and failure{incorrect} when the design loses,
// changes or invents an event.
input_result verify_input(facade_maker make, const input_file& in);
// Whether the input looks like one of both forms (input_events.h), and whether all of it is: every line is parsed,
// once.
std::string refuses_input(const input_file& in);
void check_input(const input_file& in);
// What git says of a repository's history (git_input.h).
inline constexpr directory_reader kReadDirectory = &read_git;
inline constexpr input_check kVerifyEncoded = nullptr;

}  // namespace copycost::event_store
