// SPDX-License-Identifier: Apache-2.0
//
// The oracle of the event store: owned events in standard containers, and every operation of the contract the obvious,
// slow way, errors included. Nothing here knows a design, and nothing is shared with one: names are checked, ids are
// made and checkpoints are looked up by code of its own.
//
// What the contract leaves open is settled here, so that all designs answer alike: an append looks for an empty batch,
// then at its drafts in their order, then at what is expected; a read looks at its checkpoint, then at the entity; no
// event belongs to the entity without a name.
//
// Threads: a value.
// Cost: reads are linear, and a snapshot is a list of references to immutable events.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/event_store/contract.h"

namespace copycost::event_store {

// What an append takes, with memory of its own.
struct owned_draft {
  kind what = kind::other;
  std::string kind_name, entity, related, source;
  std::int64_t time = 0;
  std::vector<std::byte> payload;

  draft view() const;  // VALID UNTIL: this is changed, moved or destroyed
  std::size_t record_bytes() const;
  friend bool operator==(const owned_draft&, const owned_draft&) = default;
};
// VALID UNTIL: an element is changed, moved or destroyed.
std::vector<draft> views(std::span<const owned_draft> all);
owned_draft owned(const draft& d);

// An event, with memory of its own.
struct owned_event {
  sequence seq = 0;
  ulid id;
  owned_draft content;

  std::size_t padded_bytes() const;
  friend bool operator==(const owned_event&, const owned_event&) = default;
};
owned_event owned(const event_view& e);

// Empty where both are the same. Otherwise the first field that differs, with both values: "entity of 7: 'a', expected
// 'b'".
std::string difference(const event_view& got, const owned_event& expected);
// Likewise without number and id.
std::string difference(const event_view& got, const owned_draft& expected);

// ULIDs as one number of 128 bits; the chance is drawn in the same order as by every store.
class model_ids {
 public:
  explicit model_ids(std::uint64_t seed) : random_(seed) {}
  ulid next(std::uint64_t ms);
  // As a store does that is opened anew: chance begins again, ids do not.
  void reopened(std::uint64_t seed) { random_ = rng(seed); }

 private:
  rng random_;
  wide last_ = 0;
  bool first_ = true;
};

using event_ptr = std::shared_ptr<const owned_event>;
using model_list = std::vector<event_ptr>;

// What a store holds at some moment.
struct model_snapshot {
  sequence first = 0;
  model_list events;

  bounds range() const { return {first, first + events.size()}; }
  result<model_list> read(sequence after, std::size_t limit = kAll) const;
  result<model_list> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) const;
  // The names of all entities, once each, in the order of their first events.
  std::vector<std::string> entities() const;
};

class model_store {
 public:
  // REQUIRES: check_options().
  explicit model_store(const store_options& o) : options_(o), now_{o.first, {}}, ids_(o.seed) {}

  result<appended> append(std::span<const draft> batch, std::optional<sequence> expected = {});
  // Whether an append would be refused, and how.
  result<void> would_append(std::span<const draft> batch, std::optional<sequence> expected = {}) const;
  result<void> truncate_before(sequence before);
  // The store was closed and opened again with the same options.
  void reopened() { ids_.reopened(options_.seed); }

  const model_snapshot& snapshot() const { return now_; }
  bounds range() const { return now_.range(); }
  std::uint64_t bytes() const;  // of padded records
  const store_options& options() const { return options_; }

 private:
  void retain();

  store_options options_;
  model_snapshot now_;
  model_ids ids_;
};

}  // namespace copycost::event_store
