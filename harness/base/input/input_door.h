// SPDX-License-Identifier: Apache-2.0
//
// The one place that opens what --input names. It reads a file, a pipe or standard input (-) once and whole, unpacks
// it, bounds its size, and seals it. Of a directory it says only that it is one; its system reads it (law.h). All other
// code has an input_file, which has no path.
//
//   regular file   the bytes that it has when it is opened; it may grow meanwhile, but a change is an error
//   pipe, fifo, terminal, device, standard input   to its end
//   socket         refused: it cannot be opened; standard input may be one
//
// Lifetime: keeps what it read, so that the same file under two names is read once.
// Threads: one at a time.
// COPIES: everything, once, into memory that other processes share.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

#include "harness/base/input/input.h"

namespace copycost {

// Most bytes of one input after unpacking, and of what is packed. A launch holds some three times as much.
inline constexpr std::uint64_t kInputBytesMax = std::uint64_t{1} << 30, kPackedBytesMax = std::uint64_t{1} << 34;

// PATH, or SYSTEM=PATH unless there is a file of that whole name.
struct input_word {
  std::string system, path;
};
input_word parse_input_word(const std::string& given);

class input_door {
 public:
  explicit input_door(std::uint64_t most = kInputBytesMax) : most_(most) {}
  // Throws failure{usage} with the name: cannot be read, too large, damaged, of a format that is not read, or changed
  // meanwhile; failure{interrupted} where a signal came while it waited.
  input_file read(const std::string& path);

 private:
  std::uint64_t most_;
  std::map<std::pair<dev_t, ino_t>, input_file> known_;
};

// One input, by a door of its own.
input_file read_input(const std::string& path);

}  // namespace copycost
