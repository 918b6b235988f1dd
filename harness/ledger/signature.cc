// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/signature.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "harness/core/pattern.h"
#include "harness/ledger/mappings.h"
#include "harness/ledger/payload_region.h"

namespace copycost {
namespace {

// What of it lies outside of the watched region: the kernel joins neighbouring mappings, so one may hold both.
void add_outside_region(mappings& to, const mapping& m) {
  const auto region = payload_region::instance().reserved();
  const auto begin = reinterpret_cast<std::uintptr_t>(region.data()), end = begin + region.size();
  mapping below = m, above = m;
  below.end = std::min(m.end, begin), above.begin = std::max(m.begin, end);
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

// Counts over the present pages of one mapping, run by run (reading an absent page would only make it present).
class present_pages {
 public:
  present_pages() : fd_(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)) {}
  ~present_pages() {
    if (fd_ >= 0) close(fd_);
  }
  present_pages(const present_pages&) = delete;
  present_pages& operator=(const present_pages&) = delete;

  std::uint64_t count(const mapping& m, std::uint16_t epoch) const {
    std::uint64_t bytes = 0;
    std::uintptr_t run = 0;  // start of the present run that we are in, 0: none
    for (std::uintptr_t at = m.begin; at < m.end;) {
      std::array<std::uint64_t, 512> entries{};
      const std::size_t pages = std::min<std::size_t>((m.end - at) / kPage, entries.size());
      const bool known = fd_ >= 0 && pread(fd_, entries.data(), pages * 8, static_cast<off_t>(at / kPage * 8)) ==
                                         static_cast<ssize_t>(pages * 8);
      for (std::size_t i = 0; i < pages; ++i, at += kPage) {
        const bool present = !known || (entries[i] >> 62) != 0;
        if (present && run == 0) run = at;
        if (!present && run != 0) bytes += piece(run, at, epoch), run = 0;
      }
    }
    return run != 0 ? bytes + piece(run, m.end, epoch) : bytes;
  }

 private:
  static constexpr std::size_t kPage = 4096;
  static std::uint64_t piece(std::uintptr_t begin, std::uintptr_t end, std::uint16_t epoch) {
    return pattern::count(reinterpret_cast<const void*>(begin), end - begin, epoch, pattern::extent::area);
  }
  int fd_;
};

// The produced places, sorted and without overlap.
std::vector<std::pair<std::uintptr_t, std::uintptr_t>> united(std::span<const std::span<const std::byte>> produced) {
  std::vector<std::pair<std::uintptr_t, std::uintptr_t>> all, out;
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
    if (!seen_before(seen, m)) bytes += pages.count(m, epoch);
    seen.push_back(m);
  }
  for (const auto& [begin, end] : united(produced)) {  // through whichever mapping the producer wrote
    const auto within = [begin = begin, end = end](const mapping& m) { return begin >= m.begin && end <= m.end; };
    if (std::any_of(all.begin(), all.end(), within))
      bytes -= std::min(bytes, std::uint64_t{pattern::count(reinterpret_cast<const void*>(begin), end - begin, epoch,
                                                            pattern::extent::area)});
  }
  return bytes;
}

}  // namespace copycost
