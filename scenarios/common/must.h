// SPDX-License-Identifier: Apache-2.0
//
// What is done with results of operations that must not fail, in workloads, laws and tests. The errors' text comes from
// the system's own to_string(); its own of_machine() says which of them are the machine's (no room, no memory, the
// operating system's): those could not be done, all others are the design's result.
//
// Threads: safe; no state.
#pragma once
#include <string>
#include <type_traits>
#include <utility>

#include "harness/base/refused.h"
#include "harness/base/result.h"

namespace copycost {

// Throws refused: incorrect, or internal for an error of the machine.
template <class E>
[[noreturn, gnu::cold, gnu::noinline]] void failed_with(const std::string& where, const E& why) {
  throw refused(of_machine(why) ? exit_code::internal : exit_code::incorrect, where + to_string(why));
}
// The value of an operation that must succeed. Throws as failed_with().
template <class T, class E>
T must(result<T, E> r) {
  if (!r.ok()) failed_with("unexpected error: ", r.error());
  if constexpr (!std::is_void_v<T>) return std::move(r).value();
}
// The same; `where` comes in front of the error's text.
template <class T, class E>
T must(const std::string& where, result<T, E> r) {
  if (!r.ok()) failed_with(where, r.error());
  if constexpr (!std::is_void_v<T>) return std::move(r).value();
}

// An operation inside the window that failed: one line that says how. Out of line, so that a loop only pays the branch.
template <class E>
[[noreturn, gnu::cold, gnu::noinline]] void operation_failed(const E& why) {
  failed_with("operation: ", why);
}
// The value of an operation inside the window. Throws as failed_with().
template <class T, class E>
requires(!std::is_void_v<T>) T done(result<T, E>&& r) {
  if (!r.ok()) [[unlikely]]
    operation_failed(r.error());
  return std::move(r).value();
}
template <class E>
void done(const result<void, E>& r) {
  if (!r.ok()) [[unlikely]]
    operation_failed(r.error());
}

}  // namespace copycost
