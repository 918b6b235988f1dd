// SPDX-License-Identifier: Apache-2.0
//
// The function of a given name that this library hides: libc's, or that of a library loaded between.
//
// Lifetime: constant-initialised, usable from the first call of the process on.
// Threads: safe; a look-up that happens twice finds the same.
// Cost: one load and an indirect call; one dlsym the first time. The look-up is done in advance by a constructor
// (find_all), because dlsym must not run in a signal handler or after a fork.
#pragma once
#include <dlfcn.h>

#include <atomic>
#include <cerrno>
#include <type_traits>

namespace copycost::hooks {

template <class Signature>
class next_call;

template <class Result, class... Arguments>
class next_call<Result(Arguments...)> {
 public:
  explicit constexpr next_call(const char* name) : name_(name) {}

  // A function that this libc lacks fails with ENOSYS.
  Result operator()(Arguments... arguments) {
    function* next = find();
    if (next != nullptr) [[likely]]
      return next(arguments...);
    errno = ENOSYS;
    if constexpr (std::is_pointer_v<Result>)
      return reinterpret_cast<Result>(-1);  // MAP_FAILED
    else
      return Result{-1};
  }

  using function = Result(Arguments...);
  function* find() {
    function* next = next_.load(std::memory_order_relaxed);
    if (next == nullptr) [[unlikely]] {
      next = reinterpret_cast<function*>(dlsym(RTLD_NEXT, name_));
      next_.store(next, std::memory_order_relaxed);
    }
    return next;
  }

 private:
  const char* name_;
  std::atomic<function*> next_ = nullptr;
};

template <class... Calls>
void find_all(Calls&... calls) {
  (static_cast<void>(calls.find()), ...);
}

}  // namespace copycost::hooks
