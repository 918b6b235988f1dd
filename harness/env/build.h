// SPDX-License-Identifier: Apache-2.0
//
// How this program was built, and with whose libraries it runs.
//
// Lifetime: results own their text.
// Threads: safe.
// Cost: none to speak of.
#pragma once
#include <string>
#include <string_view>

namespace copycost::env {

std::string build_commit();
std::string build_type();
std::string compiler();
std::string compiler_flags();
bool optimised();

// "none", or the argument of -fsanitize in the flags: "address,undefined".
std::string sanitizer();
std::string sanitizer_in(std::string_view flags);

std::string libc();

// Whose malloc answers in this process.
std::string allocator();
// The same from what the dynamic linker says: the file that defines malloc, and mimalloc's version (0: not loaded).
std::string allocator_name(std::string_view defining_file, int mimalloc_version, std::string_view libc_name);

}  // namespace copycost::env
