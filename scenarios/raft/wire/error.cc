// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/wire/error.h"

#include <fmt/format.h>

#include <cstring>

namespace copycost::raft {

std::string_view to_string(errc code) {
  constexpr std::string_view kNames[] = {
      "header_too_large", "header_malformed",        "unknown_type",      "payload_too_large",   "truncated",
      "clean_eof",        "checksum_mismatch",       "bad_magic",         "unsupported_version", "unknown_flags",
      "too_many_entries", "too_many_unknown_fields", "malformed_message", "wrong_wire_type",     "stream_out_of_order",
      "unknown_stream",   "too_many_streams",        "timed_out",         "backpressure",        "closed",
      "unknown_method",   "peer_mismatch",           "duplicate_request", "too_many_requests",   "malformed_envelope",
      "not_in_the_form",  "out_of_memory",           "io_failed"};
  return kNames[static_cast<std::size_t>(code)];
}

namespace {

std::string details(const error& e) {
  switch (e.code) {
    case errc::header_too_large:
    case errc::payload_too_large:
      return fmt::format("at byte {}: {} bytes declared, limit {}", e.at, e.got, e.expected);
    case errc::header_malformed:
      return fmt::format("at byte {}: {} cannot stand there", e.at, e.got);
    case errc::unknown_type:
      return fmt::format("at byte {}: type {}", e.at, e.got);
    case errc::truncated:
      return fmt::format("at byte {}: {} bytes expected, {} there", e.at, e.expected, e.got);
    case errc::clean_eof:
      return fmt::format("at byte {}", e.at);
    case errc::checksum_mismatch:
      return fmt::format("at byte {}: {:#010x} expected, {:#010x} found", e.at, e.expected, e.got);
    case errc::bad_magic:
      return fmt::format("at byte {}: {:#06x} is no magic number of ours", e.at, e.got);
    case errc::unsupported_version:
      return fmt::format("at byte {}: version {}, at most {} is understood", e.at, e.got, e.expected);
    case errc::unknown_flags:
      return fmt::format("at byte {}: flags {:#04x}", e.at, e.got);
    case errc::too_many_entries:
      return fmt::format("at byte {}: {} entries, limit {}", e.at, e.got, e.expected);
    case errc::too_many_unknown_fields:
      return fmt::format("at byte {}: {} unknown fields, limit {}", e.at, e.got, e.expected);
    case errc::malformed_message:
      return e.got == 0 ? fmt::format("at byte {}", e.at) : fmt::format("at byte {}: field {}", e.at, e.got);
    case errc::wrong_wire_type:
      return fmt::format("at byte {}: wire type {}, expected {}", e.at, e.got, e.expected);
    case errc::stream_out_of_order:
      return fmt::format("at byte {}: offset {} in the stream, expected {}", e.at, e.got, e.expected);
    case errc::unknown_stream:
      return fmt::format("stream {}", e.got);
    case errc::too_many_streams:
    case errc::too_many_requests:
      return fmt::format("limit {}", e.expected);
    case errc::backpressure:
      return fmt::format("{} wait, limit {}", e.got, e.expected);
    case errc::peer_mismatch:
      return fmt::format("at byte {}: from {:x}, expected {:x}", e.at, e.got, e.expected);
    case errc::malformed_envelope:
      return fmt::format("at byte {} of the payload", e.at);
    case errc::not_in_the_form:
      return fmt::format("field {}", e.got);
    case errc::out_of_memory:
      return fmt::format("{} bytes asked for", e.got);
    case errc::io_failed:
      return std::strerror(static_cast<int>(e.got));
    case errc::timed_out:
      return fmt::format("operation {}", e.got);
    case errc::closed:
    case errc::unknown_method:
    case errc::duplicate_request:
      return {};
  }
  return {};
}

}  // namespace

std::string to_string(const error& e) {
  const std::string more = details(e);
  return more.empty() ? std::string(to_string(e.code)) : fmt::format("{}: {}", to_string(e.code), more);
}

}  // namespace copycost::raft
