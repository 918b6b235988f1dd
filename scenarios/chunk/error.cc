// SPDX-License-Identifier: Apache-2.0
#include "scenarios/chunk/error.h"

namespace copycost::chunk {

std::string_view to_string(errc code) {
  switch (code) {
    case errc::out_of_range:
      return "out_of_range";
    case errc::offset_overflow:
      return "offset_overflow";
    case errc::invalid_utf8:
      return "invalid_utf8";
    case errc::stream_mismatch:
      return "stream_mismatch";
    case errc::gap:
      return "gap";
    case errc::overlap:
      return "overlap";
    case errc::truncated_input:
      return "truncated_input";
    case errc::bad_checksum:
      return "bad_checksum";
    case errc::bad_magic:
      return "bad_magic";
    case errc::unsupported_version:
      return "unsupported_version";
    case errc::bad_stream_name:
      return "bad_stream_name";
    case errc::too_large:
      return "too_large";
    case errc::out_of_memory:
      return "out_of_memory";
    case errc::arena_exhausted:
      return "arena_exhausted";
    case errc::not_unique:
      return "not_unique";
    case errc::expired:
      return "expired";
  }
  return "unknown";
}

std::string to_string(const error& e) {
  std::string line(to_string(e.code));
  auto number = [&](const char* what, std::uint64_t value) { line += std::string(what) + std::to_string(value); };
  switch (e.code) {
    case errc::out_of_range:
      number(": position ", e.at);
      number(" of ", e.expected);
      break;
    case errc::offset_overflow:
      number(": offset ", e.at);
      number(" + ", e.got);
      break;
    case errc::invalid_utf8:
      number(": valid up to byte ", e.at);
      break;
    case errc::stream_mismatch:
      number(": expected stream ", e.expected);
      number(", got ", e.got);
      break;
    case errc::gap:
    case errc::overlap:
      number(": expected offset ", e.expected);
      number(", got ", e.got);
      break;
    case errc::truncated_input:
      number(": ", e.at);
      number(" bytes, expected at least ", e.expected);
      break;
    case errc::bad_checksum:
      number(": expected CRC32C ", e.expected);
      number(", got ", e.got);
      break;
    case errc::bad_magic:
    case errc::unsupported_version:
      number(": got ", e.got);
      number(", expected ", e.expected);
      break;
    case errc::bad_stream_name:
      number(": at byte ", e.at);
      break;
    case errc::too_large:
      number(": ", e.got);
      number(" bytes, limit ", e.expected);
      break;
    case errc::out_of_memory:
      number(": ", e.got);
      line += " bytes";
      break;
    case errc::arena_exhausted:
      number(": ", e.got);
      number(" bytes asked for, left ", e.expected);
      break;
    case errc::not_unique:
      number(": owners ", e.got);
      break;
    case errc::expired:
      break;
  }
  return line;
}

}  // namespace copycost::chunk
