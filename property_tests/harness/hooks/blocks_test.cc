// SPDX-License-Identifier: Apache-2.0
// Blocks are what malloc promises: aligned, writable to the requested size, zero after calloc, kept by realloc; and
// what is not a live block is refused with one line.
#include <malloc.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>
#include <random>
#include <vector>

#include "property_tests/catch.h"
#include "property_tests/harness/hooks/support.h"

using namespace hooks_test;

namespace {

bool all_bytes_are(const void* block, std::size_t size, int value) {
  const auto* bytes = static_cast<const unsigned char*>(block);
  for (std::size_t i = 0; i < size; ++i)
    if (bytes[i] != value) return false;
  return true;
}

bool is_aligned(const void* block, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(block) % alignment == 0;
}

}  // namespace

TEST_CASE("blocks of every size are aligned, known by size, and writable to the end") {
  for (std::size_t size = 0; size < 20000; size += size < 2100 ? 1 : 509) {
    void* block = escape(std::malloc(size));
    const bool aligned = is_aligned(block, size < 16 ? 8 : 16);
    std::memset(block, 0xA5, size);
    const std::size_t usable = malloc_usable_size(block);
    const cch_counts c = counted([&] { std::free(block); });
    if (!aligned || usable != size || c.freed_bytes != size) {
      CAPTURE(size, aligned, usable, c.freed_bytes);
      FAIL("a block is not what was asked for");
    }
  }
  SUCCEED();
}

TEST_CASE("regression: blocks of gigabytes, which mimalloc does not know again, are counted, kept and freed") {
  // mimalloc's map of its segments ends below the addresses that the kernel gives for more than 1 GiB.
  constexpr std::size_t kGiB = std::size_t{1} << 30;
  std::vector<void*> blocks;
  blocks.reserve(9);
  const cch_counts made = counted([&] {
    for (const std::size_t size : {kGiB - 4096, kGiB, kGiB + 1, 2 * kGiB, 2 * kGiB + 12345, 5 * kGiB})
      blocks.push_back(escape(std::malloc(size)));
    blocks.push_back(escape(std::calloc(3, kGiB)));
    blocks.push_back(escape(aligned_alloc(1u << 20, 2 * kGiB)));
  });
  CHECK(made.alloc_bytes == 17 * kGiB - 4096 + 1 + 12345);
  void* grown = escape(std::realloc(std::malloc(100), 2 * kGiB));
  CHECK(malloc_usable_size(grown) == 2 * kGiB);
  void* same = escape(std::realloc(grown, 2 * kGiB - 500));
  CHECK(malloc_usable_size(same) == 2 * kGiB - 500);
  blocks.push_back(escape(std::realloc(same, 1000)));  // moved back to where blocks are known
  CHECK(malloc_usable_size(blocks.back()) == 1000);
  CHECK(all_bytes_are(static_cast<char*>(blocks[3]) + 2 * kGiB - 64, 64, 0));
  const cch_counts freed = counted([&] {
    for (void* block : blocks) std::free(block);
  });
  CHECK(freed.freed_bytes == made.alloc_bytes + 1000);
}

TEST_CASE("calloc is zero, also where freed blocks were written") {
  for (const std::size_t size : {1u, 8u, 24u, 100u, 1000u, 5000u, 300000u}) {
    void* used = escape(std::malloc(size));
    std::memset(used, 0xFF, size);
    std::free(used);
    void* block = escape(std::calloc(1, size));
    CAPTURE(size);
    CHECK(all_bytes_are(block, size, 0));
    std::free(block);
  }
}

TEST_CASE("aligned blocks are aligned, keep their size, and can be reallocated") {
  for (std::size_t alignment = 8; alignment <= (1u << 21); alignment *= 2) {
    for (const std::size_t size : {1u, 63u, 64u, 1000u, 70000u}) {
      void* block = escape(aligned_alloc(alignment, size));
      CAPTURE(alignment, size);
      REQUIRE(block != nullptr);
      CHECK(is_aligned(block, alignment));
      CHECK(malloc_usable_size(block) == size);
      std::memset(block, 0x3C, size);
      void* larger = nullptr;
      const cch_counts c = counted([&] { larger = escape(std::realloc(block, 3 * size)); });
      CHECK(c.freed_bytes == size);
      CHECK(c.alloc_bytes == 3 * size);
      CHECK(all_bytes_are(larger, size, 0x3C));
      std::free(larger);
    }
  }
}

