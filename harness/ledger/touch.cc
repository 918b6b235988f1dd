// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/touch.h"

#include <signal.h>
#include <sys/mman.h>

#include <atomic>

#include "harness/core/check.h"

namespace copycost {
namespace {

constexpr std::uintptr_t kPage = 4096, kPagesMax = std::uintptr_t{1} << 20;
std::atomic<std::uintptr_t> g_begin{0}, g_end{0};
std::atomic<std::uint64_t> g_seen[kPagesMax / 64];  // one bit a page: several threads may fault on it at once
std::atomic<std::uint64_t> g_touched{0};
struct sigaction g_before;

void on_fault(int signal_number, siginfo_t* info, void*) {
  const auto at = reinterpret_cast<std::uintptr_t>(info->si_addr);
  if (at >= g_begin.load(std::memory_order_acquire) && at < g_end.load(std::memory_order_acquire)) {
    const std::uintptr_t page = (at - g_begin.load(std::memory_order_relaxed)) / kPage,
                         bit = std::uintptr_t{1} << page % 64;
    if ((g_seen[page / 64].fetch_or(bit, std::memory_order_relaxed) & bit) == 0)
      g_touched.fetch_add(1, std::memory_order_relaxed);
    if (mprotect(reinterpret_cast<void*>(at / kPage * kPage), kPage, PROT_READ | PROT_WRITE) == 0) return;
  }
  sigaction(signal_number, &g_before, nullptr);  // not ours: let it happen again
}

}  // namespace

void guard_payload(std::span<std::byte> payload) {
  COPYCOST_REQUIRE(g_end.load() == 0 && payload.size() / kPage <= kPagesMax);
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSEGV, &action, &g_before);
  g_touched.store(0);
  for (std::size_t i = 0; i < (payload.size() / kPage + 63) / 64; ++i) g_seen[i].store(0, std::memory_order_relaxed);
  const auto begin = reinterpret_cast<std::uintptr_t>(payload.data());
  g_begin.store(begin), g_end.store(begin + payload.size());
  COPYCOST_REQUIRE(payload.empty() || mprotect(payload.data(), payload.size(), PROT_NONE) == 0);
}

std::uint64_t release_payload() {
  const std::uintptr_t begin = g_begin.load(), end = g_end.load();
  if (end == begin && end == 0) return 0;
  if (end > begin) mprotect(reinterpret_cast<void*>(begin), end - begin, PROT_READ | PROT_WRITE);
  g_begin.store(0), g_end.store(0);
  sigaction(SIGSEGV, &g_before, nullptr);
  return g_touched.load();
}

}  // namespace copycost
