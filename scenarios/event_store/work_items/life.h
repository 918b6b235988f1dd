// SPDX-License-Identifier: Apache-2.0
//
// Valid lives of work items: a seeded random walk over the table of legal transitions, for tests and workloads. A given
// seed makes the same events on every machine. Entities are drawn with a skew, as real ones are: a few have most of the
// events.
//
// Lifetime: owns what it made.
// Threads: a value.
// Cost: an allocation for each event's body and names.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "scenarios/event_store/oracle/oracle.h"

namespace copycost::event_store {

struct life_options {
  std::uint64_t seed = 1;
  unsigned items = 100;  // at most so many are alive; one that is completed is followed by a new one
  std::int64_t start = 1'700'000'000;
  std::size_t text_max = 40;  // of titles, reasons, outputs
};

class life {
 public:
  explicit life(const life_options& o = {});
  // The next event. Every projection accepts it, as long as it has had all those before.
  owned_draft next();
  std::vector<owned_draft> next(std::size_t events);

 private:
  struct item {
    std::string name;
    bool is_created = false, is_claimed = false, has_result = false;
    state now = state::pending;
    std::uint32_t priority = 100;
    std::vector<std::string> blocked_by;
  };
  item fresh();
  owned_draft created(item& i);
  owned_draft moved(item& i);
  owned_draft told(item& i);
  owned_draft reported();
  owned_draft about(const item& i, kind what, std::string bytes) const;
  std::string text(std::size_t most);
  std::string json_text();

  life_options options_;
  rng random_;
  std::uint64_t made_ = 0;
  std::int64_t time_;
  std::vector<item> items_;
};

}  // namespace copycost::event_store
