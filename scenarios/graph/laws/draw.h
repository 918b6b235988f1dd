// SPDX-License-Identifier: Apache-2.0
//
// What the laws of items draw their cases from, and how an item is made and compared. Sizes prefer the places where
// designs change their ways; payload follows from a drawn seed.
//
// Threads: a value; only inside a property.
#pragma once
#include <iosfwd>
#include <string>
#include <vector>

#include "scenarios/common/laws/agree.h"
#include "scenarios/common/laws/draw.h"
#include "scenarios/common/must.h"
#include "scenarios/graph/laws/any_facade.h"
#include "scenarios/graph/oracle/model_item.h"

namespace copycost::graph::properties {

// Up to 70,000; small ones most of the time.
std::size_t draw_size(const std::string& name);
// In [0, size], the ends more often; draw_wild_position() sometimes a number that is too large.
std::size_t draw_position(const std::string& name, std::size_t size);
std::size_t draw_wild_position(const std::string& name, std::size_t size);
// An item in the oracle's terms.
model_item draw_item(const std::string& name);
// The same without payload of its own, for the metadata of a part.
model_item draw_metadata(const std::string& name);
// The classes of drawn items (drawn.h).
inline constexpr std::string_view kItemClasses[] = {"an empty payload", "a payload over a page", "no header",
                                                    "several headers", "a header twice"};

// A model's metadata under a context's numbers.
class numbered {
 public:
  numbered(any_context& x, const model_item& m);
  // VALID UNTIL: this object is destroyed.
  metadata meta() const { return {source_, key_, headers_}; }

 private:
  name_id source_;
  std::uint64_t key_;
  std::vector<header> headers_;
};

enum class way { copy, adopt, build, build_less, shared, part, branch };
inline constexpr int kWays = 7;
way draw_way(const std::string& name);
std::ostream& operator<<(std::ostream& out, way w);

// An item that equals the model, made in that way. RC_ASSERTs that every step succeeds.
any_item make_item(any_context& x, any_maker& m, const model_item& model, way w);
any_item draw_made(any_context& x, any_maker& m, const model_item& model, const std::string& name);
// How the item differs from the model, in words; empty: not at all. For any thread.
std::string difference(const any_context& x, const any_item& item, const model_item& model);
// RC_FAILs where they differ.
inline void check_equals(const any_context& x, const any_item& item, const model_item& model) {
  no_difference(difference(x, item, model));
}

}  // namespace copycost::graph::properties
