// SPDX-License-Identifier: Apache-2.0
//
// Two small projections.
//
//   living    which entities exist (the files of a git repository): `added` adds the entity, `deleted` removes it,
//             `renamed` removes related() and adds entity(), `modified` changes nothing; other kinds do not count
//   tallies   for each entity that any event names: how many events, the sequence of the last one, and its kind
//
// Lifetime: owns its names.
// Threads: a value.
// Cost: a look-up an event; saving sorts.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "scenarios/common/flat.h"
#include "scenarios/common/names.h"
#include "scenarios/event_store/record/record.h"

namespace copycost::event_store {

class living {
 public:
  void apply(const event_view& e);

  std::uint64_t seen() const { return seen_; }  // events of the four kinds
  const name_set& names() const { return names_; }
  // SHA-256 of the names, sorted by their bytes and joined by newlines.
  std::string sha256_of_names() const;

  void save(flat_writer& to) const;
  // Faults are left in the reader.
  static living restored(flat_reader& from);
  friend bool operator==(const living&, const living&) = default;

 private:
  std::uint64_t seen_ = 0;
  name_set names_;
};

struct tally {
  std::uint64_t count = 0;
  sequence last = 0;
  std::string last_kind;
  friend bool operator==(const tally&, const tally&) = default;
};

class tallies {
 public:
  void apply(const event_view& e);
  const name_map<tally>& all() const { return all_; }

  void save(flat_writer& to) const;
  // Faults are left in the reader.
  static tallies restored(flat_reader& from);
  friend bool operator==(const tallies&, const tallies&) = default;

 private:
  name_map<tally> all_;
};

// Whether a kind is one of the four that `living` is about.
bool is_living_kind(std::string_view kind_name);

}  // namespace copycost::event_store
