// SPDX-License-Identifier: Apache-2.0
//
// The contract of the event store behind virtual functions: a store of any design, so that laws, the reading of real
// input and everything else that is not timed is compiled once. any_design satisfies the same concept as a design does,
// so what is a template of the design (bus.h, replay.h) works on it too. Errors and COPIES are those of the design.
//
// Lifetime: that of the design behind it.
// Threads: those of the design behind it.
// Cost: an allocation for each value.
#pragma once
#include <functional>
#include <memory>
#include <utility>

#include "harness/judge/law.h"
#include "scenarios/common/laws/boxed.h"
#include "scenarios/event_store/contract.h"

namespace copycost::event_store {

using event_visitor = std::function<bool(const event_view&)>;

struct list_base {
  virtual ~list_base() = default;
  virtual std::size_t size() const = 0;
  virtual void each(const event_visitor& f) const = 0;
};
class any_list : public boxed<list_base> {
 public:
  using boxed::boxed;
  std::size_t size() const { return is_->size(); }
  template <class F>
  void for_each(F f) const {
    is_->each([&f](const event_view& e) { return visit(f, e); });
  }
};

struct snapshot_base {
  virtual ~snapshot_base() = default;
  virtual bounds range() const = 0;
  virtual result<any_list> read(sequence after, std::size_t limit) const = 0;
  virtual result<any_list> read_entity(std::string_view entity, sequence after, std::size_t limit) const = 0;
};
class any_snapshot : public boxed<snapshot_base> {
 public:
  using boxed::boxed;
  bounds range() const { return is_->range(); }
  result<any_list> read(sequence after, std::size_t limit = kAll) const { return is_->read(after, limit); }
  result<any_list> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) const {
    return is_->read_entity(entity, after, limit);
  }
};

struct reader_base {
  virtual ~reader_base() = default;
  virtual bounds range() = 0;
  virtual any_snapshot snapshot() = 0;
  virtual result<any_list> read(sequence after, std::size_t limit) = 0;
  virtual result<any_list> read_entity(std::string_view entity, sequence after, std::size_t limit) = 0;
};
class any_reader : public boxed<reader_base> {
 public:
  using boxed::boxed;
  bounds range() { return is_->range(); }
  any_snapshot snapshot() { return is_->snapshot(); }
  result<any_list> read(sequence after, std::size_t limit = kAll) { return is_->read(after, limit); }
  result<any_list> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) {
    return is_->read_entity(entity, after, limit);
  }
};

class any_store {
 public:
  using writer = std::function<void(std::span<std::byte>)>;
  virtual ~any_store() = default;
  virtual result<appended> append(std::span<const draft> batch, std::optional<sequence> expected = {}) = 0;
  virtual result<appended> append_in_place(const draft& one, std::size_t payload, const writer& write,
                                           std::optional<sequence> expected = {}) = 0;
  virtual result<any_reader> reader() = 0;
  virtual result<void> truncate_before(sequence before) = 0;
  virtual result<void> sync() = 0;
  virtual store_stats stats() const = 0;
  // Shared designs: the memory, for attach() in another process; -1 otherwise. VALID UNTIL: the store is destroyed.
  virtual int memory_fd() const = 0;

  static result<std::unique_ptr<any_store>> open(const store_options&) = delete;  // facade::open
};

struct any_design {
  using store = any_store;
};

class facade : public facade_base {
 public:
  // Errors: as the design's open().
  virtual result<std::unique_ptr<any_store>> open(const store_options& o) = 0;
  // A store that another process (or this one) keeps, for reading. REQUIRES: shared().
  virtual result<std::unique_ptr<any_store>> attach(int fd) = 0;
  virtual bool durable() const = 0;  // open() takes a directory
  virtual bool shared() const = 0;
  // Whether files are written through store_options::files, so that faults can be injected and power lost.
  virtual bool on_disk() const = 0;
};

}  // namespace copycost::event_store
