// SPDX-License-Identifier: Apache-2.0
//
// A store of the design and the oracle's, which get the same calls and must answer the same; and the comparisons that
// laws are made of. Every comparison RC_FAILs with the first difference, in words.
//
// Lifetime: the design's store and one reader of it, closed in the right order.
// Threads: a value; only inside a property.
// Cost: check() reads everything.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/event_store/laws/draw.h"

namespace copycost::event_store::properties {

// The list shows these events, in this order, field by field, and says how many they are.
void check_same(const any_list& got, const model_list& expected);
// The range, all events, and the list of every entity.
void check_same(const any_snapshot& got, const model_snapshot& expected);
// Both are lists, or the same error.
void check_same(const result<any_list>& got, const result<model_list>& expected);

// Empty where the list is as expected; for threads and processes, in which nothing may fail.
std::string difference(const any_list& got, const model_list& expected);

class twin {
 public:
  // Opens both. RC_FAILs where the design refuses.
  twin(facade_maker make, const store_options& o) : twin(design_of<facade>(make), o) {}
  twin(std::unique_ptr<facade> design, const store_options& o);

  facade& design() { return *design_; }
  any_store& store() { return *store_; }
  any_reader& reader() { return *reader_; }
  model_store& model() { return model_; }
  bounds range() const { return model_.range(); }

  // Both do it and answer the same; whether they did it.
  bool append(const std::vector<owned_draft>& batch, std::optional<sequence> expected = {});
  bool append_in_place(const owned_draft& one, std::optional<sequence> expected = {});
  bool truncate(sequence before);
  // Closes the design's store and opens it again, with the same options. REQUIRES: it has a directory.
  void reopen();
  // Closes it, and nothing more. REQUIRES: only open_again() follows.
  void close() {
    reader_.reset();
    store_.reset();
  }
  void open_again();

  // Everything that can be seen is what the oracle has.
  void check();

 private:
  std::unique_ptr<facade> design_;
  store_options options_;
  model_store model_;
  std::unique_ptr<any_store> store_;
  std::optional<any_reader> reader_;
};

// A snapshot of the design and what it must show as long as it lives.
struct kept_snapshot {
  any_snapshot design;
  model_snapshot model;
  void check() const { check_same(design, model); }
};
inline kept_snapshot keep(twin& t) { return {t.reader().snapshot(), t.model().snapshot()}; }

}  // namespace copycost::event_store::properties
