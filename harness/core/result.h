// SPDX-License-Identifier: Apache-2.0
//
// A value or an error, for failures that a caller expects (C++20 has no std::expected).
// Lifetime: owns what it holds. Thread-compatible. Cost: the larger of both plus a flag; no allocation.
#pragma once
#include <optional>
#include <utility>
#include <variant>

#include "harness/core/check.h"

namespace copycost {

template <class T, class E>
class [[nodiscard]] result {
 public:
  result(T value) : held_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  result(E error) : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok(). VALID UNTIL: this result is destroyed or assigned.
  T& value() & { return COPYCOST_REQUIRE(ok()), *std::get_if<0>(&held_); }
  const T& value() const& { return COPYCOST_REQUIRE(ok()), *std::get_if<0>(&held_); }
  T&& value() && { return COPYCOST_REQUIRE(ok()), std::move(*std::get_if<0>(&held_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  // REQUIRES: !ok().
  const E& error() const { return COPYCOST_REQUIRE(!ok()), *std::get_if<1>(&held_); }

 private:
  std::variant<T, E> held_;
};

// Success without a value, or an error.
template <class E>
class [[nodiscard]] result<void, E> {
 public:
  result() = default;
  result(E error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose
  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const E& error() const { return COPYCOST_REQUIRE(!ok()), *error_; }

 private:
  std::optional<E> error_;
};

}  // namespace copycost
