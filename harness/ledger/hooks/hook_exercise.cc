// SPDX-License-Identifier: Apache-2.0
//
// A program with a known amount of work, for seeing the hooks at work: alone, under heaptrack, with a trace, misusing
// the heap, or (as hook_exercise_plain) without the library at all. Prints what its window counted, as one JSON line.
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "harness/ledger/hooks/hooks.h"

namespace {

struct alignas(64) wide {
  char bytes[192];
};

// Keeps the compiler from removing an unused allocation.
template <class T>
T* escape(T* p) {
  asm volatile("" : "+r"(p)::"memory");
  return p;
}

std::size_t escape_size(std::size_t n) {
  asm volatile("" : "+r"(n));
  return n;
}

[[gnu::noinline]] void leak_on_purpose(std::size_t size) { escape(std::malloc(size)); }

void use_c_functions() {
  for (std::size_t i = 0; i < 1000; ++i) std::free(escape(std::malloc(100 + i % 7)));
  for (int i = 0; i < 20; ++i) {
    void* p = escape(std::calloc(3, 40));
    p = escape(std::realloc(p, 5000));
    p = escape(reallocarray(p, 100, 100));
    std::free(p);
  }
  for (int i = 0; i < 10; ++i) {
    void* p = nullptr;
    if (posix_memalign(&p, 256, 1000) == 0) std::free(escape(p));
    std::free(escape(aligned_alloc(128, 256)));
    std::free(escape(memalign(64, 333)));
    std::free(escape(valloc(100)));
    std::free(escape(pvalloc(100)));
  }
}

void use_cpp() {
  for (std::size_t i = 0; i < 100; ++i) delete[] escape(new int[i + 1]);
  for (int i = 0; i < 50; ++i) delete escape(new wide);
  std::map<int, std::string> names;
  for (std::size_t i = 0; i < 200; ++i) names[static_cast<int>(i)] = std::string(50 + i, 'a');
}

// 1000 blocks of 100 bytes from a static area, of which 900 are given back, and one that grows.
void use_sub_allocations() {
  static char area[200000];
  for (std::size_t i = 0; i < 1000; ++i) {
    cch_report_alloc(area + 128 * i, 100);
    if (i % 10 != 0) cch_report_free(area + 128 * i, 100);
  }
  cch_report_alloc(area + 128000, 64);
  cch_report_realloc(area + 128000, 64, area + 128128, 128);
  cch_report_free(area + 128128, 128);
}

void work() {
  use_c_functions();
  use_cpp();
  for (int i = 0; i < 5; ++i) leak_on_purpose(1000);
}

void misuse(std::string_view how) {
  void* block = escape(std::malloc(24));
  if (how == "foreign") {
    int on_the_stack = 0;
    block = escape<void>(&on_the_stack);
  } else if (how == "inside") {
    block = escape<void>(static_cast<char*>(block) + 8);
  } else if (how == "overrun") {
    std::memset(block, 0, 64);
  } else if (how == "copied") {
    std::memcpy(block, escape(std::malloc(24)), escape_size(32));  // with what the hooks keep behind the 24 bytes
  } else if (how == "twice") {
    void* same = block;
    asm volatile("" : "+r"(same));  // the compiler would warn of what is meant here
    std::free(block);
    block = same;
  }
  std::free(block);
}

struct options {
  unsigned threads = 1;
  const char* totals = nullptr;
  const char* trace = nullptr;
  const char* misuse = nullptr;
  bool sub = false;
  bool peak_first = false;  // the highest peak lies before the window
  bool no_peak = false;     // do not keep the peak
  bool fork = false;        // a child that ends before the work begins
  bool keep_trace = false;  // leave it to the exit
};

bool parse(int count, char** arguments, options& o) {
  for (int i = 1; i < count; ++i) {
    const std::string_view name = arguments[i];
    const char* value = i + 1 < count ? arguments[i + 1] : nullptr;
    bool* const flag = name == "--sub"          ? &o.sub
                       : name == "--peak-first" ? &o.peak_first
                       : name == "--no-peak"    ? &o.no_peak
                       : name == "--fork"       ? &o.fork
                       : name == "--keep-trace" ? &o.keep_trace
                                                : nullptr;
    if (flag != nullptr) {
      *flag = true;
      continue;
    }
    if (value == nullptr) return false;
    ++i;
    if (name == "--threads") {
      o.threads = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
    } else if (name == "--totals") {
      o.totals = value;
    } else if (name == "--trace") {
      o.trace = value;
    } else if (name == "--misuse") {
      o.misuse = value;
    } else {
      return false;
    }
  }
  return true;
}

bool fine(const char* what, int error) {
  if (error != 0) std::fprintf(stderr, "hook_exercise: %s: %s\n", what, std::strerror(error));
  return error == 0;
}

void run(const options& o) {
  if (o.sub) use_sub_allocations();  // first: what it leaks is part of the peak
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < o.threads; ++i) threads.emplace_back(work);
  work();
  for (std::thread& t : threads) t.join();
}

// The child goes through exit, as a program does, and must leave the files to its parent.
void end_a_child() {
  const pid_t child = fork();
  if (child == 0) std::exit(0);
  waitpid(child, nullptr, 0);
}

int run_with_hooks(const options& o) {
  const bool active = cch_is_active() != 0;
  if (o.sub) cch_track_peak(CCH_PEAK_HEAP_AND_SUB);
  if (o.totals != nullptr && !fine(o.totals, cch_totals_at_exit(o.totals))) return 1;
  if (o.misuse != nullptr) misuse(o.misuse);
  if (o.trace != nullptr && !fine(o.trace, cch_trace_start(o.trace))) return 1;
  if (o.no_peak) cch_track_peak(CCH_PEAK_OFF);
  if (o.peak_first) std::free(escape(std::malloc(1 << 20)));
  if (o.fork) end_a_child();
  cch_counts before;
  cch_counts after;
  cch_total(&before);
  const std::int64_t live = cch_live();
  cch_peak_reset();
  const std::int64_t start = cch_peak();
  run(o);
  cch_total(&after);
  const std::int64_t grown = cch_live() - live;
  const std::int64_t peak = cch_peak() - start;
  cch_trace_stats traced = {};
  if (o.trace != nullptr && !o.keep_trace && !fine(o.trace, cch_trace_stop(&traced))) return 1;
  std::printf("{\"linked\": true, \"active\": %s, \"allocs\": %" PRIu64 ", \"frees\": %" PRIu64
              ", \"alloc_bytes\": %" PRIu64 ", \"live_bytes\": %" PRId64 ", \"peak_bytes\": %" PRId64
              ", \"sub_allocs\": %" PRIu64 ", \"traced_allocs\": %" PRIu64 ", \"traced_peak_bytes\": %" PRIu64
              ", \"traced_leaked_bytes\": %" PRIu64 "}\n",
              active ? "true" : "false", after.allocs - before.allocs, after.frees - before.frees,
              after.alloc_bytes - before.alloc_bytes, grown, peak, after.sub_allocs - before.sub_allocs, traced.allocs,
              traced.peak_bytes, traced.leaked_bytes);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  options o;
  if (!parse(count, arguments, o)) {
    std::fputs(
        "usage: hook_exercise [--threads N] [--sub] [--peak-first] [--no-peak] [--fork] [--totals FILE]\n"
        "                     [--trace FILE[.gz] [--keep-trace]] [--misuse foreign|inside|overrun|copied|twice]\n",
        stderr);
    return 2;
  }
  if (cch_is_active != nullptr) return run_with_hooks(o);
  o.sub = false;
  run(o);
  std::puts("{\"linked\": false}");
  return 0;
}
