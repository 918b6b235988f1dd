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
#include <string_view>
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

// What --input says: lines, each PATH, or SYSTEM=PATH for one system only (unless there is a file of that whole name).
// A system works on its own input where there is one, and on the one without a system otherwise.
class input_set {
 public:
  // Throws as read_input(); failure{usage} where two are for the same.
  explicit input_set(const std::string& given);
  const input_file* of(std::string_view system) const;  // null: there is none. VALID UNTIL: this is destroyed
  std::vector<std::string_view> named() const;          // systems with an input of their own. VALID UNTIL: as above
  bool is_for(std::string_view system) const;           // there is one for this system by its name

 private:
  struct entry {
    std::string system;  // empty: of all others
    input_file file;
  };
  std::vector<entry> entries_;
};

// The input of this process for a system, or null. Workloads that can work on real input add a point with it (params:
// input:1).
const input_file* current_input(std::string_view system = {});
const input_set* current_inputs();
void set_input(const std::string& given);

}  // namespace copycost
