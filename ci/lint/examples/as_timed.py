# SPDX-License-Identifier: Apache-2.0
PATH = "impls/raft/slice/design.cc"
WORKLOAD = "scenarios/raft/workloads/encode.h"


def one(line, path=PATH):
    return {path: f"// first\n{line}\n"}


_FINE = """
count_refcount_op();
counted_copy(to, from, size);
counted_framed_copy(to, from, bytes, payloads);
count_register_copy(size);
report_sub_alloc(at, bytes);
// COPYCOST_LEDGER and getenv are for others
const char* why = "COPYCOST_LEDGER, getenv, cch_total";
const std::string path = "/proc/self/fd/" + std::to_string(fd);
file.environment = mine;
row.personality(4);
std::uint64_t kCountsOf = 3;
#ifndef NDEBUG
#include "harness/ledger/witness/counters.h"
"""

_TELLING = """
#if COPYCOST_LEDGER
if constexpr (COPYCOST_LEDGER == 0) return;
if constexpr (kCounts) drop();
const bool timed = t_own_counts.copies == before;
own_counts before;
if (cch_report_alloc != nullptr) return;
cch_total(&now);
if (mi_version() > 0) return;
auto usable = malloc_usable_size(block);
auto info = mallinfo2();
if (std::getenv("COPYCOST") != nullptr) return;
extern char** environ;
if (program_invocation_short_name == name) return;
extern const char* __progname;
void* f = dlsym(RTLD_DEFAULT, "cch");
dl_iterate_phdr(&look, nullptr);
void* caller = __builtin_return_address(0);
if (__builtin_constant_p(size)) return;
#ifdef __OPTIMIZE__
#ifdef __NO_INLINE__
prctl(PR_GET_NAME, name);
auto t = __rdtsc();
if (w.watches() == watching::cost) return;
[[gnu::weak]] void only_there();
__attribute__((weak)) void only_there();
#pragma weak only_there
std::ifstream maps("/proc/self/maps");
auto exe = readlink("/proc/self/exe", to, size);
auto preloaded = "LD_PRELOAD";
#include "harness/ledger/hooks/hooks.h"
#include "harness/clock/clock_instrument.h"
"""

GOOD = [one(line) for line in _FINE.strip().splitlines()] + [
    one("#define COPYCOST_LEDGER 0", "harness/ledger/witness/counters.h"),
    one("static constexpr bool kReports = kCounts;", "impls/common/arena.h"),
    one("if (w.watches() == watching::results) look(w);", WORKLOAD),
    one("cch_thread(&before);", "scenarios/chunk/laws/making.cc"),
    one("std::getenv(name);", "property_tests/laws_test.cc"),
    {"harness/ledger/CMakeLists.txt": "COPYCOST_LEDGER=1\n"},
    {"impls/README.md": "COPYCOST_LEDGER\n"},
    {"impls/CMakeLists.txt": "target_link_libraries(test PRIVATE copycost_cells_clock)\n"},
    {"scripts/cmake/registration.cmake": "target_compile_options(copycost_cells_ledger PRIVATE -fno-builtin-memcpy)\n"},
]

BAD = [(one(line), [f"{PATH}:2: "]) for line in _TELLING.strip().splitlines()] + [
    (one("if constexpr (COPYCOST_LEDGER != 0) return;", path), [f"{path}:2: counters.h alone"])
    for path in ("harness/core/stage.cc", "scenarios/chunk/laws/making.cc", "property_tests/impls/common/arena_test.cc")
] + [
    ({"impls/CMakeLists.txt": "# first\ntarget_compile_definitions(copycost_cells_clock PUBLIC FAST=1)\n"},
     ["impls/CMakeLists.txt:2: registration.cmake alone"]),
    ({"harness/cli/CMakeLists.txt": "set_property(TARGET copycost_cells_ledger APPEND PROPERTY COMPILE_OPTIONS -O0)\n"},
     ["harness/cli/CMakeLists.txt:1: registration.cmake alone"]),
    (one("if constexpr (kCounts) return;", "impls/common/ref_block.h"), ["impls/common/ref_block.h:2: kCounts"]),
    (one("cch_total(&now);", WORKLOAD), [f"{WORKLOAD}:2: cch_total"]),
    (one("cch_total(&now);", "scenarios/common/futex.h"), ["scenarios/common/futex.h:2: cch_total"]),
]
