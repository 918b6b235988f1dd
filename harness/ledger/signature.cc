// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/signature.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "harness/ledger/mappings.h"
#include "harness/ledger/payload_region.h"
#include "harness/ledger/present_pages.h"
#include "harness/ledger/witness/pattern.h"

namespace copycost {
namespace {

// What of it lies outside of the watched region: the kernel joins neighbouring mappings, so one may hold both.
void add_outside_region(mappings& to, const mapping& m) {
  const auto region = payload_region::instance().reserved();
  const auto begin = reinterpret_cast<std::uintptr_t>(region.data()), end = begin + region.size();
  mapping below = m, above = m;
  below.end = std::min(m.end, begin);
  above.begin = std::max(m.begin, end);
  above.offset += above.begin - m.begin;
  for (mapping& part : {std::ref(below), std::ref(above)})
    if (part.begin < part.end) to.push_back(part);
}

bool seen_before(const mappings& seen, const mapping& m) {
  return m.inode != 0 && std::any_of(seen.begin(), seen.end(), [&](const mapping& s) {
           return s.inode == m.inode && s.device_major == m.device_major && s.device_minor == m.device_minor &&
                  s.offset <= m.offset && m.offset + (m.end - m.begin) <= s.offset + (s.end - s.begin);
         });
}

// The produced places, sorted and without overlap. Nothing from the heap, whose totals are compared byte by byte: how
// many places there are, and how often threads ask, is chance.
using range = std::pair<std::uintptr_t, std::uintptr_t>;
using ranges = std::vector<range, page_allocator<range>>;
ranges united(std::span<const std::span<const std::byte>> produced) {
  ranges all, out;
  for (const auto& p : produced)
    all.emplace_back(reinterpret_cast<std::uintptr_t>(p.data()), reinterpret_cast<std::uintptr_t>(p.data()) + p.size());
  std::sort(all.begin(), all.end());
  for (const auto& [begin, end] : all) {
    if (out.empty() || begin > out.back().second)
      out.emplace_back(begin, end);
    else
      out.back().second = std::max(out.back().second, end);
  }
  return out;
}

}  // namespace

std::uint64_t signature_bytes(std::uint16_t epoch, std::span<const std::span<const std::byte>> produced) {
  mappings all, seen;
  for (const mapping& m : writable_mappings()) add_outside_region(all, m);
  const present_pages pages;
  std::uint64_t bytes = 0;
  for (const mapping& m : all) {
    const auto count = [&](std::uintptr_t begin, std::uintptr_t end) {
      bytes += pattern::count(reinterpret_cast<const void*>(begin), end - begin, epoch, pattern::extent::area);
    };
    if (!seen_before(seen, m)) pages.each(m.begin, m.end, m.tells_of_file(), count);
    seen.push_back(m);
  }
  // Through whichever mapping the producer wrote; what it made may lie in several that are neighbours, because guards
  // cut them.
  for (const auto& [begin, end] : united(produced))
    for (const mapping& m : all) {
      const std::uintptr_t from = std::max(begin, m.begin), until = std::min(end, m.end);
      if (from < until)
        bytes -= std::min(bytes, std::uint64_t{pattern::count(reinterpret_cast<const void*>(from), until - from, epoch,
                                                              pattern::extent::area)});
    }
  return bytes;
}

}  // namespace copycost
