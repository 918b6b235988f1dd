// SPDX-License-Identifier: Apache-2.0
//
// What the program needs of its sources at run time: the reports package and the exact baselines. They are looked for
// beside the build that the program lies in, so that a checkout can be moved, then where it was compiled.
//
// Lifetime: texts are owned.
// Threads: safe.
// Cost: some system calls.
#pragma once
#include <string>
#include <string_view>

namespace copycost {

// The folder of the sources that holds `relative`. Throws failure{usage} that names the places where it is not.
std::string source_folder(std::string_view relative);

}  // namespace copycost