TEST_CASE("every function that promises an alignment keeps it") {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  for (std::size_t alignment = 8; alignment <= (1u << 21); alignment *= 2) {
    void* blocks[4] = {memalign(alignment, 40), nullptr, ::operator new (40, std::align_val_t{alignment}),
                       ::operator new[](40, std::align_val_t{alignment})};
    CAPTURE(alignment);
    REQUIRE(posix_memalign(&blocks[1], alignment, 40) == 0);
    for (void* block : blocks) CHECK(is_aligned(block, alignment));
    std::free(blocks[0]);
    std::free(blocks[1]);
    ::operator delete (blocks[2], std::align_val_t{alignment});
    ::operator delete[](blocks[3], std::align_val_t{alignment});
  }
  void* const one = escape(valloc(1));
  void* const whole = escape(pvalloc(page + 1));
  CHECK(is_aligned(one, page));
  CHECK(is_aligned(whole, page));
  CHECK(malloc_usable_size(whole) == 2 * page);
  std::free(one);
  std::free(whole);
}

// mimalloc 3.0 forgets that a block is aligned once the pages of its size are full: its usable size is another one
// later.
TEST_CASE("regression: large aligned blocks keep their size when there are more of them") {
  constexpr std::size_t kBlocks = 12;
  for (std::size_t alignment = 32; alignment <= (1u << 17); alignment *= 2) {
    for (const std::size_t size : {1u, 33000u, 70000u, 1000000u}) {
      CAPTURE(alignment, size);
      void* blocks[kBlocks] = {};
      for (void*& block : blocks) block = escape(aligned_alloc(alignment, size));
      for (void* block : blocks) CHECK((is_aligned(block, alignment) && malloc_usable_size(block) == size));
      for (void* block : blocks) std::free(block);
    }
  }
}

TEST_CASE("realloc keeps contents and books over random sizes") {
  constexpr unsigned kSeed = 20240611;
  CAPTURE(kSeed);
  std::mt19937_64 random(kSeed);
  std::size_t size = 1;
  auto* block = static_cast<unsigned char*>(escape(std::malloc(size)));
  block[0] = 0;
  for (int step = 0; step < 3000; ++step) {
    const std::size_t next = 1 + random() % (step % 3 == 0 ? 200000 : 400);
    const std::int64_t live = cch_live();
    const cch_counts c = counted([&] { block = static_cast<unsigned char*>(escape(std::realloc(block, next))); });
    const std::int64_t grown = cch_live() - live;
    bool kept = true;
    for (std::size_t i = 0; i < std::min(size, next); ++i) kept = kept && block[i] == static_cast<unsigned char>(i * 7);
    for (std::size_t i = 0; i < next; ++i) block[i] = static_cast<unsigned char>(i * 7);
    if (!kept || c.allocs != 1 || c.frees != 1 || c.freed_bytes != size || c.alloc_bytes != next ||
        grown != static_cast<std::int64_t>(next) - static_cast<std::int64_t>(size)) {
      CAPTURE(step, size, next, kept, c.freed_bytes, c.alloc_bytes, grown);
      FAIL("a realloc lost bytes or miscounted");
    }
    size = next;
  }
  std::free(block);
  SUCCEED();
}

TEST_CASE("what is not a live block is refused with one line and an abort") {
  const std::string exercise = "exec " + program("hook_exercise") + " --misuse ";  // no shell that says "Aborted"
  for (const char* how : {"foreign", "inside", "overrun", "copied", "twice"}) {
    const outcome o = run(exercise + how);
    CAPTURE(how, o.text);
    CHECK(o.status == 128 + SIGABRT);  // the program's doing, and so a design's: nothing that could not be done
    CHECK(o.text.rfind("copycost hooks: free or realloc of ", 0) == 0);
    CHECK(std::count(o.text.begin(), o.text.end(), '\n') == 1);
  }
  CHECK(run(exercise + "nothing").status == 0);
}
