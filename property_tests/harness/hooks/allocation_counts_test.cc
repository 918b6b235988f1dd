// SPDX-License-Identifier: Apache-2.0
// Every allocation function counts exactly once, with the bytes that were asked for.
#include <malloc.h>
#include <string.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "property_tests/catch.h"
#include "property_tests/harness/hooks/support.h"

using namespace hooks_test;

extern "C" {
void cfree(void*);
// Sized deletes by their symbols, because clang declares them only with -fsized-deallocation.
void _ZdlPvm(void*, std::size_t);
void _ZdaPvm(void*, std::size_t);
void _ZdlPvmSt11align_val_t(void*, std::size_t, std::align_val_t);
void _ZdaPvmSt11align_val_t(void*, std::size_t, std::align_val_t);
}

namespace {

struct way {
  const char* name;
  std::uint64_t bytes;  // requested
  std::function<void*()> allocate;
  std::function<void(void*)> release = [](void* p) { std::free(p); };
};

struct alignas(128) wide {
  char bytes[256];
};

void* by_posix_memalign(std::size_t alignment, std::size_t size) {
  void* p = nullptr;
  return posix_memalign(&p, alignment, size) == 0 ? p : nullptr;
}

constexpr std::align_val_t kAlign{64};

const way kWays[] = {
    {"malloc", 33, [] { return std::malloc(33); }},
    {"malloc of nothing", 0, [] { return std::malloc(0); }},
    {"calloc", 120, [] { return std::calloc(3, 40); }},
    {"realloc of null", 77, [] { return std::realloc(nullptr, 77); }},
    {"reallocarray of null", 700, [] { return reallocarray(nullptr, 70, 10); }},
    {"posix_memalign", 1000, [] { return by_posix_memalign(256, 1000); }},
    {"aligned_alloc", 200, [] { return aligned_alloc(128, 200); }},
    {"memalign", 333, [] { return memalign(64, 333); }},
    {"valloc", 100, [] { return valloc(100); }},
    {"pvalloc", 4096, [] { return pvalloc(100); }},
    {"large malloc", 64u << 20, [] { return std::malloc(64u << 20); }},
    {"cfree", 33, [] { return std::malloc(33); }, [](void* p) { cfree(p); }},
    {"strdup", 6, [] { return strdup("bytes"); }},
    {"new", 8, [] { return ::operator new(8); }, [](void* p) { ::operator delete(p); }},
    {"new[]", 40, [] { return ::operator new[](40); }, [](void* p) { ::operator delete[](p); }},
    {"sized delete", 8, [] { return ::operator new(8); }, [](void* p) { _ZdlPvm(p, 8); }},
    {"sized delete[]", 8, [] { return ::operator new[](8); }, [](void* p) { _ZdaPvm(p, 8); }},
    {"nothrow new", 9, [] { return ::operator new(9, std::nothrow); },
     [](void* p) { ::operator delete(p, std::nothrow); }},
    {"nothrow new[]", 9, [] { return ::operator new[](9, std::nothrow); },
     [](void* p) { ::operator delete[](p, std::nothrow); }},
    {"aligned new", 10, [] { return ::operator new(10, kAlign); }, [](void* p) { ::operator delete(p, kAlign); }},
    {"aligned new[]", 10, [] { return ::operator new[](10, kAlign); }, [](void* p) { ::operator delete[](p, kAlign); }},
    {"aligned sized delete", 10, [] { return ::operator new(10, kAlign); },
     [](void* p) { _ZdlPvmSt11align_val_t(p, 10, kAlign); }},
    {"aligned sized delete[]", 10, [] { return ::operator new[](10, kAlign); },
     [](void* p) { _ZdaPvmSt11align_val_t(p, 10, kAlign); }},
    {"aligned nothrow new", 11, [] { return ::operator new(11, kAlign, std::nothrow); },
     [](void* p) { ::operator delete(p, kAlign, std::nothrow); }},
    {"aligned nothrow new[]", 11, [] { return ::operator new[](11, kAlign, std::nothrow); },
     [](void* p) { ::operator delete[](p, kAlign, std::nothrow); }},
    {"over-aligned object", 256, [] { return static_cast<void*>(new wide); },
     [](void* p) { delete static_cast<wide*>(p); }},
};

}  // namespace

