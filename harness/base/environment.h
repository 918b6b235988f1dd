// SPDX-License-Identifier: Apache-2.0
//
// The only way to the environment: a list of the variables that our programs, and what they start, may see. A program
// leaves all others out when it starts (inherited.h), because libraries read variables before main() and no list of
// their names is complete.
//
// Lifetime: values own their text.
// Threads: reading is safe; leaving out happens before there is a second thread.
// Cost: a walk over the environment.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/short_text.h"

namespace copycost {

// The value of a variable that is kept; empty where it is not set. REQUIRES: it is on the list.
std::string environment(std::string_view name);

// Whether a variable is on the list.
bool is_kept(std::string_view name);

// Whether a variable that is left out could have changed a result, so that a result names it with its value.
bool is_telling(std::string_view name);

// Takes everything that is not on the list out of the environment of this process; answers how many, and adds those
// that are telling to `told`, "NAME=value".
int leave_out(short_text& told);

// What a child gets: the list's variables, with `more` ("NAME=value") in place of those of the same name.
std::vector<std::string> environment_for_child(const std::vector<std::string>& more = {});

// The absolute folders of PATH, so that what lies in the current directory is never taken for a program.
std::vector<std::string> program_folders();
// Where a program lies; empty when no folder of PATH has it. A name with a slash answers itself.
std::string find_program(const std::string& name);

namespace detail {
// Of any variable, or null, taken out: for what our own programs tell each other. VALID UNTIL: the program ends.
const char* take_from_environment(const char* name);
}  // namespace detail

}  // namespace copycost
