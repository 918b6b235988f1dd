// SPDX-License-Identifier: Apache-2.0
//
// Interned names: a text has one number as long as the table lives, whichever threads ask for it at the same time, and
// a full table refuses: it never forgets a name to make room.
//
//   index  [tag|id][ 0 ][tag|id] ...   read without a lock; twice as large when half of it is taken
//   places [text of 0][text of 1] ...  segments of 64, 64, 128, 256 ... that never move
//   texts  [block of characters] --> [block of characters]
//
// An index that is replaced is kept, so that a reader may still look at it: what it misses there, it finds under the
// lock. All of them together are smaller than the newest one.
//
// Lifetime: a name lives as long as the table.
// Threads: safe; a name that is there is found without a lock, a new one takes it and looks once more before it adds.
// Cost: a hash, a probe and a comparison for a name that is there; for a new one a lock, and an allocation now and
// then. A name takes its characters, 16 bytes of place and 16 to 64 of indexes. The hash has a secret of the process,
// so that a peer cannot choose names that collide.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "scenarios/graph/contract.h"

namespace copycost::graph {

inline constexpr std::uint64_t kNameMax = 64 * 1024;  // bytes of one name

struct name_limits {
  std::uint64_t names = kNamesMax;                 // the empty one included; from 1 to kNamesMax
  std::uint64_t bytes = std::uint64_t{256} << 20;  // of all texts together
};

class name_table {
 public:
  // REQUIRES: limits.names is from 1 to kNamesMax.
  explicit name_table(const name_limits& limits = {});
  ~name_table();
  name_table(const name_table&) = delete;
  name_table& operator=(const name_table&) = delete;

  // The number of `name`: 0 of the empty one, then they count up. Errors: too_large (kNameMax); names_full, when the
  // names or their bytes are used up, and then the table is as before and still finds what it has; out_of_memory.
  result<name_id> intern(std::string_view name);
  // Empty for a number that was never given. VALID UNTIL: the table is destroyed.
  std::string_view name(name_id id) const;

  std::uint64_t size() const { return count_.load(std::memory_order_acquire); }       // names, the empty one included
  std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }      // of all texts
  std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }  // calls that ended in an error
  const name_limits& limits() const { return limits_; }

 private:
  struct index;
  struct text_block;
  static constexpr unsigned kFirst = 64, kSegments = 15;  // 64 << 14 places are kNamesMax
  static_assert(std::uint64_t{kFirst} << (kSegments - 1) == kNamesMax);

  // The place of a number whose segment is there. VALID UNTIL: the table is destroyed.
  std::string_view& place(name_id id) const;
  name_id find(const index& in, std::uint32_t tag, std::string_view name) const;  // 0: not there
  // REQUIRES, of these: the lock. Null or false: there is no memory. VALID UNTIL: the table is destroyed.
  result<name_id> add(std::uint32_t tag, std::string_view name);
  index* roomy_index(name_id next);
  bool has_place(name_id next);
  const char* keep(std::string_view name);  // VALID UNTIL: the table is destroyed
  error refuse(error why);

  const name_limits limits_;
  std::atomic<index*> index_{nullptr};
  std::atomic<std::uint64_t> count_{1}, bytes_{0}, refused_{0};
  std::array<std::string_view*, kSegments> segments_{};  // each is written once, before count_ or a slot says so
  std::mutex mutex_;
  text_block* texts_ = nullptr;  // guarded by mutex_
};

}  // namespace copycost::graph
