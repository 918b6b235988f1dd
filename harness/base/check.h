// SPDX-License-Identifier: Apache-2.0
//
// Two checks: COPYCOST_REQUIRE for what the caller must ensure (always on), COPYCOST_ASSERT for what our own code must
// ensure, and for cheap checks of a contract (on unless NDEBUG). Both print one line and abort: after a broken contract
// no result is worth keeping.
//
// Threads: safe.
// Cost: one predictable branch.
#pragma once
#include <cstdio>
#include <cstdlib>

namespace copycost::detail {
// Out of line and noexcept: nothing that is alive where a check stands must have an address because of it.
[[noreturn, gnu::cold, gnu::noinline]] inline void check_failed(const char* kind, const char* what, const char* file,
                                                                int line) noexcept {
  std::fprintf(stderr, "copycost: %s:%d: %s does not hold: %s\n", file, line, kind, what);
  std::abort();
}
}  // namespace copycost::detail

#define COPYCOST_REQUIRE(condition) \
  ((condition) ? (void)0 : ::copycost::detail::check_failed("precondition", #condition, __FILE__, __LINE__))
#ifdef NDEBUG
#define COPYCOST_ASSERT(condition) ((void)sizeof(condition))
#else
#define COPYCOST_ASSERT(condition) \
  ((condition) ? (void)0 : ::copycost::detail::check_failed("invariant", #condition, __FILE__, __LINE__))
#endif
