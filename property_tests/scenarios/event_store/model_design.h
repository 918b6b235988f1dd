// SPDX-License-Identifier: Apache-2.0
//
// The oracle as a design, so that what is a template of the design (the bus) can be tested without one. Slow; in memory
// only. A hook runs in front of each read, so that a test can do what another thread might.
//
// Lifetime, threads: contract.h, with one lock. The hook is set while there is no reader.
#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/event_store/oracle/oracle.h"

namespace copycost::event_store {

struct model_design {
  using record = std::vector<std::byte>;
  using records = std::vector<std::shared_ptr<const record>>;

  class list {
   public:
    explicit list(records all) : all_(std::move(all)) {}
    std::size_t size() const { return all_.size(); }
    template <class F>
    void for_each(F f) const {
      for (const auto& r : all_)
        if (!visit(f, event_view(r->data()))) return;
    }

   private:
    records all_;
  };

  class moment {
   public:
    moment(sequence first, records all) : first_(first), all_(std::move(all)) {}
    bounds range() const { return {first_, first_ + all_.size()}; }
    result<list> read(sequence after, std::size_t limit = kAll) const {
      const auto from = behind(after, range());
      if (!from.ok()) return from.error();
      const auto begin = all_.begin() + static_cast<std::ptrdiff_t>(from.value() - first_);
      const auto count = std::min<std::size_t>(limit, static_cast<std::size_t>(all_.end() - begin));
      return list(records(begin, begin + static_cast<std::ptrdiff_t>(count)));
    }
    result<list> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) const {
      const auto from = behind(after, range());
      if (!from.ok()) return from.error();
      records out;
      bool known = false;
      for (const auto& r : all_) {
        const event_view e(r->data());
        if (entity.empty() || e.entity() != entity) continue;
        known = true;
        if (e.seq() >= from.value() && out.size() < limit) out.push_back(r);
      }
      if (!known) return error{.code = errc::entity_not_found};
      return list(std::move(out));
    }

   private:
    sequence first_;
    records all_;
  };

  class store;
  class onlooker {
   public:
    explicit onlooker(store& s) : store_(&s) {}
    moment snapshot();
    result<list> read(sequence after, std::size_t limit = kAll) {
      store_->before_read();
      return snapshot().read(after, limit);
    }
    result<list> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) {
      return snapshot().read_entity(entity, after, limit);
    }

   private:
    store* store_;
  };

  class store {
   public:
    explicit store(const store_options& o) : model_(o) {}
    static result<std::unique_ptr<store>> open(const store_options& o) {
      if (const auto fine = check_options(o); !fine.ok()) return fine.error();
      return std::make_unique<store>(o);
    }
    result<appended> append(std::span<const draft> batch, std::optional<sequence> expected = {}) {
      const std::lock_guard lock(mutex_);
      auto done = model_.append(batch, expected);
      if (!done.ok()) return done;
      records next = all_;
      for (const event_ptr& e : model_.snapshot().events)
        if (e->seq >= done->first) next.push_back(encoded(*e));
      keep(std::move(next));
      return done;
    }
    template <class Write>
    result<appended> append_in_place(draft one, std::size_t payload, Write write,
                                     std::optional<sequence> expected = {}) {
      record bytes(payload);
      one.payload = bytes;
      {
        const std::lock_guard lock(mutex_);
        if (const auto fine = model_.would_append({&one, 1}, expected); !fine.ok()) return fine.error();
      }
      write(std::span<std::byte>(bytes));
      return append({&one, 1}, expected);
    }
    result<onlooker> reader() { return onlooker(*this); }
    result<void> truncate_before(sequence before) {
      const std::lock_guard lock(mutex_);
      auto done = model_.truncate_before(before);
      keep(all_);
      return done;
    }
    result<void> sync() { return {}; }
    store_stats stats() const {
      const std::lock_guard lock(mutex_);
      store_stats s;
      s.events = model_.range().count();
      s.bytes = s.held_bytes = model_.bytes();
      return s;
    }

    std::function<void()> hook;
    void before_read() {
      if (hook) hook();
    }

   private:
    friend class onlooker;
    static std::shared_ptr<const record> encoded(const owned_event& e) {
      auto r = std::make_shared<record>(e.padded_bytes());
      write_record(r->data(), e.seq, e.id, e.content.view());
      return r;
    }
    void keep(records next) {
      const std::size_t gone = next.size() - model_.snapshot().events.size();
      next.erase(next.begin(), next.begin() + static_cast<std::ptrdiff_t>(gone));
      all_ = std::move(next);
    }

    mutable std::mutex mutex_;
    model_store model_;  // guarded by mutex_, as what follows
    records all_;        // what the model holds, encoded
  };
};

inline model_design::moment model_design::onlooker::snapshot() {
  const std::lock_guard lock(store_->mutex_);
  return {store_->model_.range().first, store_->all_};
}

}  // namespace copycost::event_store
