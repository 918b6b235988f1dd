// SPDX-License-Identifier: Apache-2.0
#include "scenarios/chunk/error.h"

#include "scenarios/common/error.h"

namespace copycost::chunk {
namespace {

constexpr error_table kErrors({error_row<errc>{errc::out_of_range, "position {at} of {expected}"},
                               {errc::offset_overflow, "offset {at} + {got}"},
                               {errc::invalid_utf8, "valid up to byte {at}"},
                               {errc::stream_mismatch, "expected stream {expected}, got {got}"},
                               {errc::gap, "expected offset {expected}, got {got}"},
                               {errc::overlap, "expected offset {expected}, got {got}"},
                               {errc::truncated_input, "{at} bytes, expected at least {expected}"},
                               {errc::bad_checksum, "expected CRC32C {expected}, got {got}"},
                               {errc::bad_magic, "got {got}, expected {expected}"},
                               {errc::unsupported_version, "got {got}, expected {expected}"},
                               {errc::bad_stream_name, "at byte {at}"},
                               {errc::too_large, "{got} bytes, limit {expected}"},
                               {errc::out_of_memory, "{got} bytes"},
                               {errc::arena_exhausted, "{got} bytes asked for, left {expected}"},
                               {errc::not_unique, "owners {got}"},
                               {errc::expired, ""}});

}  // namespace

std::string_view to_string(errc code) { return kErrors.name(code); }
std::string to_string(const error& e) { return kErrors.text(e); }

}  // namespace copycost::chunk
