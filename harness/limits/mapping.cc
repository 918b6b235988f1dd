// SPDX-License-Identifier: Apache-2.0
#include "harness/limits/mapping.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "harness/base/check.h"

namespace copycost::limits::detail {
namespace {

// Target and source must not be a power of two apart either: caches that predict their way from a hash of the address
// confuse such pairs. An odd number of pages more than the size is never round.
constexpr std::size_t kGapPages = 5;

std::byte* map(std::size_t bytes, int flags, int file) {
  void* place = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, file, 0);
  if (place == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "limits: mmap");
  return static_cast<std::byte*>(place);
}

}  // namespace

mapping::mapping(std::size_t bytes) : data_(map(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1)), bytes_(bytes) {}
mapping::mapping(std::size_t bytes, int file) : data_(map(bytes, MAP_SHARED, file)), bytes_(bytes) {}
mapping::~mapping() { ::munmap(data_, bytes_); }

void mapping::fill() { std::memset(data_, 0x5a, bytes_); }

// A kernel without huge pages answers EINVAL, and has nothing to refuse.
void mapping::refuse_huge_pages() { (void)::madvise(data_, bytes_, MADV_NOHUGEPAGE); }

copy_buffers::copy_buffers(std::size_t size, std::size_t page_distance)
    : distance_(page_rounded(size) + kGapPages * kPageBytes + page_distance), memory_(page_rounded(distance_ + size)) {
  COPYCOST_REQUIRE(page_distance < kPageBytes);
  memory_.fill();
}

}  // namespace copycost::limits::detail
