// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/written.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "harness/base/check.h"
#include "harness/base/environment.h"
#include "harness/base/fd.h"
#include "harness/ledger/mappings.h"
#include "harness/ledger/payload_region.h"

namespace copycost {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::uint64_t kWriteProtectAsync = std::uint64_t{1} << 15;  // UFFD_FEATURE_WP_ASYNC

// PAGEMAP_SCAN of linux/fs.h, for headers that are older than the kernel.
struct scan_region {
  std::uint64_t start, end, categories;
};
struct scan_argument {
  std::uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
  std::uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
constexpr unsigned long kScan = _IOWR('f', 16, scan_argument);
constexpr std::uint64_t kScanProtects = 3;           // PM_SCAN_WP_MATCHING | PM_SCAN_CHECK_WPASYNC
constexpr std::uint64_t kWritten = 2, kPresent = 8;  // PAGE_IS_WRITTEN, PAGE_IS_PRESENT

std::uint64_t faults() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return static_cast<std::uint64_t>(u.ru_minflt + u.ru_majflt);
}

// Of the payload's range only what was lent: four gigabytes of nothing take a while to walk over.
template <class See>
void each_writable(See see) {
  const auto region = payload_region::instance().reserved(), lent = payload_region::instance().lent();
  const auto begin = reinterpret_cast<std::uintptr_t>(region.data()), end = begin + region.size();
  for (const mapping& m : writable_mappings()) {
    if (m.begin < std::min(m.end, begin)) see(m.begin, std::min(m.end, begin));
    if (m.begin < end && m.end > begin && !lent.empty()) see(begin, begin + lent.size());
    if (std::max(m.begin, end) < m.end) see(std::max(m.begin, end), m.end);
  }
}

// Protects the pages that are there. One that is not there yet would be marked, and counted twice when it comes: for
// coming, and for the mark. The kernel heeds the categories only where it may say what it found.
bool protect_present(int map, std::uintptr_t begin, std::uintptr_t end) {
  scan_region found[64];
  for (scan_argument scan{}; begin < end; begin = scan.walk_end) {
    scan = {};
    scan.size = sizeof scan;
    scan.flags = kScanProtects;
    scan.start = begin;
    scan.end = end;
    scan.category_mask = scan.return_mask = kWritten | kPresent;
    scan.vec = reinterpret_cast<std::uintptr_t>(found);
    scan.vec_len = std::size(found);
    if (ioctl(map, kScan, &scan) < 0 || scan.walk_end <= begin) return false;
  }
  return true;
}

// Answers the protector, or -1 where the kernel has none.
owned_fd protect_by_userfaultfd() {
  owned_fd fd(static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK)));
  if (!fd.valid()) return fd;
  uffdio_api api{};
  api.api = UFFD_API;
  api.features = kWriteProtectAsync;
  const owned_fd map(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
  bool all = map.valid() && ioctl(fd, UFFDIO_API, &api) == 0;
  if (all) {
    each_writable([&](std::uintptr_t begin, std::uintptr_t end) {
      uffdio_register range{};
      range.range = {begin, end - begin};
      range.mode = UFFDIO_REGISTER_MODE_WP;
      if (ioctl(fd, UFFDIO_REGISTER, &range) != 0) return;  // what cannot be protected counts when it is fresh
      all = protect_present(map, begin, end) && all;
    });
  }
  return all ? std::move(fd) : owned_fd();
}

bool protect_by_soft_dirty() {
  const owned_fd fd(open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC));
  return fd.valid() && write(fd, "4", 1) == 1;
}

// Whether writing to a page that is there is seen.
bool works(write_means by) {
  auto* page =
      static_cast<volatile char*>(mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (page == MAP_FAILED) return false;
  page[0] = 1;
  const owned_fd fd = by == write_means::userfaultfd ? protect_by_userfaultfd() : owned_fd();
  const bool asked = by == write_means::userfaultfd ? fd.valid() : protect_by_soft_dirty();
  faults();  // touches what it needs
  const std::uint64_t before = faults();
  page[0] = 2;
  const bool seen = asked && faults() > before;
  munmap(const_cast<char*>(page), kPage);
  return seen;
}

write_means find_means() {
  const std::string asked = environment("COPYCOST_WRITE_MEANS");
  for (const write_means by : {write_means::userfaultfd, write_means::soft_dirty})
    if ((asked.empty() || to_string(by) == asked) && works(by)) return by;
  return write_means::fresh_only;
}

}  // namespace

std::string_view to_string(write_means by) {
  constexpr std::string_view kNames[] = {"userfaultfd", "soft_dirty", "fresh_only"};
  return kNames[static_cast<std::size_t>(by)];
}

write_means write_watch::means() {
  static const write_means found = find_means();
  return found;
}

void write_watch::start() {
  COPYCOST_REQUIRE(!protector_.valid());
  const write_means by = means();
  if (by == write_means::userfaultfd) protector_ = protect_by_userfaultfd();
  if (by == write_means::soft_dirty) protect_by_soft_dirty();
  faults();  // touches what it needs
  begin_ = faults();
}

std::uint64_t write_watch::stop() {
  const std::uint64_t now = faults();
  protector_.reset();
  return now - begin_;
}

void without_huge_pages() { prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0); }

}  // namespace copycost
