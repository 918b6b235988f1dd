// SPDX-License-Identifier: Apache-2.0
//
// The first inputs of the targets of graph, made by the project's own writers. The same bytes on every machine.
#pragma once
#include <filesystem>

namespace copycost::graph::fuzz {

// Writes folder/<target>/<name>. Throws std::runtime_error where it cannot.
void write_seeds(const std::filesystem::path& folder);

}  // namespace copycost::graph::fuzz
