// SPDX-License-Identifier: Apache-2.0
//
// ULIDs: 128-bit ids, 48 bits of milliseconds and 80 random bits, ordered by value and, as text, by spelling. Within
// one millisecond, and when the clock goes back, the random part counts up, so that ids of one generator always rise.
//
// Threads: a value; a generator is for one at a time.
// Cost: a few additions.
// Source: https://github.com/ulid/spec, "Monotonicity".
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/rng.h"

namespace copycost::event_store {

struct ulid {
  std::uint64_t high = 0, low = 0;  // high: 48 bits of milliseconds, 16 of chance
  std::uint64_t milliseconds() const { return high >> 16; }
  friend auto operator<=>(const ulid&, const ulid&) = default;
};

// 26 characters of Crockford's base 32.
std::string to_string(const ulid&);
// Nothing where the text is no ULID. Lower case is accepted.
std::optional<ulid> ulid_of(std::string_view text);

class ulid_generator {
 public:
  explicit ulid_generator(std::uint64_t seed) : random_(seed) {}

  // The next id of the millisecond `ms`, or of the latest one where that is later. When the chance part is used up the
  // id belongs to the next millisecond: it still rises.
  ulid next(std::uint64_t ms) {
    if (ms > last_.milliseconds() || fresh_) {
      fresh_ = false;
      return last_ = {(ms << 16) | (random_.next() & 0xFFFF), random_.next()};
    }
    last_.high += ++last_.low == 0 ? 1 : 0;
    return last_;
  }
  // Ids that follow are larger than this one (which a recovered log ends with).
  void continue_after(const ulid& id) {
    if (fresh_ || id > last_) {
      last_ = id;
      fresh_ = false;
    }
  }

 private:
  rng random_;
  ulid last_{};
  bool fresh_ = true;
};

}  // namespace copycost::event_store
