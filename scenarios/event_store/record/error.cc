// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/record/error.h"

#include <fmt/format.h>

#include <cstring>

namespace copycost::event_store {

std::string_view to_string(errc code) {
  constexpr std::string_view kNames[] = {"wrong_expected_version",
                                         "checkpoint_not_found",
                                         "entity_not_found",
                                         "size_exceeded",
                                         "bad_name",
                                         "empty_batch",
                                         "store_full",
                                         "invalid_transition",
                                         "invalid_body",
                                         "lagged",
                                         "closed",
                                         "timed_out",
                                         "corrupt_record",
                                         "torn_tail",
                                         "foreign_file",
                                         "unsupported_version",
                                         "missing_segment",
                                         "disk_full",
                                         "sync_failed",
                                         "io_failed",
                                         "locked",
                                         "bad_options",
                                         "invalid_filter"};
  return kNames[static_cast<std::size_t>(code)];
}

namespace {

// A sequence in words: the one in front of the first event has no number.
std::string place(std::uint64_t seq) { return seq == ~std::uint64_t{0} ? "the start" : fmt::format("{}", seq); }

std::string details(const error& e) {
  switch (e.code) {
    case errc::wrong_expected_version:
      return fmt::format("expected {} to be the last sequence, it is {}", place(e.expected), place(e.seq));
    case errc::checkpoint_not_found:
      return fmt::format("{} is not there; the store holds {} to {}", place(e.seq), place(e.expected), place(e.got));
    case errc::size_exceeded:
      return fmt::format("{} bytes, limit {}", e.got, e.expected);
    case errc::bad_name:
      return fmt::format("a name of {} bytes, expected 1 to {}", e.got, e.expected);
    case errc::store_full:
      return fmt::format("{} bytes asked for, limit {}", e.got, e.expected);
    case errc::invalid_transition:
      return fmt::format("sequence {}: from state {} to {}", e.seq, e.expected, e.got);
    case errc::invalid_body:
      return fmt::format("sequence {}: at byte {} of the payload", e.seq, e.at);
    case errc::lagged:
      return fmt::format("{} events missed", e.got);
    case errc::corrupt_record:
      return fmt::format("sequence {} at offset {}", place(e.seq), e.at);
    case errc::torn_tail:
      return fmt::format("cut in front of sequence {} at offset {}", place(e.seq), e.at);
    case errc::foreign_file:
      return fmt::format("at offset {}: {:#x} is no magic number of ours", e.at, e.got);
    case errc::unsupported_version:
      return fmt::format("version {}, at most {} is understood", e.got, e.expected);
    case errc::missing_segment:
      return fmt::format("no file holds sequences {} to {}", place(e.seq), place(e.expected - 1));
    case errc::io_failed:
      return std::strerror(static_cast<int>(e.got));
    case errc::bad_options:
      return fmt::format("option {}", e.got);
    default:
      return {};
  }
}

}  // namespace

std::string to_string(const error& e) {
  const std::string more = details(e);
  return more.empty() ? std::string(to_string(e.code)) : std::string(to_string(e.code)) + ": " + more;
}

}  // namespace copycost::event_store
