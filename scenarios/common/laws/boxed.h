// SPDX-License-Identifier: Apache-2.0
//
// Values of whatever design, so that code which uses them is compiled once and not once a design.
//
//   any_thing : boxed<thing_base> [box*] --> thing_box<T> : thing_base [vtable | T held]
//
// For each concept of its contract a system defines thing_base (pure virtual functions), any_thing (the same functions
// of a value, so that it satisfies the concept too) and thing_box<T> (which hands them on to a design's T).
//   boxed       moving one moves the pointer; it may be empty
//   boxed_whole moving one moves the value inside, so that laws about moving are laws about the design's own moves;
//               never empty; thing_base derives from movable_base, thing_box from whole_box
//
// REQUIRES: values that meet in one call are of one design. Errors and COPIES are those of the value inside.
//
// Lifetime: what made a value outlives it.
// Threads: those of the value inside.
// Cost: an allocation a value, a virtual call an operation.
#pragma once
#include <memory>
#include <utility>

#include "harness/base/result.h"

namespace copycost {

template <class Base>
class boxed {
 public:
  boxed() = default;
  explicit boxed(std::unique_ptr<Base> b) : is_(std::move(b)) {}
  Base* box() const { return is_.get(); }

 protected:
  std::unique_ptr<Base> is_;
};

template <class Base>
struct movable_base {
  virtual ~movable_base() = default;
  virtual std::unique_ptr<Base> moved() = 0;
  virtual void assign(Base& from) = 0;  // `from` may be this very box
};

// A moved-from value may be assigned to and destroyed.
template <class Base>
class boxed_whole {
 public:
  explicit boxed_whole(std::unique_ptr<Base> b) : is_(std::move(b)) {}
  boxed_whole(boxed_whole&& o) noexcept : is_(o.is_->moved()) {}
  boxed_whole& operator=(boxed_whole&& o) noexcept {
    is_->assign(*o.is_);
    return *this;
  }
  Base* box() const { return is_.get(); }

 protected:
  std::unique_ptr<Base> is_;
};

template <class Box, class Base, class T>
struct whole_box : Base {
  explicit whole_box(T v) : held(std::move(v)) {}
  std::unique_ptr<Base> moved() override { return std::make_unique<Box>(std::move(held)); }
  void assign(Base& from) override { held = std::move(static_cast<Box&>(from).held); }
  T held;
};

// What a design answers, in a box.
template <class Any, class Box, class T, class E>
result<Any, E> in_box(result<T, E> r) {
  if (!r.ok()) return r.error();
  return Any(std::make_unique<Box>(std::move(r).value()));
}

// The design's value in a box. VALID UNTIL: `any` is destroyed or moved from.
template <class Box, class Any>
auto& held_in(const Any& any) {
  return static_cast<Box&>(*any.box()).held;
}
// The same; an empty one becomes a fresh value first.
template <class Box, class Any>
auto& held_or_fresh(Any& any) {
  if (any.box() == nullptr) any = Any(std::make_unique<Box>());
  return held_in<Box>(any);
}

}  // namespace copycost
