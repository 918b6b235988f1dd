// SPDX-License-Identifier: Apache-2.0
//
// The store that real input goes through: of the design, large enough for it, and where the design is durable in a
// directory of its own, which is removed at the end. Throws failure{incorrect} where the design refuses.
//
// Lifetime: the store and one reader of it.
// Threads: a value.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "harness/base/temp_dir.h"
#include "scenarios/event_store/any_store.h"
#include "scenarios/event_store/input/input_events.h"

namespace copycost::event_store {

class judged_store {
 public:
  judged_store(facade_maker make, const input_file& in, const input_events& events);
  judged_store(const judged_store&) = delete;
  judged_store& operator=(const judged_store&) = delete;

  any_store& store() { return *store_; }
  any_reader& reader() { return *reader_; }
  bool durable() const { return !options_.dir.empty(); }
  // REQUIRES: durable(); nothing of the store is held any more.
  void reopen();

 private:
  void open();

  std::unique_ptr<facade> design_;
  std::string input_;
  std::optional<temp_dir> dir_;  // of a durable design; goes last
  store_options options_;
  std::unique_ptr<any_store> store_;
  std::optional<any_reader> reader_;
};

}  // namespace copycost::event_store
