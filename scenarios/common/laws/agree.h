// SPDX-License-Identifier: Apache-2.0
//
// How a law compares a design with its oracle: results by agree(), bytes by same_bytes(), whole values by a text that
// says how they differ. rapidcheck writes down both sides of an assertion every time: compare what is long inside of
// one. Stateless; only inside a property.
#pragma once
#include <rapidcheck.h>

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "scenarios/common/bytes.h"

namespace copycost {

// Whether both succeeded, or failed with the same error in all its fields. RC_FAILs with both otherwise.
template <class A, class B, class E>
bool agree(const result<A, E>& design, const result<B, E>& model) {
  if (design.ok() && model.ok()) return true;
  if (!design.ok() && !model.ok() && design.error() == model.error()) return false;
  RC_FAIL("the design says '" + (design.ok() ? "ok" : to_string(design.error())) + "', the oracle '" +
          (model.ok() ? "ok" : to_string(model.error())) + "'");
}

// RC_FAILs with the text, where there is one.
inline void no_difference(const std::string& text) {
  if (!text.empty()) RC_FAIL(text);
}

// For assertions: a pointer would be shown by what it points to.
inline bool same_text(std::string_view a, std::string_view b) { return a == b; }
inline bool same_address(const void* a, const void* b) { return a == b; }

}  // namespace copycost
