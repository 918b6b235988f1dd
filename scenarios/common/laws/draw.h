// SPDX-License-Identifier: Apache-2.0
//
// What the laws of every system draw their cases from. draw_...() draws one named value inside a running rapidcheck
// property. A case is a few drawn numbers, which shrink, and a seed from which the rest follows (rng), so that a
// counterexample stays readable. Generators (rc::Gen) are for a system's own draw_...().
//
// Threads: a value; draw_...() only inside a property.
#pragma once
#include <rapidcheck.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/rng.h"

namespace copycost {

using byte_string = std::vector<std::byte>;

// Integers of a generator, which shrink towards `low` wherever they were picked from.
template <class T>
rc::Gen<T> shrinking(rc::Gen<T> gen, T low = 0) {
  return rc::gen::shrink(std::move(gen), [low](T v) { return rc::shrink::towards<T>(v, low); });
}
// A number in [low, high], every one as likely, whatever size rapidcheck is at. Does not shrink.
template <class T>
rc::Gen<T> uniform(T low, T high) {
  const auto word = rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
  return rc::gen::map(word, [=](std::uint64_t seed) {
    const std::uint64_t many = static_cast<std::uint64_t>(high) - low + 1;
    return static_cast<T>(low + (many == 0 ? rng::split(seed) : rng(seed).below(many)));
  });
}
template <class T, std::size_t N>
rc::Gen<T> one_of(const T (&values)[N]) {
  return rc::gen::elementOf(std::vector<T>(std::begin(values), std::end(values)));
}

// In [low, high], as uniform(); shrinks towards low.
std::uint64_t draw_number(const std::string& name, std::uint64_t low, std::uint64_t high);
bool draw_bool(const std::string& name);
// One of a few values; shrinks towards the first.
std::uint64_t draw_one_of(const std::string& name, const std::vector<std::uint64_t>& values);
// A seed, and what follows from it.
rng draw_rng(const std::string& name);
byte_string random_bytes(std::size_t size, rng& random);

}  // namespace copycost
