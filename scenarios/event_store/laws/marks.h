// SPDX-License-Identifier: Apache-2.0
//
// Events that say who appended them: so that a reader in another thread or process can tell, from what it sees alone,
// whether a batch is whole, whether anything is missing, twice, changed or invented.
//
//   payload   [writer u32|batch u32|index u32|size u32|filling that follows from these]     entity "writer N"
//
// Nothing here asserts: an assertion belongs to the thread that runs the property.
//
// Threads: a value; complaints are safe.
#pragma once
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "scenarios/event_store/laws/draw.h"

namespace copycost::event_store::properties {

struct mark {
  std::uint32_t writer = 0, batch = 0, index = 0, size = 0;
  friend bool operator==(const mark&, const mark&) = default;
};

std::string writer_name(std::uint32_t writer);
owned_draft marked(const mark& m);
// A whole batch of `size` events.
std::vector<owned_draft> marked_batch(std::uint32_t writer, std::uint32_t batch, std::uint32_t size);
// How many events that batch has: 1 to 6, most often one. Follows from its number alone.
std::uint32_t marked_size(std::uint64_t seed, std::uint32_t writer, std::uint32_t batch);

// The first thing that is wrong, and how many things are.
class complaints {
 public:
  void add(const std::string& text) {
    if (text.empty()) return;
    const std::lock_guard lock(mutex_);
    if (count_++ == 0) first_ = text;
  }
  // RC_FAILs where there are any. REQUIRES: the property's own thread.
  void check() const {
    const std::lock_guard lock(mutex_);
    if (count_ > 0) RC_FAIL(std::to_string(count_) + " things are wrong; the first: " + first_);
  }

 private:
  mutable std::mutex mutex_;
  int count_ = 0;      // guarded by mutex_
  std::string first_;  // guarded by mutex_
};

// What a reader expects beside whole batches.
struct marked_log {
  std::uint32_t writers = 1;
  bool from_the_start = true;  // nothing was truncated: every writer's batches begin with 0
};
// Empty where the snapshot is a range without gaps, of whole batches (the first one may have lost its front, unless
// nothing was truncated), each writer's batches follow each other, and each writer's entity has exactly the events of
// the range.
std::string wrong_with(const any_snapshot& s, const marked_log& log);

}  // namespace copycost::event_store::properties
