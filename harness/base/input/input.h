// SPDX-License-Identifier: Apache-2.0
//
// Real input: what --input names, read once and unpacked (input_door.h), and from then on bytes that cannot change.
//
//   parent: door --> input_set --> judged; hand_over(), descriptors() --> launches, roles: taken_over(), the same bytes
//
// Code that works on it has the bytes and a name for messages, and no path: it cannot open the file a second time. What
// is judged, counted and timed is the same, because each process compares the digest.
//
// Lifetime: an input_file shares the bytes with its copies. The current inputs live as long as the program, or until
// they are set again (tests).
// Threads: set_input() is called before anything else runs; reading is safe.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/input/sealed.h"
#include "harness/base/json.h"
#include "harness/base/params.h"

namespace copycost {

struct input_file {
  std::string name;                  // as it was given, in printable form (text.h); "standard input" for -
  std::span<const std::byte> bytes;  // unpacked. VALID UNTIL: the last copy of this is destroyed
  bool directory = false;            // then the bytes are what its reader made of it; none before that
  std::string format;                // "plain", "gzip", "zstd", "directory": what it was
  std::string sha256;                // of the bytes
  std::uint64_t number = 0;          // of this reading, the same in no other one of this process
  std::shared_ptr<const sealed_bytes> held;
};

// An input of bytes that are there already. `bytes` may go afterwards.
input_file input_of_bytes(std::string name, std::span<const std::byte> bytes, bool directory = false);
input_file input_of_sealed(std::string name, std::shared_ptr<const sealed_bytes> held);
// Empty, or why a system that reads files refuses: "NAME: a directory, expected a file".
std::string needs_file(const input_file& in);

// A system works on its own input where there is one, and on the one without a system otherwise.
class input_set {
 public:
  struct entry {
    std::string system;  // empty: of all others
    input_file file;
  };
  // Throws failure{usage} where two are for the same.
  void add(std::string system, input_file file);
  const input_file* of(std::string_view system) const;     // null: there is none. VALID UNTIL: this changes
  std::span<const entry> all() const { return entries_; }  // VALID UNTIL: this changes

  // For results: one object an entry, `name format bytes sha256`, and `system` where it is for one.
  json record() const;
  // For another process of ours: the same and which descriptors hold the bytes.
  json hand_over() const;
  std::vector<int> descriptors() const;
  // What hand_over() said, in the process that inherited the descriptors. Throws failure{internal} where a byte
  // differs.
  static input_set taken_over(const json& said);

 private:
  std::vector<entry> entries_;
};

// The inputs of this process; empty where none is set. VALID UNTIL: they are set again.
const input_set& current_inputs();
// That of a system, or null. Workloads that can work on real input add a point with it (params: input:1).
const input_file* current_input(std::string_view system = {});
void set_input(input_set inputs);
// Whether a cell with these parameters works on real input.
inline bool reads_input(const params& at) { return at.has("input") && at.number("input") != 0; }

}  // namespace copycost
