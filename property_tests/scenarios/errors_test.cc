// SPDX-License-Identifier: Apache-2.0
// Goal: the text of no error changes unnoticed, and no code is without a text. Method: every code of every system, with
// fields that all differ and, where a field has a value of its own meaning, with that.
#include "property_tests/catch.h"
#include "scenarios/chunk/error.h"
#include "scenarios/common/error.h"
#include "scenarios/event_store/record/error.h"
#include "scenarios/raft/wire/error.h"

namespace copycost {
namespace {

constexpr const char* kChunk[] = {
    "out_of_range: position 11 of 22",
    "offset_overflow: offset 11 + 33",
    "invalid_utf8: valid up to byte 11",
    "stream_mismatch: expected stream 22, got 33",
    "gap: expected offset 22, got 33",
    "overlap: expected offset 22, got 33",
    "truncated_input: 11 bytes, expected at least 22",
    "bad_checksum: expected CRC32C 22, got 33",
    "bad_magic: got 33, expected 22",
    "unsupported_version: got 33, expected 22",
    "bad_stream_name: at byte 11",
    "too_large: 33 bytes, limit 22",
    "out_of_memory: 33 bytes",
    "arena_exhausted: 33 bytes asked for, left 22",
    "not_unique: owners 33",
    "expired",
};

constexpr const char* kEventStore[] = {
    "wrong_expected_version: expected 22 to be the last sequence, it is 7",
    "checkpoint_not_found: 7 is not there; the store holds 22 to 33",
    "entity_not_found",
    "size_exceeded: 33 bytes, limit 22",
    "bad_name: a name of 33 bytes, expected 1 to 22",
    "empty_batch",
    "store_full: 33 bytes asked for, limit 22",
    "invalid_transition: sequence 7: from state 22 to 33",
    "invalid_body: sequence 7: at byte 11 of the payload",
    "lagged: 33 events missed",
    "closed",
    "timed_out",
    "corrupt_record: sequence 7 at offset 11",
    "torn_tail: cut in front of sequence 7 at offset 11",
    "foreign_file: at offset 11: 0x21 is no magic number of ours",
    "unsupported_version: version 33, at most 22 is understood",
    "missing_segment: no file holds sequences 7 to 21",
    "disk_full",
    "sync_failed",
    "io_failed: Numerical argument out of domain",
    "locked",
    "bad_options: option 33",
    "invalid_filter",
};

constexpr const char* kRaft[] = {
    "header_too_large: at byte 11: 33 bytes declared, limit 22",
    "header_malformed: at byte 11: 33 cannot stand there",
    "unknown_type: at byte 11: type 33",
    "payload_too_large: at byte 11: 33 bytes declared, limit 22",
    "truncated: at byte 11: 22 bytes expected, 33 there",
    "clean_eof: at byte 11",
    "checksum_mismatch: at byte 11: 0x00000016 expected, 0x00000021 found",
    "bad_magic: at byte 11: 0x0021 is no magic number of ours",
    "unsupported_version: at byte 11: version 33, at most 22 is understood",
    "unknown_flags: at byte 11: flags 0x21",
    "too_many_entries: at byte 11: 33 entries, limit 22",
    "too_many_unknown_fields: at byte 11: 33 unknown fields, limit 22",
    "malformed_message: at byte 11: field 33",
    "wrong_wire_type: at byte 11: wire type 33, expected 22",
    "stream_out_of_order: at byte 11: offset 33 in the stream, expected 22",
    "unknown_stream: stream 33",
    "too_many_streams: limit 22",
    "timed_out: operation 33",
    "backpressure: 33 wait, limit 22",
    "closed",
    "unknown_method",
    "peer_mismatch: at byte 11: from 21, expected 16",
    "duplicate_request",
    "too_many_requests: limit 22",
    "malformed_envelope: at byte 11 of the payload",
    "not_in_the_form: field 33",
    "out_of_memory: 33 bytes asked for",
    "io_failed: Numerical argument out of domain",
};

// Every code in order, with the other fields of `like`.
template <class Error, std::size_t N>
void check_all(const char* const (&texts)[N], Error like) {
  for (std::size_t i = 0; i < N; ++i) {
    like.code = static_cast<decltype(like.code)>(i);
    CHECK(to_string(like) == texts[i]);
    CHECK(to_string(like).rfind(to_string(like.code), 0) == 0);
  }
  like.code = static_cast<decltype(like.code)>(N);
  CHECK(to_string(like) == "unknown");
}

TEST_CASE("error: the text of every code of every system is the one that is known") {
  check_all(kChunk, chunk::error{{}, 11, 22, 33});
  check_all(kEventStore, event_store::error{{}, 7, 11, 22, 33});
  check_all(kRaft, raft::error{{}, 11, 22, 33});
}

TEST_CASE("error: a place in front of the first event has no number") {
  using event_store::errc;
  const auto text = [](errc code) { return to_string(event_store::error{code, ~std::uint64_t{0}, 9, 0, 0}); };
  CHECK(text(errc::wrong_expected_version) ==
        "wrong_expected_version: expected 0 to be the last sequence, it is the start");
  CHECK(text(errc::checkpoint_not_found) == "checkpoint_not_found: the start is not there; the store holds 0 to 0");
  CHECK(text(errc::torn_tail) == "torn_tail: cut in front of sequence the start at offset 9");
  CHECK(text(errc::missing_segment) == "missing_segment: no file holds sequences the start to the start");
}

TEST_CASE("error: a malformed message may have no field") {
  CHECK(to_string(raft::error{raft::errc::malformed_message, 5, 0, 0}) == "malformed_message: at byte 5");
}

enum class colour : std::uint8_t { red, green, blue };
constexpr error_row<colour> kWhole[] = {{colour::red, ""}, {colour::green, ""}, {colour::blue, ""}};
constexpr error_row<colour> kShort[] = {{colour::red, ""}, {colour::green, ""}};
constexpr error_row<colour> kGap[] = {{colour::red, ""}, {colour::blue, ""}};
constexpr error_row<colour> kTwice[] = {{colour::red, ""}, {colour::green, ""}, {colour::green, ""}};
static_assert(has_each_code_once(kWhole));
static_assert(!has_each_code_once(kShort));
static_assert(!has_each_code_once(kGap));
static_assert(!has_each_code_once(kTwice));
static_assert(source_name<colour::blue>() == "blue");

}  // namespace
}  // namespace copycost