TEST_CASE("the self test passes and costs what it says") {
  int active = 0;
  const cch_counts c = counted([&] { active = cch_is_active(); });
  REQUIRE(active == 1);
  CHECK(c.allocs == 1);
  CHECK(c.alloc_bytes == 1);
  CHECK(c.frees == 1);
  CHECK(c.copy_bytes == 1);
  CHECK(c.syscalls == 1);
  CHECK(cch_under_heaptrack() == 0);
}

TEST_CASE("each allocation function counts once, with the requested bytes") {
  for (const way& w : kWays) {
    INFO(w.name);
    void* block = nullptr;
    const std::int64_t live = cch_live();
    const cch_counts got = counted([&] { block = escape(w.allocate()); });
    const std::int64_t grown = cch_live() - live;
    const cch_counts gone = counted([&] { w.release(block); });
    const std::int64_t left = cch_live() - live;
    REQUIRE(block != nullptr);
    CHECK(got.allocs == 1);
    CHECK(got.alloc_bytes == w.bytes);
    CHECK(got.frees == 0);
    CHECK(grown == static_cast<std::int64_t>(w.bytes));
    CHECK(gone.allocs == 0);
    CHECK(gone.frees == 1);
    CHECK(gone.freed_bytes == w.bytes);
    CHECK(left == 0);
  }
}

TEST_CASE("reading the counters and freeing null count nothing") {
  const cch_counts c = counted([] {
    cch_counts all;
    cch_total(&all);
    cch_thread(&all);
    static_cast<void>(cch_live());
    static_cast<void>(cch_peak());
    std::free(nullptr);
    ::operator delete(nullptr);
  });
  CHECK(c.allocs == 0);
  CHECK(c.frees == 0);
  CHECK(c.copy_calls == 0);
  CHECK(c.syscalls == 0);
}

TEST_CASE("a request that fails counts nothing and leaves the old block alone") {
  auto* block = static_cast<char*>(escape(std::malloc(50)));
  block[0] = 'a';
  void* results[6] = {};
  int refused = 0;
  const std::size_t huge = escape(std::size_t{SIZE_MAX - 4});
  void* (*volatile grow)(void*, std::size_t) = std::realloc;  // the compiler would warn of a block that may be gone
  void* (*volatile grow_array)(void*, std::size_t, std::size_t) = reallocarray;
  errno = 0;
  const cch_counts c = counted([&] {
    results[0] = std::malloc(huge);
    results[1] = std::calloc(huge, 2);
    results[2] = grow(block, huge);
    results[3] = grow_array(block, huge, 8);
    results[4] = aligned_alloc(escape(std::size_t{48}), 100);
    results[5] = ::operator new(huge, std::nothrow);
    refused = posix_memalign(&results[0], escape(std::size_t{2}), 8);
  });
  for (const void* result : results) CHECK(result == nullptr);
  CHECK(refused == EINVAL);
  CHECK(c.allocs == 0);
  CHECK(c.frees == 0);
  CHECK(block[0] == 'a');
  std::free(block);
  CHECK_THROWS_AS(escape(::operator new(huge)), std::bad_alloc);
}

TEST_CASE("containers count what they ask for") {
  const cch_counts c = counted([] {
    std::vector<int> numbers;
    numbers.reserve(100);
    escape(numbers.data());
    const std::string text(escape(std::size_t{99}), 'x');
    escape(text.data());
    const auto owned = std::make_unique<wide>();
    escape(owned.get());
  });
  CHECK(c.allocs == 3);
  CHECK(c.alloc_bytes == 400 + 100 + 256);
  CHECK(c.frees == 3);
  CHECK(c.freed_bytes == c.alloc_bytes);
}
