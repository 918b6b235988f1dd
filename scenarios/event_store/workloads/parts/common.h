// SPDX-License-Identifier: Apache-2.0
//
// What the event store's workloads have in common: events that follow from their number, stores filled with them, and
// what a consumer does with an event. An event of number i has the sequence i, an entity's name of 8 bytes and a
// payload of the pattern i: a record of 64 payload bytes is 128 bytes. Set-up code, except consume().
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "harness/core/observe.h"
#include "harness/ledger/witness/pattern.h"
#include "scenarios/common/least.h"
#include "scenarios/common/must.h"
#include "scenarios/common/register.h"
#include "scenarios/common/workload.h"
#include "scenarios/event_store/contract.h"

namespace copycost::event_store::workloads {

using copycost::tally;  // not the one of the projection

inline constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * 1024;
inline constexpr std::size_t kSize = 64;  // bytes of payload, where it is no parameter
inline constexpr std::size_t kNameSize = 8;
inline constexpr std::size_t kEntities = 1000;

// Bytes of the padded record of an event with that much payload.
inline constexpr std::size_t record_bytes(std::size_t payload) { return padded(kRecordHeader + payload + kNameSize); }

// Names of entities: "e0000000" and so on.
class entity_names {
 public:
  explicit entity_names(std::size_t count) {
    names_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      std::string digits = std::to_string(i);
      names_.push_back("e" + std::string(kNameSize - 1 - digits.size(), '0') + digits);
    }
  }
  // VALID UNTIL: this is destroyed.
  std::string_view operator[](std::size_t i) const { return names_[i]; }
  std::size_t size() const { return names_.size(); }

 private:
  std::vector<std::string> names_;
};

// Which entity event number i belongs to: all are as likely, in an order that does not repeat soon.
inline std::size_t entity_of(std::uint64_t i, std::size_t entities) {
  std::uint64_t seed = i;
  return static_cast<std::size_t>(rng::split(seed) % entities);
}

inline draft draft_of(std::uint64_t i, std::string_view entity) {
  draft d;
  d.what = kind::metadata_updated;
  d.entity = entity;
  d.time = static_cast<std::int64_t>(i);
  return d;
}

template <class D>
using store_ptr = std::unique_ptr<typename D::store>;

inline store_options options_of(window& w) {
  store_options o;
  o.seed = w.epoch();
  return o;
}

// Tells the witnesses where producers wrote, neighbours at once.
class produced_places {
 public:
  explicit produced_places(window& w) : w_(w) {}
  ~produced_places() { tell(); }
  produced_places(const produced_places&) = delete;
  produced_places& operator=(const produced_places&) = delete;
  void add(std::span<const std::byte> where) {
    const std::byte* const end = begin_ + size_;
    if (begin_ != nullptr && where.data() >= end && where.data() < end + 4 * kRecordHeader) {
      size_ = static_cast<std::size_t>(where.data() + where.size() - begin_);
      return;
    }
    tell();
    begin_ = where.data();
    size_ = where.size();
  }

 private:
  void tell() {
    if (begin_ != nullptr) w_.produced({begin_, size_});
  }
  window& w_;
  const std::byte* begin_ = nullptr;
  std::size_t size_ = 0;
};

// Appends events [from, to), payloads written where they stay. `entity(i)` is the index of the name of event i.
template <class D, class EntityOf>
void fill(typename D::store& s, window& w, std::uint64_t from, std::uint64_t to, const entity_names& names,
          EntityOf entity, std::size_t size = kSize) {
  produced_places places(w);
  const std::uint16_t epoch = w.epoch();
  for (std::uint64_t i = from; i < to; ++i)
    must(s.append_in_place(draft_of(i, names[entity(i)]), size, [&](std::span<std::byte> to_write) {
      pattern::write(to_write.data(), to_write.size(), epoch, i);
      if constexpr (!D::traits.moves_records) places.add(to_write);
    }));
}
// The same in batches, from memory of the producer's: for stores that pay by the append.
template <class Store, class EntityOf>
void fill_in_batches(Store& s, window& w, std::uint64_t from, std::uint64_t to, const entity_names& names,
                     EntityOf entity, std::size_t size = kSize) {
  constexpr std::uint64_t kBatch = 16 * 1024;
  std::vector<std::byte> bytes(kBatch * size);
  std::vector<draft> batch;
  for (std::uint64_t i = from; i < to;) {
    batch.clear();
    for (const std::uint64_t end = std::min(to, i + kBatch); i < end; ++i) {
      std::byte* const at = bytes.data() + batch.size() * size;
      pattern::write(at, size, w.epoch(), i);
      batch.push_back(draft_of(i, names[entity(i)]));
      batch.back().payload = {at, size};
    }
    must(s.append(batch));
  }
}
template <class D, class EntityOf>
void filled(typename D::store& s, window& w, std::uint64_t events, const entity_names& names, EntityOf entity,
            std::size_t size = kSize) {
  if constexpr (D::traits.fills_slowly)
    fill_in_batches(s, w, 0, events, names, entity, size);
  else
    fill<D>(s, w, 0, events, names, entity, size);
}
template <class D>
void filled(typename D::store& s, window& w, std::uint64_t events, const entity_names& names) {
  filled<D>(s, w, events, names, [&](std::uint64_t i) { return entity_of(i, names.size()); });
}

