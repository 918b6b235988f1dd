// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/trace/loaded_objects.h"

#include <link.h>

namespace copycost::hooks {
namespace {

struct search {
  std::uintptr_t address;
  loaded_object found;
};

int look_at(dl_phdr_info* info, std::size_t, void* data) {
  auto& wanted = *static_cast<search*>(data);
  address_span span = {UINTPTR_MAX, 0};
  for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD) continue;
    const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
    if (begin < span.begin) span.begin = begin;
    if (begin + header.p_memsz > span.end) span.end = begin + header.p_memsz;
  }
  if (span.end == 0 || !span.holds(wanted.address)) return 0;
  wanted.found = {span, info->dlpi_name, info->dlpi_addr};
  return 1;
}

}  // namespace

loaded_object find_object(std::uintptr_t address) {
  search wanted = {address, {}};
  dl_iterate_phdr(look_at, &wanted);
  return wanted.found;
}

}  // namespace copycost::hooks
