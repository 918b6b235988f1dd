// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/wire/error.h"

#include "scenarios/common/error.h"

namespace copycost::raft {
namespace {

// {in_field}: the field in `got`, or nothing where that is 0.
constexpr error_table kErrors(
    {error_row<errc>{errc::header_too_large, "at byte {at}: {got} bytes declared, limit {expected}"},
     {errc::header_malformed, "at byte {at}: {got} cannot stand there"},
     {errc::unknown_type, "at byte {at}: type {got}"},
     {errc::payload_too_large, "at byte {at}: {got} bytes declared, limit {expected}"},
     {errc::truncated, "at byte {at}: {expected} bytes expected, {got} there"},
     {errc::clean_eof, "at byte {at}"},
     {errc::checksum_mismatch, "at byte {at}: {expected:#010x} expected, {got:#010x} found"},
     {errc::bad_magic, "at byte {at}: {got:#06x} is no magic number of ours"},
     {errc::unsupported_version, "at byte {at}: version {got}, at most {expected} is understood"},
     {errc::unknown_flags, "at byte {at}: flags {got:#04x}"},
     {errc::too_many_entries, "at byte {at}: {got} entries, limit {expected}"},
     {errc::too_many_unknown_fields, "at byte {at}: {got} unknown fields, limit {expected}"},
     {errc::malformed_message, "at byte {at}{in_field}"},
     {errc::wrong_wire_type, "at byte {at}: wire type {got}, expected {expected}"},
     {errc::stream_out_of_order, "at byte {at}: offset {got} in the stream, expected {expected}"},
     {errc::unknown_stream, "stream {got}"},
     {errc::too_many_streams, "limit {expected}"},
     {errc::timed_out, "operation {got}"},
     {errc::backpressure, "{got} wait, limit {expected}"},
     {errc::closed, ""},
     {errc::unknown_method, ""},
     {errc::peer_mismatch, "at byte {at}: from {got:x}, expected {expected:x}"},
     {errc::duplicate_request, ""},
     {errc::too_many_requests, "limit {expected}"},
     {errc::malformed_envelope, "at byte {at} of the payload"},
     {errc::not_in_the_form, "field {got}"},
     {errc::out_of_memory, "{got} bytes asked for"},
     {errc::io_failed, "{reason}"}});

}  // namespace

std::string_view to_string(errc code) { return kErrors.name(code); }
std::string to_string(const error& e) {
  const std::string field = e.got == 0 ? std::string() : fmt::format(": field {}", e.got);
  return kErrors.text(e, fmt::arg("in_field", field));
}

}  // namespace copycost::raft
