// SPDX-License-Identifier: Apache-2.0
//
// A value or an error, for failures that a caller expects (C++20 has no std::expected).
//
// Lifetime: owns what it holds.
// Threads: a value.
// Cost: the larger of both plus a flag; no allocation. It is a union and not a std::variant, because the optimiser
// keeps a union in registers, and a store next to a reference count's locked instruction is expensive.
#pragma once
#include <concepts>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include "harness/base/check.h"

namespace copycost {

template <class T, class E>
class [[nodiscard]] result {
  static_assert(std::is_trivially_copyable_v<E>, "an error is a plain value");

 public:
  using value_type = T;
  result(T value) : value_(std::move(value)), ok_(true) {}   // NOLINT: implicit on purpose
  result(E error) : error_(error), ok_(false) {}             // NOLINT
  explicit result(std::in_place_t) : value_{}, ok_(true) {}  // a fresh value, to be filled where it is
  result(result&& o) noexcept : none_(), ok_(o.ok_) {
    if (ok_)
      new (&value_) T(std::move(o.value_));
    else
      error_ = o.error_;
  }
  result(const result& o) requires std::copy_constructible<T> : none_(), ok_(o.ok_) {
    if (ok_)
      new (&value_) T(o.value_);
    else
      error_ = o.error_;
  }
  result& operator=(result&& o) noexcept {
    if (this == &o) return *this;
    this->~result();
    return *new (this) result(std::move(o));
  }
  ~result() {
    if (ok_) value_.~T();
  }

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }

  // REQUIRES: ok(). VALID UNTIL: this result is destroyed or assigned.
  T& value() & {
    COPYCOST_REQUIRE(ok_);
    return value_;
  }
  const T& value() const& {
    COPYCOST_REQUIRE(ok_);
    return value_;
  }
  T&& value() && {
    COPYCOST_REQUIRE(ok_);
    return std::move(value_);
  }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  // REQUIRES: !ok().
  const E& error() const {
    COPYCOST_REQUIRE(!ok_);
    return error_;
  }

 private:
  union {
    T value_;
    E error_;
    char none_;
  };
  bool ok_;
};

// Success without a value, or an error.
template <class E>
class [[nodiscard]] result<void, E> {
 public:
  result() = default;
  result(E error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose
  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const E& error() const {
    COPYCOST_REQUIRE(!ok());
    return *error_;
  }

 private:
  std::optional<E> error_;
};

}  // namespace copycost
