// SPDX-License-Identifier: Apache-2.0
//
// A trait of a design and the word for it. A contract's `struct design_traits` answers its words(), which
// `copycost list --designs` shows for each trait that a design has.
// Threads: a value.
#pragma once
#include <string_view>

namespace copycost {

template <class Traits>
struct trait_word {
  bool Traits::*has = nullptr;
  std::string_view word;
};

}  // namespace copycost
