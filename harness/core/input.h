// SPDX-License-Identifier: Apache-2.0
//
// Real input: a file given with --input, plain, gzip or zstd. Read once into memory and then immutable. It may be a
// directory, for systems that read one (a git repository); the others say that they need a file.
// Lifetime: the current input lives as long as the program. set_input() is called in main() before anything else runs;
// reading is thread-safe.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace copycost {

struct input_file {
  std::string path;
  std::vector<std::byte> bytes;  // unpacked; none of a directory
  bool directory = false;
  std::uint64_t number = 0;  // of this reading, the same in no other one; 0: not read, but made by hand
};

// Reads and unpacks (by content, not by name); of a directory, only that it is one. Throws failure{usage}: cannot read,
// or a damaged archive with the byte offset.
input_file read_input(const std::string& path);
// Empty, or why a system that reads files refuses: "PATH: a directory, expected a file".
std::string needs_file(const input_file& in);

// The input of this process, or null. Workloads that can work on real input add a point with it (params: input:1).
const input_file* current_input();
void set_input(const std::string& path);

}  // namespace copycost
