// SPDX-License-Identifier: Apache-2.0
//
// A population of items of one context and two makers, and the same population in the oracle's terms: what the commands
// of population.cc work on. A slot holds an item or nothing; making one where another lives assigns over it. Whether a
// command may run is decided by the model alone, so that every design runs the same commands.
//
// Threads: a value; only inside a property.
#pragma once
#include <rapidcheck/state.h>

#include <array>
#include <memory>
#include <optional>

#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {

inline constexpr std::size_t kItems = 9, kMakers = 2;

// Shared and immutable, because rapidcheck copies the state for every command that it draws.
using model_slot = std::shared_ptr<const model_item>;

struct population_model {
  std::array<model_slot, kItems> items;

  bool has(std::size_t slot) const { return items[slot] != nullptr; }
  const model_item& item(std::size_t slot) const { return *items[slot]; }
  std::size_t size_of(std::size_t slot) const { return has(slot) ? item(slot).bytes.size() : 0; }
  void set(std::size_t slot, model_item m) { items[slot] = std::make_shared<const model_item>(std::move(m)); }
};

struct population_of_design {
  explicit population_of_design(ground& on) : g(on) {
    for (auto& m : makers) m.emplace(g.x);
  }
  any_maker& maker(std::size_t i) { return *makers[i]; }
  // Assigns over an item that is there: the design's own assignment.
  void set(std::size_t slot, any_item one) {
    if (items[slot].box() != nullptr && one.box() != nullptr)
      items[slot].box()->assign(*one.box());
    else
      items[slot] = std::move(one);
  }

  ground& g;
  std::array<std::optional<any_maker>, kMakers> makers;
  std::array<any_item, kItems> items;  // destroyed before the makers
};

// A command does something to the design's population and checks what it answers; then all items are compared.
class command : public rc::state::Command<population_model, population_of_design> {
 public:
  using state = population_model;
  using design_state = population_of_design;

  void run(const state& before, design_state& sut) const final {
    act(before, sut);
    const state after = nextState(before);
    for (std::size_t i = 0; i < kItems; ++i) {
      RC_ASSERT((sut.items[i].box() != nullptr) == after.has(i));
      if (after.has(i)) check_equals(sut.g.x, sut.items[i], after.item(i));
    }
  }

 protected:
  virtual void act(const state& before, design_state& sut) const = 0;
};

}  // namespace copycost::graph::properties
