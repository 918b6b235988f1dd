// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/payload_region.h"

#include <sys/mman.h>

#include "harness/base/failure.h"
#include "harness/ledger/hooks/hooks.h"

namespace copycost {
namespace {
constexpr std::size_t kPage = 4096;
}

payload_region& payload_region::instance() {
  static payload_region region;
  return region;
}

payload_region::payload_region() {
  void* memory = mmap(nullptr, kReserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw failure(exit_code::internal, "cannot reserve address space for watched payload");
  base_ = static_cast<std::byte*>(memory);
  if (cch_payload_add != nullptr) cch_payload_add(base_, kReserved);
}

std::span<std::byte> payload_region::lend(std::size_t size) {
  const std::size_t pages =
      (size + kPage) / kPage * kPage;  // at least one byte beyond, so that an empty payload has an address
  if (pages > kReserved - used_) throw failure(exit_code::internal, "more than 4 GiB of payload in one episode");
  std::byte* at = base_ + used_;
  used_ += pages;
  return {at, size};
}

void payload_region::clear() {
  if (used_ > 0) madvise(base_, used_, MADV_DONTNEED);
  used_ = 0;
}

}  // namespace copycost
