// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/record/error.h"

#include "scenarios/common/error.h"

namespace copycost::event_store {
namespace {

// {this}, {first}, {last}, {next_before}: seq, expected, got and the one before expected as places in the log.
constexpr error_table kErrors({error_row<errc>{errc::wrong_expected_version,
                                               "expected {first} to be the last sequence, it is {this}"},
                               {errc::checkpoint_not_found, "{this} is not there; the store holds {first} to {last}"},
                               {errc::entity_not_found, ""},
                               {errc::size_exceeded, "{got} bytes, limit {expected}"},
                               {errc::bad_name, "a name of {got} bytes, expected 1 to {expected}"},
                               {errc::empty_batch, ""},
                               {errc::store_full, "{got} bytes asked for, limit {expected}"},
                               {errc::invalid_transition, "sequence {seq}: from state {expected} to {got}"},
                               {errc::invalid_body, "sequence {seq}: at byte {at} of the payload"},
                               {errc::lagged, "{got} events missed"},
                               {errc::closed, ""},
                               {errc::timed_out, ""},
                               {errc::corrupt_record, "sequence {this} at offset {at}"},
                               {errc::torn_tail, "cut in front of sequence {this} at offset {at}"},
                               {errc::foreign_file, "at offset {at}: {got:#x} is no magic number of ours"},
                               {errc::unsupported_version, "version {got}, at most {expected} is understood"},
                               {errc::missing_segment, "no file holds sequences {this} to {next_before}"},
                               {errc::disk_full, ""},
                               {errc::sync_failed, ""},
                               {errc::io_failed, "{reason}"},
                               {errc::locked, ""},
                               {errc::bad_options, "option {got}"},
                               {errc::invalid_filter, ""}});

// A sequence in words: the one in front of the first event has no number.
std::string place(std::uint64_t seq) { return seq == ~std::uint64_t{0} ? "the start" : fmt::format("{}", seq); }

}  // namespace

std::string_view to_string(errc code) { return kErrors.name(code); }
std::string to_string(const error& e) {
  return kErrors.text(e, fmt::arg("seq", e.seq), fmt::arg("this", place(e.seq)), fmt::arg("first", place(e.expected)),
                      fmt::arg("last", place(e.got)), fmt::arg("next_before", place(e.expected - 1)));
}

}  // namespace copycost::event_store
