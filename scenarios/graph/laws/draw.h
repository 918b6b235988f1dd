// SPDX-License-Identifier: Apache-2.0
//
// What the laws of items draw their cases from, how a drawn item is made, and how it is compared. Sizes prefer the
// neighbours of powers of two, where designs change their ways, and are some MiB now and then. Payload is written from
// a drawn seed, so that a counterexample stays readable; everything shrinks towards nothing.
//
//   draw_item() --> model_item --make_item(way)--> any_item --check_equals()--> the model again
//
// Threads: a value; only inside a property.
#pragma once
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/common/laws/agree.h"
#include "scenarios/common/laws/draw.h"
#include "scenarios/common/must.h"
#include "scenarios/graph/laws/any_facade.h"
#include "scenarios/graph/laws/oracle/model_item.h"

namespace copycost::graph::properties {

// A design with one context and one maker: what most laws stand on. Items are declared behind it.
struct ground {
  explicit ground(facade_maker make) : f(design_of<facade>(make)), x(f->context()), m(x) {}
  std::unique_ptr<facade> f;
  any_context x;
  any_maker m;
};

// Up to some MiB; small ones most of the time.
std::size_t draw_size(const std::string& name);
// Up to 513, for laws that make many items.
std::size_t draw_small_size(const std::string& name);
// In [0, size], the ends more often.
std::size_t draw_position(const std::string& name, std::size_t size);
// The same, and sometimes a number that is too large, up to the largest there is.
std::size_t draw_wild_position(const std::string& name, std::size_t size);
// A name: empty, short, long, and not only ASCII.
std::string draw_name(const std::string& name);
// Names, key, and 0 to kHeadersMax headers; few most of the time, and names repeat.
model_meta draw_meta(const std::string& name);
byte_string seeded_bytes(std::size_t size, std::uint64_t seed);
model_item draw_item(const std::string& name);
model_item draw_small_item(const std::string& name);

// Metadata in a context's numbers. `is` is VALID UNTIL: this object is destroyed or assigned to.
struct numbered_meta {
  std::vector<header> headers;
  metadata is;
};
numbered_meta numbered(any_context& x, const model_meta& m);

// The ways to come by an item.
enum class way { copy, adopt, build, build_short, share, move, part, branch, rewrite, unshare, next_batch };
inline constexpr std::size_t kWays = 11;
way draw_way(const std::string& name);
std::ostream& operator<<(std::ostream& out, way w);

// An item that equals the model, made in that way. What it was made from is overwritten afterwards, where it is not
// the item's. Throws as must().
any_item make_item(any_context& x, any_maker& m, const model_item& of, way w);
// Made in a drawn way.
any_item draw_made(ground& g, const model_item& of, const std::string& name);
// An item of the design without payload and metadata, as its default constructor makes it.
any_item empty_item(any_maker& m);

// The classes of a drawn item (drawn.h).
inline constexpr std::string_view kItemClasses[] = {"an empty payload",
                                                    "the size is a power of two",
                                                    "more than a MiB",
                                                    "no headers",
                                                    "one header",
                                                    "as many headers as there can be",
                                                    "the same header twice",
                                                    "an empty name",
                                                    "headers without payload"};
void classify(const model_item& m);

// How the item differs from the model; empty where it does not. In any thread.
std::string difference(const any_context& x, const any_item& seen, const model_item& expected);
// RC_FAILs with the difference.
void check_equals(const any_context& x, const any_item& seen, const model_item& expected);
// RC_ASSERTs that there is no payload and no metadata, and that nothing is kept.
void check_empty(const any_item& one);
// Whether they have bytes in common.
bool overlap(bytes_view a, bytes_view b);

}  // namespace copycost::graph::properties
