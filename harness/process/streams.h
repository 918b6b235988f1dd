// SPDX-License-Identifier: Apache-2.0
//
// Standard streams: open whatever the starter left, and two ways to write to them that know what a failure means.
//
// Threads: safe, lines may mix.
// Cost: a system call a text.
#pragma once
#include <string_view>

#include "harness/base/short_text.h"

namespace copycost {

// Descriptors 0 to 2 that are closed are opened on /dev/null, the wrong way round: no file that is opened later becomes
// one of them, and a read or a write there fails. Answers which ones were closed ("stdout"), or
// nothing.
short_text settle_streams();

// A remark on stderr. A remark that cannot be written is lost, and nothing else.
void say(std::string_view text) noexcept;

// A result on stdout, whole. Throws failure{internal} when it cannot be written (closed, full, without a reader).
void write_out(std::string_view text);

}  // namespace copycost
