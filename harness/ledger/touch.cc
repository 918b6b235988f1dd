// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/touch.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include "harness/base/check.h"
#include "harness/ledger/payload_region.h"

namespace copycost {
namespace {

constexpr std::uintptr_t kPage = 4096;
constexpr std::size_t kMixedMax = 1024;  // pages that hold something beside payload
constexpr std::uint32_t kStepsMax = 12'000;
#ifdef __x86_64__
constexpr bool kSteps = true;
#else
constexpr bool kSteps = false;
#endif

struct guarded_page {
  std::uintptr_t begin = 0;
  bool open = false;  // for good; atomic_ref
  bool writable = true;
};
using page_list = std::vector<guarded_page, page_allocator<guarded_page>>;

// What the handlers use lies on pages of its own: no payload is its neighbour.
struct alignas(kPage) state {
  const payload_place* places = nullptr;
  std::size_t place_count = 0;
  guarded_page* pages = nullptr;
  std::size_t page_count = 0;
  std::uintptr_t lent_begin = 0, lent_end = 0;
  std::atomic<bool> on = false, closing = false, gave_up = false;
  std::atomic<std::uint32_t> inside = 0;  // handlers that may look at the lists
  std::atomic<std::uint64_t> touched_pages = 0;
  std::atomic<std::uintptr_t> instruction = 0;
  std::atomic<std::uint32_t> steps = 0, stepping = 0;  // instructions at all; threads that are at one now
  struct sigaction segv_before, trap_before;
};
state g;
// Nothing of it is on the heap, whose totals are compared byte by byte: how often threads begin anew is chance.
std::optional<payload_places> g_places;
std::optional<page_list> g_pages;
bool g_all = true;

// The page that this thread has opened for the instruction that it is at; an instruction may need several.
constexpr std::size_t kPendingMax = 4;
thread_local guarded_page* t_pending[kPendingMax];
thread_local std::size_t t_pending_count = 0;
thread_local std::uintptr_t t_foreign = 0;  // the last fault that was not ours

// Without libc's function: that one is counted, and counters may lie on a guarded page.
void protect(std::uintptr_t begin, std::uintptr_t end, int mode) {
#ifdef __x86_64__
  long result = SYS_mprotect;
  asm volatile("syscall" : "+a"(result) : "D"(begin), "S"(end - begin), "d"(mode) : "rcx", "r11", "memory");
#else
  mprotect(reinterpret_cast<void*>(begin), end - begin, mode);
#endif
}
// Opens it for good; answers whether it was open before.
bool give_up(guarded_page& p) { return std::atomic_ref(p.open).exchange(true); }
void open_page(const guarded_page& p) {
  protect(p.begin, p.begin + kPage, p.writable ? PROT_READ | PROT_WRITE : PROT_READ);
}

guarded_page* page_of(std::uintptr_t at) {
  guarded_page* const end = g.pages + g.page_count;
  guarded_page* const p = std::lower_bound(g.pages, end, at / kPage * kPage,
                                           [](const guarded_page& a, std::uintptr_t b) { return a.begin < b; });
  return p != end && p->begin == at / kPage * kPage ? p : nullptr;
}

// The place that holds the byte, or null.
const payload_place* place_of(std::uintptr_t at) {
  const payload_place* const end = g.places + g.place_count;
  const payload_place* p =
      std::upper_bound(g.places, end, at, [](std::uintptr_t a, const payload_place& b) { return a < b.begin; });
  return p != g.places && at < (p - 1)->end ? p - 1 : nullptr;
}

// Code that reads a head may look some bytes ahead, and an access that began in a head may end on the first byte of a
// page: a copy goes on from there, and its next access is counted. What was lent has no head.
constexpr std::uintptr_t kAhead = 8;
bool is_read_of_payload(std::uintptr_t at) {
  const payload_place* const p = place_of(at);
  if (p == nullptr || (at >= g.lent_begin && at < g.lent_end)) return p != nullptr;
  return at % kPage != 0 && at >= p->begin + kAhead;
}

struct access {
  bool write = false;
  std::uintptr_t instruction = 0;
};
access access_of([[maybe_unused]] void* context) {
#ifdef __x86_64__
  const auto& r = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  return {(r[REG_ERR] & 2) != 0, static_cast<std::uintptr_t>(r[REG_RIP])};
#else
  return {};
#endif
}
void single_step([[maybe_unused]] void* context, [[maybe_unused]] bool on) {
#ifdef __x86_64__
  constexpr greg_t kTrap = 0x100;
  auto& flags = static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_EFL];
  flags = on ? flags | kTrap : flags & ~kTrap;
#endif
}

// A page is not released while a thread is at an instruction behind which it closes the page again. Answers whether the
// page is to be closed: not once the release has begun.
bool begin_step() {
  if (t_pending_count > 0) return true;
  g.stepping.fetch_add(1);
  if (!g.closing.load()) return true;
  g.stepping.fetch_sub(1);
  return false;
}

// Answers whether the fault was on a guarded page, which is open now.
bool is_ours(std::uintptr_t at, void* context) {
  guarded_page* const page = g.on.load() ? page_of(at) : nullptr;
  if (page == nullptr) return false;
  const access how = access_of(context);
  if (!how.write && is_read_of_payload(at)) {
    if (!give_up(*page)) {
      g.touched_pages.fetch_add(1, std::memory_order_relaxed);
      std::uintptr_t none = 0;
      g.instruction.compare_exchange_strong(none, how.instruction);
    }
  } else if (!kSteps || t_pending_count == kPendingMax || g.steps.fetch_add(1) >= kStepsMax) {
    give_up(*page);
    g.gave_up.store(true);
  } else if (begin_step()) {
    t_pending[t_pending_count++] = page;
    single_step(context, true);
  }
  open_page(*page);
  return true;
}

void on_fault(int signal_number, siginfo_t* info, void* context) {
  const auto at = reinterpret_cast<std::uintptr_t>(info->si_addr);
  g.inside.fetch_add(1);
  const bool ours = is_ours(at, context);
  g.inside.fetch_sub(1);
  // What is not ours may have been on its way while the pages were released. If it comes again, the page is not
  // guarded.
  if (ours)
    t_foreign = 0;
  else if (std::exchange(t_foreign, at) == at)
    sigaction(signal_number, &g.segv_before, nullptr);
}

// The handler of faults stays: one may be on its way to a thread when the pages are released.
void catch_faults() {
  struct sigaction now {
  }, ours{};
  sigaction(SIGSEGV, nullptr, &now);
  if ((now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == on_fault) return;
  g.segv_before = now;
  ours.sa_sigaction = on_fault;
  ours.sa_flags = SA_SIGINFO;
  sigaction(SIGSEGV, &ours, nullptr);
}

void on_step(int signal_number, siginfo_t*, void* context) {
  if (t_pending_count == 0) {
    sigaction(signal_number, &g.trap_before, nullptr);
    return;
  }
  for (std::size_t i = 0; i < t_pending_count; ++i) {
    guarded_page& p = *t_pending[i];
    if (!std::atomic_ref(p.open).load()) protect(p.begin, p.begin + kPage, PROT_NONE);
  }
  t_pending_count = 0;
  g.stepping.fetch_sub(1);
  single_step(context, false);
}

// Whether every byte of the page is payload: `i` is the first place that ends behind the page's begin.
bool is_whole(const payload_places& where, std::size_t i, std::uintptr_t page) {
  std::uintptr_t at = page;
  for (; i < where.size() && where[i].begin <= at && at < page + kPage; ++i) at = std::max(at, where[i].end);
  return at >= page + kPage;
}

// All pages of nothing but payload; of the others the first, the last, and some between.
void choose_pages(const payload_places& where, page_list& to) {
  std::vector<std::pair<std::uintptr_t, bool>, page_allocator<std::pair<std::uintptr_t, bool>>> mixed;
  std::uintptr_t next = 0;
  for (std::size_t i = 0; i < where.size(); ++i) {
    for (std::uintptr_t page = std::max(next, where[i].begin / kPage * kPage); page < where[i].end; page += kPage) {
      next = page + kPage;
      if (is_whole(where, i, page))
        to.push_back({page, false, where[i].writable});
      else if (kSteps)
        mixed.push_back({page, where[i].writable});
    }
  }
  const std::size_t n = std::min(mixed.size(), kMixedMax);
  g_all = n == mixed.size();
  for (std::size_t k = 0; k < n; ++k) {
    const auto& [page, writable] = mixed[n < 2 ? 0 : k * (mixed.size() - 1) / (n - 1)];
    to.push_back({page, false, writable});
  }
  std::sort(to.begin(), to.end(), [](const guarded_page& a, const guarded_page& b) { return a.begin < b.begin; });
}

}  // namespace

void guard_payload(const payload_places& where) {
  COPYCOST_REQUIRE(!g.on.load());
  g_places.emplace(where);
  g_pages.emplace();
  choose_pages(*g_places, *g_pages);
  g.places = g_places->data();
  g.place_count = g_places->size();
  g.pages = g_pages->data();
  g.page_count = g_pages->size();
  const auto lent = payload_region::instance().lent();
  g.lent_begin = reinterpret_cast<std::uintptr_t>(lent.data());
  g.lent_end = g.lent_begin + lent.size();
  g.touched_pages = 0;
  g.instruction = 0;
  g.steps = 0;
  g.gave_up = false;
  catch_faults();
  struct sigaction step {};
  step.sa_sigaction = on_step;
  step.sa_flags = SA_SIGINFO;
  sigaction(SIGTRAP, &step, &g.trap_before);
  g.closing.store(false);
  g.on.store(true);
  for (std::size_t i = 0; i < g.page_count;) {  // neighbours at once
    std::size_t k = i + 1;
    while (k < g.page_count && g.pages[k].begin == g.pages[k - 1].begin + kPage) ++k;
    protect(g.pages[i].begin, g.pages[k - 1].begin + kPage, PROT_NONE);
    i = k;
  }
}

touched release_payload() {
  if (!g.on.load()) return {};
  g.closing.store(true);
  while (g.stepping.load() > 0) sched_yield();
  for (std::size_t i = 0; i < g.page_count; ++i) open_page(g.pages[i]);
  g.on.store(false);
  while (g.inside.load() > 0) sched_yield();
  sigaction(SIGTRAP, &g.trap_before, nullptr);
  return {g.touched_pages.load(), g.page_count, g.steps.load(), g_all && !g.gave_up.load(), g.instruction.load()};
}

}  // namespace copycost
