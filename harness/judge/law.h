// SPDX-License-Identifier: Apache-2.0
//
// A law: a property that every design of a system must satisfy, written once against a virtual facade of the system's
// contract, so that laws are compiled once and not once a design.
//
// Threads: safe; tables are generated and immutable.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/input/input.h"
#include "harness/base/json.h"

namespace copycost {

// Base of every system's facade; a system's laws cast it to their own.
struct facade_base {
  virtual ~facade_base() = default;
};
using facade_maker = std::unique_ptr<facade_base> (*)();
// A fresh design, as its system's facade. REQUIRES: `make` is of that system.
template <class Facade>
std::unique_ptr<Facade> design_of(facade_maker make) {
  return std::unique_ptr<Facade>(static_cast<Facade*>(make().release()));
}

inline constexpr bool kThreads = true;  // of law::threads

struct law {
  std::string_view name;   // snake_case: "slices_compose"
  std::string_view about;  // one sentence
  // One case: draws its values with rapidcheck (*rc::gen...), asserts with RC_ASSERT. `make` gives a fresh design.
  void (*check)(facade_maker make);
  unsigned cost = 1;  // a law that costs this much more runs this much fewer cases
  // The classes of cases that it draws on purpose (drawn.h), each of them in the usual number of cases.
  std::span<const std::string_view> draws = {};
  bool threads = false;  // threads meet in it: ci/races asks it under ThreadSanitizer, with many seeds
};

// What one design made of a real input: counts by name in a fixed order (numbers; texts and objects where the system's
// README says so), and SHA-256 over the canonical form that it defines.
struct input_result {
  std::string digest;
  json::object counts;
  // Where a system has several ways to handle an input, which one this is; what the others made of it follows, a row
  // each. All must agree.
  std::string mode{};
  std::vector<input_result> other_modes{};
};

using input_check = input_result (*)(facade_maker make, const input_file& in);
// Turns a directory into bytes, once, in the process that was given it: every other process works on these bytes, as on
// those of a file. Throws failure{usage}: with the path, where it is not what the system reads, or has more than `most`
// bytes.
using directory_reader = std::string (*)(const std::string& path, std::uint64_t most);

struct facade_entry {
  std::string_view system, design;
  facade_maker make;
};
struct law_table {
  std::string_view system;
  std::span<const law> (*laws)();
  // Throws failure{usage} with name, place and expectation when the input is not of the system's form.
  input_check verify_input;
  input_check verify_encoded;  // the same for a file in the system's own encoding; null: it has none
  // Empty where the input looks like the system's form (check_input may still find a fault in it); otherwise one line,
  // with the name, that says what was expected. Cheap.
  std::string (*refuses_input)(const input_file& in);
  // Reads all of it, before anything runs on it. Throws failure{usage} with name, place and expectation.
  void (*check_input)(const input_file& in);
  directory_reader read_directory;  // null: the system reads no directory
};

std::span<const facade_entry> all_facades();  // generated
std::span<const law_table> all_law_tables();  // generated

}  // namespace copycost
