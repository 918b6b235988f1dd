// SPDX-License-Identifier: Apache-2.0
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "harness/base/fd.h"
#include "harness/limits/mapping.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {
namespace {

// Pages of one fresh mapping: enough that mapping it is rare, few enough that a small machine has them.
constexpr std::uint64_t kPagesAtOnce = 256;

double time_touching(const mapping& fresh) {
  const std::int64_t start_ns = now_ns();
  for (std::size_t at = 0; at < fresh.size(); at += kPageBytes) {
    *static_cast<volatile std::byte*>(fresh.data() + at) = std::byte{1};
  }
  return static_cast<double>(now_ns() - start_ns);
}

// `make_and_touch(bytes)` maps fresh memory and returns the time of touching alone.
template <class MakeAndTouch>
sample touch_pages(std::chrono::nanoseconds budget, const MakeAndTouch& make_and_touch) {
  return repeat({budget}, [&](std::uint64_t pages) {
    double took_ns = 0;
    for (std::uint64_t left = pages; left > 0;) {
      const std::uint64_t now = std::min(left, kPagesAtOnce);
      took_ns += make_and_touch(now * kPageBytes);
      left -= now;
    }
    return took_ns;
  });
}

}  // namespace

sample first_touch_anon(std::uint64_t, std::chrono::nanoseconds budget) {
  return touch_pages(budget, [](std::size_t bytes) {
    mapping fresh(bytes);
    fresh.refuse_huge_pages();
    return time_touching(fresh);
  });
}

sample first_touch_memfd(std::uint64_t, std::chrono::nanoseconds budget) {
  return touch_pages(budget, [](std::size_t bytes) {
    const owned_fd file(::memfd_create("copycost_limit", MFD_CLOEXEC));
    if (!file.valid() || ::ftruncate(file, static_cast<off_t>(bytes)) != 0) {
      throw std::system_error(errno, std::generic_category(), "limit first_touch_memfd: memfd_create");
    }
    return time_touching(mapping(bytes, file));
  });
}

}  // namespace copycost::limits::detail
