// SPDX-License-Identifier: Apache-2.0
//
// What the hooks cost: malloc and free through them against mimalloc called directly, and a copy through them against
// libc's memcpy, in one process, in interleaved repetitions; prints medians in nanoseconds.
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/ledger/hooks/hooks.h"

namespace {

constexpr int kRepetitions = 31;
constexpr int kPairs = 200000;

using malloc_function = void* (*)(std::size_t);
using free_function = void (*)(void*);
using copy_function = void* (*)(void*, const void*, std::size_t);

template <class Function>
Function look_up(void* where, const char* name) {
  void* found = dlsym(where, name);
  if (found == nullptr) {
    std::fprintf(stderr, "hook_cost: %s not found: is the library linked?\n", name);
    std::exit(70);
  }
  return reinterpret_cast<Function>(found);
}

template <class Operation>
double nanoseconds_each(const Operation& operation) {
  using clock = std::chrono::steady_clock;
  const auto start = clock::now();
  for (int i = 0; i < kPairs; ++i) operation();
  return std::chrono::duration<double, std::nano>(clock::now() - start).count() / kPairs;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double pair_ns(malloc_function allocate, free_function release, std::size_t size) {
  return nanoseconds_each([=] {
    void* p = allocate(size);
    asm volatile("" : "+r"(p)::"memory");
    release(p);
  });
}

void show_pairs(malloc_function plain_malloc, free_function plain_free, std::size_t size) {
  std::vector<double> plain, larger, counted, peaked;
  for (int r = 0; r < kRepetitions; ++r) {
    plain.push_back(pair_ns(plain_malloc, plain_free, size));
    larger.push_back(pair_ns(plain_malloc, plain_free, size + 8));  // what the hooks ask for
    cch_track_peak(CCH_PEAK_OFF);
    counted.push_back(pair_ns(std::malloc, std::free, size));
    cch_track_peak(CCH_PEAK_HEAP);
    peaked.push_back(pair_ns(std::malloc, std::free, size));
  }
  const double p = median(plain), c = median(counted), k = median(peaked);
  std::printf(
      "malloc+free %5zu B   mimalloc %6.2f (of 8 B more %6.2f)   live bytes %6.2f (+%.2f)   exact peak %6.2f (+%.2f)\n",
      size, p, median(larger), c, c - p, k, k - p);
}

double copy_ns(copy_function copy, char* to, const char* from, std::size_t size) {
  return nanoseconds_each([=] {
    copy(to, from, size);
    asm volatile("" ::: "memory");
  });
}

void show_copies(copy_function plain_copy, std::size_t size) {
  std::vector<char> from(size, 'x'), to(size), other(64);
  std::vector<double> plain, counted, ranged, recognised;
  for (int r = 0; r < kRepetitions; ++r) {
    plain.push_back(copy_ns(plain_copy, to.data(), from.data(), size));
    counted.push_back(copy_ns(std::memcpy, to.data(), from.data(), size));
    cch_payload_add(from.data(), from.size());
    ranged.push_back(copy_ns(std::memcpy, to.data(), from.data(), size));
    cch_payload_clear();
    cch_payload_epoch(1);
    recognised.push_back(copy_ns(std::memcpy, to.data(), from.data(), size));
    cch_payload_epoch(0);
  }
  std::printf("memcpy      %5zu B   libc %6.2f   counted %6.2f   with a payload range %6.2f   with an epoch %6.2f\n",
              size, median(plain), median(counted), median(ranged), median(recognised));
}

void show_trace(std::size_t size) {
  const auto path = std::filesystem::temp_directory_path() / ("hook_cost." + std::to_string(getpid()) + ".trace");
  if (const int error = cch_trace_start(path.c_str())) {
    std::fprintf(stderr, "hook_cost: %s: %s\n", path.c_str(), std::strerror(error));
    return;
  }
  const double traced = pair_ns(std::malloc, std::free, size);
  cch_trace_stop(nullptr);
  std::filesystem::remove(path);
  std::printf("malloc+free %5zu B   traced %.0f (one repetition)\n", size, traced);
}

}  // namespace

int main() {
  if (cch_is_active == nullptr || cch_is_active() == 0) {
    std::fputs("hook_cost: the hooks are not active in this process\n", stderr);
    return 4;
  }
  const auto plain_malloc = look_up<malloc_function>(RTLD_DEFAULT, "mi_malloc");
  const auto plain_free = look_up<free_function>(RTLD_DEFAULT, "mi_free");
  const auto plain_copy = look_up<copy_function>(dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD), "memcpy");
  std::puts("median nanoseconds per operation (difference to mimalloc)");
  for (const std::size_t size : {16u, 64u, 256u, 1000u, 1024u}) show_pairs(plain_malloc, plain_free, size);
  for (const std::size_t size : {16u, 64u, 1024u, 4096u}) show_copies(plain_copy, size);
  show_trace(64);
  return 0;
}
