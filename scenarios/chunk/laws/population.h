// SPDX-License-Identifier: Apache-2.0
//
// A population of chunks and builders of one context, and the same population in the oracle's terms: what the commands
// of population.cc work on. A slot holds a chunk (builder) or nothing; making one where another lives assigns over it.
// Whether a command may run is decided by the model alone, so that every design runs the same commands.
//
// Threads: a value; only inside a property.
#pragma once
#include <rapidcheck/state.h>

#include <array>
#include <memory>
#include <optional>

#include "scenarios/chunk/laws/draw.h"

namespace copycost::chunk::properties {

inline constexpr std::size_t kChunks = 7, kBuilders = 2;

// Shared and immutable, because rapidcheck copies the state for every command that it draws.
using model_slot = std::shared_ptr<const model_chunk>;

struct population_model {
  std::array<model_slot, kChunks> chunks;
  std::array<model_slot, kBuilders> builders;  // what was written so far

  bool has(std::size_t slot) const { return chunks[slot] != nullptr; }
  bool has_builder(std::size_t slot) const { return builders[slot] != nullptr; }
  const model_chunk& chunk(std::size_t slot) const { return *chunks[slot]; }
  const model_chunk& builder(std::size_t slot) const { return *builders[slot]; }
  void set(std::size_t slot, model_chunk m) { chunks[slot] = std::make_shared<const model_chunk>(std::move(m)); }
  void set_builder(std::size_t slot, model_chunk m) {
    builders[slot] = std::make_shared<const model_chunk>(std::move(m));
  }
};

struct population_of_design {
  facade& f;
  std::array<std::optional<any_chunk>, kChunks> chunks{};
  std::array<std::optional<any_builder>, kBuilders> builders{};

  any_chunk& chunk(std::size_t slot) { return *chunks[slot]; }
  // Assigns over a chunk that is there: the design's own assignment.
  void set(std::size_t slot, any_chunk c) {
    if (chunks[slot])
      *chunks[slot] = std::move(c);
    else
      chunks[slot].emplace(std::move(c));
  }
  void set_builder(std::size_t slot, any_builder b) {
    if (builders[slot])
      *builders[slot] = std::move(b);
    else
      builders[slot].emplace(std::move(b));
  }
};

// A command does something to the design's population and checks what it answers; then all chunks are compared.
class command : public rc::state::Command<population_model, population_of_design> {
 public:
  using state = population_model;
  using design_state = population_of_design;

  void run(const state& before, design_state& sut) const final {
    act(before, sut);
    compare(nextState(before), sut);
  }

 protected:
  virtual void act(const state& before, design_state& sut) const = 0;

 private:
  static void compare(const state& expected, const design_state& sut) {
    for (std::size_t i = 0; i < kChunks; ++i) {
      RC_ASSERT(sut.chunks[i].has_value() == expected.has(i));
      if (sut.chunks[i]) check_equals(sut.f, *sut.chunks[i], expected.chunk(i));
    }
    for (std::size_t i = 0; i < kBuilders; ++i) {
      RC_ASSERT(sut.builders[i].has_value() == expected.has_builder(i));
      if (sut.builders[i]) RC_ASSERT(sut.builders[i]->size() == expected.builder(i).size());
    }
  }
};

}  // namespace copycost::chunk::properties
