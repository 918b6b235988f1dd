// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/payload_places.h"

#include <algorithm>
#include <utility>

#include "harness/ledger/payload_region.h"
#include "harness/ledger/present_pages.h"
#include "harness/ledger/witness/pattern.h"

namespace copycost {
namespace {

constexpr std::size_t kPlacesMax = std::size_t{1}
                                   << 20;  // never more: the list must not move while it is searched, too

void search(payload_places& to, const present_pages& pages, const mapping& m, std::uintptr_t begin, std::uintptr_t end,
            std::uint16_t epoch) {
  if (begin >= end) return;
  pages.each(begin, end, m.tells_of_file(), [&](std::uintptr_t from, std::uintptr_t until) {
    pattern::each_run(reinterpret_cast<const void*>(from), until - from, epoch, [&](const auto* b, const auto* e) {
      if (to.size() < kPlacesMax)
        to.push_back({reinterpret_cast<std::uintptr_t>(b), reinterpret_cast<std::uintptr_t>(e), m.writable});
    });
  });
}

// The same bytes through the other mappings of a segment, of which no page may have been looked at yet.
void add_mirrors(payload_places& to, const mappings& all) {
  const std::size_t found = to.size();
  for (std::size_t i = 0; i < found; ++i) {
    const auto home =
        std::ranges::find_if(all, [&](const mapping& m) { return m.begin <= to[i].begin && to[i].end <= m.end; });
    if (home == all.end() || home->inode == 0) continue;
    const std::uint64_t from = home->offset + (to[i].begin - home->begin), until = from + (to[i].end - to[i].begin);
    for (const mapping& m : all) {
      const bool same =
          m.inode == home->inode && m.device_major == home->device_major && m.device_minor == home->device_minor;
      if (!same || m.begin == home->begin || from < m.offset || until > m.offset + (m.end - m.begin)) continue;
      if (to.size() < kPlacesMax) to.push_back({m.begin + (from - m.offset), m.begin + (until - m.offset), m.writable});
    }
  }
}

}  // namespace

payload_places find_payload(std::uint16_t epoch) {
  const auto region = payload_region::instance().reserved(), lent = payload_region::instance().lent();
  const auto lent_begin = reinterpret_cast<std::uintptr_t>(lent.data()), lent_end = lent_begin + lent.size();
  const auto begin = reinterpret_cast<std::uintptr_t>(region.data()), end = begin + region.size();
  const present_pages pages;
  payload_places out;
  out.reserve(kPlacesMax + 1);
  const mappings all = readable_mappings();
  for (const mapping& m : all) {
    if (m.of_file || m.of_stack) continue;
    search(out, pages, m, m.begin, std::min(m.end, begin), epoch);
    search(out, pages, m, std::max(m.begin, end), m.end, epoch);
  }
  add_mirrors(out, all);
  if (!lent.empty()) out.push_back({lent_begin, lent_end, true});  // all of its pages are payload's
  const auto first = [](const payload_place& p) { return std::pair(p.begin, p.end); };
  std::ranges::sort(out, {}, first);
  const auto same = [&](const payload_place& a, const payload_place& b) { return first(a) == first(b); };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  return out;
}

}  // namespace copycost
