// SPDX-License-Identifier: Apache-2.0
//
// How a target says that a decoder is wrong: one line, then the fuzzer keeps the input. Thread-safe. Cost: a branch.
#pragma once
#include <cstdio>
#include <cstdlib>

namespace copycost::raft::fuzz {

[[noreturn, gnu::cold, gnu::noinline]] inline void wrong(const char* what, const char* file, int line) {
  std::fprintf(stderr, "copycost: %s:%d: FAILED: %s\n", file, line, what);
  std::abort();
}

}  // namespace copycost::raft::fuzz

#define FUZZ_CHECK(condition, what) ((condition) ? (void)0 : ::copycost::raft::fuzz::wrong(what, __FILE__, __LINE__))
