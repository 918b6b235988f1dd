// SPDX-License-Identifier: Apache-2.0
//
// What the laws draw their cases from. Few numbers are drawn by rapidcheck, so that a counterexample stays readable and
// shrinks; what is in an event follows from a drawn seed. Sizes prefer the places where records end at a segment's
// border, or one byte beside it; names prefer those that are easily taken for another.
//
// Threads: a value; draw_...() only inside a property.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/temp_dir.h"
#include "scenarios/common/laws/agree.h"
#include "scenarios/common/laws/draw.h"
#include "scenarios/common/must.h"
#include "scenarios/event_store/any_store.h"
#include "scenarios/event_store/oracle/oracle.h"

namespace copycost::event_store::properties {

// Around every border of the range: kStart, the first and the last one, both their neighbours, the middle, and far
// away.
sequence draw_checkpoint(const std::string& name, bounds b);
// 0, 1, 2, about `size`, or no limit.
std::size_t draw_limit(const std::string& name, std::uint64_t size);

// The clock of all stores of the running case; of every thread.
void set_clock(std::uint64_t ms);
std::uint64_t clock_ms();

// Segments of 4 KiB for events of up to 1 KiB, in memory; sets the clock to a day in 2023.
store_options small_options();
// As small_options(), with drawn first sequence, seed and size of segments.
store_options draw_options();

// A directory for the files of one case, in memory where the machine has such a place, removed with what is in it.
// Threads: one at a time.
class home {
 public:
  home();
  const std::string& path() const { return path_; }  // VALID UNTIL: this is destroyed

 private:
  temp_dir dir_;
  std::string path_;
};

// What events look like.
struct style {
  std::size_t record_max = 1024;
  unsigned names = 8;  // how many of the names of entities are used
  bool small = false;  // no large payloads
};
inline constexpr unsigned kNames = 22;
// A name of an entity: the first ones are short and begin alike, others hash alike or differ in their last byte.
// VALID UNTIL: the program ends.
std::string_view entity_name(unsigned i);

owned_draft random_draft(rng& random, const style& s = {});
std::vector<owned_draft> random_batch(rng& random, std::size_t events, const style& s = {});
// One event most of the time, sometimes more than a segment holds.
std::size_t random_batch_size(rng& random);

// An event that follows from its number alone, so that a process that finds it knows what it must be, also in another
// process.
owned_draft event_of_number(std::uint64_t seed, std::uint64_t number, const style& s = {});

}  // namespace copycost::event_store::properties