// A consumer reads every byte of the record. The judge digests what does not depend on the clock; the inspector asks
// where the payload lies.
template <class See>
void consume(See& see, const event_view& e) {
  if constexpr (std::is_same_v<See, cost_observer>) {
    see.read(e.record());
  } else {
    see.number(e.seq());
    see.read(e.payload());
  }
}

// What the oracle's consumer sees of event i. Payloads repeat with their ids, so they are made once.
class model_events {
 public:
  explicit model_events(std::uint16_t epoch, std::size_t size = kSize) : epoch_(epoch), bytes_(size) {}
  // From event `first` on there are so many different payloads, one after the other and again: what a workload makes
  // ready.
  model_events& repeat(std::uint64_t first, std::uint64_t payloads) {
    first_ = first;
    payloads_ = payloads;
    return *this;
  }
  void consume(digest& seen, std::uint64_t i) {
    const std::uint64_t id = i < first_ ? i : first_ + (i - first_) % payloads_;
    pattern::write(bytes_.data(), bytes_.size(), epoch_, id);
    seen.add(i);
    seen.add(std::span<const std::byte>(bytes_));
  }

 private:
  std::uint16_t epoch_;
  std::uint64_t first_ = ~std::uint64_t{0}, payloads_ = 1;
  std::vector<std::byte> bytes_;
};

// What a consumer of the whole log sees, so many times in a row.
inline digest model_of_log(std::uint16_t epoch, std::uint64_t events, std::uint64_t times = 1) {
  digest seen;
  model_events model(epoch);
  for (std::uint64_t i = 0; i < times; ++i)
    for (std::uint64_t k = 0; k < events; ++k) model.consume(seen, k);
  return seen;
}

// Events that are there already, into a store, many at once.
template <class Store>
void append_all(Store& s, std::span<const draft> all) {
  constexpr std::size_t kBatch = 4096;
  for (std::size_t i = 0; i < all.size(); i += kBatch) must(s.append(all.subspan(i, std::min(kBatch, all.size() - i))));
}

// An episode with a store, and what is appended to it. In a loop every role has a reader.
template <class Base, class D>
class with_store : public Base {
 public:
  auto ready(window&) { return must(store_->reader()); }

 protected:
  explicit with_store(handled each, std::size_t entities = kEntities) : Base(each), names_(entities) {}
  void open(const store_options& o) { store_ = must(D::store::open(o)); }
  // A store of so many events.
  void open(window& w, std::uint64_t events) {
    open(options_of(w));
    filled<D>(*store_, w, events, names_);
  }
  // `count` payloads with the ids from `first` on, for drafts.
  void make_payloads(window& w, std::uint64_t count, std::uint64_t first = 0, std::size_t size = kSize) {
    for (std::uint64_t k = 0; k < count; ++k) payloads_.push_back(w.payload(size, first + k));
  }
  // Events that are to be appended, with those payloads one after the other and again.
  void make_drafts(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      drafts_.push_back(draft_of(i, names_[entity_of(i, kEntities)]));
      if (!payloads_.empty()) drafts_.back().payload = payloads_[i % payloads_.size()];
    }
  }
  // Everything that is there.
  template <class See>
  void look_at_log(See& see) {
    auto reader = must(store_->reader());
    must(reader.read(kStart)).for_each([&](const event_view& e) { consume(see, e); });
  }

  entity_names names_;
  std::vector<std::span<const std::byte>> payloads_;
  std::vector<draft> drafts_;
  store_ptr<D> store_;
};
// E is as in loop_episode.
template <class E, class D>
using store_episode = with_store<loop_episode<E>, D>;

// What a new record takes: its bytes are written. A producer that writes in place does no less.
inline limit_sum least_append(std::size_t payload, double events) {
  return least_write(static_cast<std::uint64_t>(events * static_cast<double>(record_bytes(payload))));
}
// What appending to one array costs at best: records into a std::vector that is large enough, in memory that is new.
inline limit_sum append_reference(std::size_t payload, double events) {
  if (payload <= 64) return {{events, "vector_append", record_bytes(payload)}};
  if (payload <= kKiB) return {{events * static_cast<double>(record_bytes(payload)) / 1024, "vector_append", 1024}};
  return {{events, "memcpy_cold", record_bytes(payload)}};
}

}  // namespace copycost::event_store::workloads
