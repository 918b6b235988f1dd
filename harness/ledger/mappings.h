// SPDX-License-Identifier: Apache-2.0
//
// What memory this process has, as the kernel lists it. It allocates nothing from the heap: what a ledger allocates for
// itself must not depend on how many libraries a tool has loaded, or two runs could not be compared.
//
// Threads: a value; one call at a time.
// Cost: one read of /proc/self/maps.
#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace copycost {

struct mapping {
  std::uintptr_t begin = 0, end = 0;
  // The same bytes have the same file and offset. inode 0: private, no other process maps them.
  std::uint64_t inode = 0, offset = 0;
  unsigned device_major = 0, device_minor = 0;
  bool writable = false;
  bool of_file = false;   // private, of a file: code and data of programs and libraries
  bool of_stack = false;  // the stack of a thread

  // Whether the kernel tells which pages the file or segment has. Of a file that this process may not write it says
  // that all are there, also those behind its end, which cannot be read.
  bool tells_of_file() const { return inode != 0 && writable; }
};

// Memory by the page, from the kernel. REQUIRES: used for few, large blocks.
template <class T>
struct page_allocator {
  using value_type = T;
  page_allocator() = default;
  template <class Other>
  explicit page_allocator(const page_allocator<Other>&) {}
  T* allocate(std::size_t n) {
    void* p = mmap(nullptr, n * sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) throw std::bad_alloc();
    return static_cast<T*>(p);
  }
  void deallocate(T* p, std::size_t n) { munmap(p, n * sizeof(T)); }
  friend bool operator==(const page_allocator&, const page_allocator&) { return true; }
};
using mappings = std::vector<mapping, page_allocator<mapping>>;

// Readable mappings in the order of their addresses. Throws failure{internal} when they cannot be listed.
mappings readable_mappings();
// Those of them that can be written. The same errors.
mappings writable_mappings();

}  // namespace copycost
