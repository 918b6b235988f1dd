// SPDX-License-Identifier: Apache-2.0
//
// Names in shared memory: a name is stored once in the segment, and its number means the same in every process.
//
//   tenant's table: [made | text used | hash slots: number or 0 | where each name lies | text ...]
//
// Names are only ever added, so looking one up takes no lock: a slot is filled last, and never changes again. A process
// that is killed while it adds a name leaves at most a number that no process has seen.
//
// Lifetime: names live as long as the segment.
// Threads: safe, between processes too.
// Cost: a hash and a comparison; the slab's lock for a new name. Every number that is read is checked: a hostile peer
// can change names, but cannot make this process read elsewhere.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "impls/common/slab.h"

namespace copycost {

class slab_names {
 public:
  // The tenant's table of the slab is for names from here on.
  explicit slab_names(slab& in);

  // The number of `name`, the same every time in every process; the empty name is 0, the others count up from 1.
  // Nothing when the table is full (see capacity()) or damaged.
  std::optional<std::uint32_t> intern(std::string_view name);
  // The name behind a number, or an empty one. VALID UNTIL: the slab is closed and its last block dropped.
  std::string_view name(std::uint32_t id) const;
  // How many names fit at most, their text permitting.
  std::uint32_t capacity() const { return names_max_; }

 private:
  struct counters {
    std::atomic<std::uint32_t> made;       // names
    std::atomic<std::uint32_t> text_used;  // bytes
  };
  struct entry {
    std::atomic<std::uint32_t> begin, size;  // in the text
  };
  // The number of `name`, or 0; then `slot` is where it belongs. Nothing: the table has no empty slot, so it is not one
  // that we filled.
  std::optional<std::uint32_t> find(std::string_view name, std::uint32_t& slot) const;
  std::optional<std::uint32_t> add(std::string_view name, std::uint32_t slot);

  slab* in_;
  std::uint32_t names_max_, text_max_;
  counters* counters_;                 // all of these lie in the segment
  std::atomic<std::uint32_t>* slots_;  // 2 * names_max_ of them
  entry* entries_;
  char* text_;
};

}  // namespace copycost
