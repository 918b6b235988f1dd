// SPDX-License-Identifier: Apache-2.0
//
// Real input: a file given with --input, plain, gzip or zstd. Read once into memory and then immutable.
// Lifetime: the current input lives as long as the program. set_input() is called in main() before anything else runs;
// reading is thread-safe.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace copycost {

struct input_file {
  std::string path;
  std::vector<std::byte> bytes;  // unpacked
};

// Reads and unpacks (by content, not by name). Throws failure{usage}: cannot read, or a damaged archive with the byte
// offset.
input_file read_input(const std::string& path);

// The input of this process, or null. Workloads that can work on real input add a point with it (params: input:1).
const input_file* current_input();
void set_input(const std::string& path);

}  // namespace copycost
