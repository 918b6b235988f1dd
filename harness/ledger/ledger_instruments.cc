// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/ledger_instruments.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "harness/ledger/hooks/hooks.h"
#include "harness/ledger/signature.h"
#include "harness/ledger/touch.h"

namespace copycost {
namespace {

// Where a record has what the hooks count.
struct hooked {
  ledger_count place;
  std::uint64_t cch_counts::*of;
};
constexpr hooked kHooked[] = {{kAllocs, &cch_counts::allocs},
                              {kFrees, &cch_counts::frees},
                              {kAllocBytes, &cch_counts::alloc_bytes},
                              {kFreedBytes, &cch_counts::freed_bytes},
                              {kCopyBytes, &cch_counts::copy_bytes},
                              {kPayloadCopyBytes, &cch_counts::payload_copy_bytes},
                              {kKernelBytes, &cch_counts::kernel_bytes},
                              {kSyscalls, &cch_counts::syscalls},
                              {kSubAllocs, &cch_counts::sub_allocs},
                              {kSubFrees, &cch_counts::sub_frees},
                              {kSubAllocBytes, &cch_counts::sub_alloc_bytes},
                              {kSubFreedBytes, &cch_counts::sub_freed_bytes},
                              {kFaultedCalls, &cch_counts::faulted_calls},
                              {kMappedBytes, &cch_counts::mapped_bytes},
                              {kUnmappedBytes, &cch_counts::unmapped_bytes}};
// The hooks' counts and the faults are what a reading has: the first places of a record, each read once.
constexpr std::size_t kRead = kFaults + 1;
static_assert(std::size(kHooked) + 1 == kRead);
static_assert([] {
  for (std::size_t i = 0; i < std::size(kHooked); ++i)
    if (kHooked[i].place != i) return false;
  return true;
}());
using reading = std::array<std::uint64_t, kRead>;

std::uint64_t faults_of_thread() {
  rusage u{};
  getrusage(RUSAGE_THREAD, &u);
  return static_cast<std::uint64_t>(u.ru_minflt + u.ru_majflt);
}

// Reads everything; the hooks last, so that reading is not counted.
reading read_counts(bool hooks_first) {
  cch_counts c{};
  std::uint64_t faults = 0;
  if (!hooks_first) faults = faults_of_thread();
  if (cch_thread != nullptr) cch_thread(&c);
  if (hooks_first) faults = faults_of_thread();
  reading out{};
  for (const hooked& h : kHooked) out[h.place] = c.*h.of;
  out[kFaults] = faults;
  return out;
}

std::uint64_t faulted_calls() {
  cch_counts c{};
  if (cch_total != nullptr) cch_total(&c);
  return c.faulted_calls;
}

}  // namespace

void count_instrument::episode_epoch(std::uint16_t epoch) {
  if (cch_payload_epoch != nullptr) cch_payload_epoch(epoch);
}

void count_instrument::role_opens() {
  const std::lock_guard lock(mutex_);
  if (open_++ == 0) process_.begin();
}

// The last role tells what the process did in none of them.
void count_instrument::role_closes(role_record& r) {
  const std::lock_guard lock(mutex_);
  process_.role({.allocs = r.counts[kAllocs],
                 .alloc_bytes = r.counts[kAllocBytes],
                 .payload_copied = r.counts[kPayloadCopyBytes],
                 .own_copied = r.own.copied_bytes,
                 .kernel_bytes = r.counts[kKernelBytes],
                 .syscalls = r.counts[kSyscalls]});
  if (--open_ != 0) return;
  process_.end();
  const process_account::elsewhere rest = process_.rest();
  r.counts[kElseAllocs] = rest.allocs;
  r.counts[kElseAllocBytes] = rest.alloc_bytes;
  r.counts[kElseCopied] = rest.copied;
  r.counts[kElseKernelBytes] = rest.kernel_bytes;
  r.counts[kElseSyscalls] = rest.syscalls;
  process_.clear();
}

void count_instrument::opened(role_record& r) {
  role_opens();
  std::fill(r.counts + kElseAllocs, r.counts + kLedgerCounts, 0);
  r.own = t_own_counts;
  r.counts[kPeak] = 0;
  if (cch_peak_reset != nullptr) {
    cch_peak_reset();
    r.counts[kPeak] = static_cast<std::uint64_t>(cch_live());
  }
  const reading now = read_counts(false);
  std::ranges::copy(now, r.counts);
}

namespace {
// Turns what was read at the begin into what was done since, and back: beginnings are moved over a pause in that way.
void since(role_record& r, const reading& now) {
  for (std::size_t i = 0; i < kRead; ++i) r.counts[i] = now[i] - r.counts[i];
  const own_counts& own = t_own_counts;
  r.own = {own.copied_bytes - r.own.copied_bytes, own.copies - r.own.copies, own.small_copies - r.own.small_copies,
           own.refcount_ops - r.own.refcount_ops};
}
}  // namespace

void count_instrument::closing(role_record& r) {
  since(r, read_counts(true));
  if (cch_peak != nullptr) r.counts[kPeak] = static_cast<std::uint64_t>(cch_peak()) - r.counts[kPeak];
  role_closes(r);
}

// What has been counted so far stands in the record during a pause, and moves its beginning afterwards. The peak goes
// on. REQUIRES: one role (window::pause).
void count_instrument::paused(role_record& r) {
  since(r, read_counts(true));
  const std::lock_guard lock(mutex_);
  process_.end();
}

void count_instrument::resumed(role_record& r) {
  {
    const std::lock_guard lock(mutex_);
    process_.begin();
  }
  since(r, read_counts(false));
}

void inspect_instrument::release_payloads() {
  watched_instrument::release_payloads();
  produced_.clear();
  foreign_ = consumed_ = lent_ = 0;
  scanned_ = false;
  open_ = 0;
}

void inspect_instrument::opened(role_record&) {
  const std::lock_guard lock(mutex_);  // a role that closes early waits until the scan before it is done
  if (!scanned_) before_ = signature_bytes(epoch_, produced_);
  scanned_ = true;
  ++open_;
}

void inspect_instrument::closing(role_record& r) {
  const std::lock_guard lock(mutex_);
  // One search for all roles of the process, when the last of them closes. What the producer wrote is no copy.
  const std::uint64_t after = --open_ == 0 ? signature_bytes(epoch_, produced_) : 0;
  r.counts[kSignatureBytes] = after > before_ ? after - before_ : 0;
  r.counts[kForeignBytes] = foreign_;
  r.counts[kConsumedBytes] = consumed_;
  r.counts[kLentBytes] = lent_;
}

void inspect_instrument::produced(std::span<const std::byte> where) {
  const std::lock_guard lock(mutex_);
  produced_.push_back(where);
}

void inspect_instrument::consumed(std::span<const std::byte> where) {
  const std::lock_guard lock(mutex_);
  consumed_ += where.size();
  if (where.empty()) return;
  const std::byte *begin = where.data(), *end = begin + where.size();
  const bool lent = payload_region::instance().contains(begin);
  const bool made = std::any_of(produced_.begin(), produced_.end(),
                                [&](const auto& p) { return p.data() <= begin && end <= p.data() + p.size(); });
  if (lent) lent_ += where.size();
  if (!lent && !made) foreign_ += where.size();
}

void touch_instrument::release_payloads() {
  if (guarded_) release_payload();  // the window did not close: the operation failed
  guarded_ = false;
  open_ = 0;
  watched_instrument::release_payloads();
}

void touch_instrument::guard() {
  guard_payload(find_payload(epoch_));
  guarded_ = true;
  faulted_calls_ = faulted_calls();
}

void touch_instrument::release(role_record& r) {
  if (!guarded_) return;
  const touched t = release_payload();
  guarded_ = false;
  r.counts[kTouchedPages] += t.pages;
  r.counts[kGuardedPages] = std::max(r.counts[kGuardedPages], t.guarded);
  r.counts[kGuardedSteps] += t.steps + 1;
  if (!t.all) r.counts[kGuardedInPart] = 1;
  if (r.counts[kTouchedBy] == 0) r.counts[kTouchedBy] = t.instruction;
  r.counts[kFaultedCalls] += faulted_calls() - faulted_calls_;
}

void touch_instrument::opened(role_record& r) {
  const std::lock_guard lock(mutex_);
  std::fill(std::begin(r.counts), std::end(r.counts), 0);
  if (open_++ == 0) guard();
}

void touch_instrument::closing(role_record& r) {
  const std::lock_guard lock(mutex_);
  if (--open_ == 0) release(r);
}

void touch_instrument::paused(role_record& r) {
  const std::lock_guard lock(mutex_);
  release(r);
}

void touch_instrument::resumed(role_record&) {
  const std::lock_guard lock(mutex_);
  guard();
}

void written_instrument::release_payloads() {
  if (watching_) watch_.stop();  // the window did not close: the operation failed
  watching_ = false;
  open_ = 0;
  watched_instrument::release_payloads();
}

void written_instrument::watch() {
  watch_.start();
  watching_ = true;
}

void written_instrument::look(role_record& r) {
  if (!watching_) return;
  r.counts[kWrittenPages] += watch_.stop();
  ++r.counts[kWrittenWindows];
  watching_ = false;
}

void written_instrument::opened(role_record& r) {
  const std::lock_guard lock(mutex_);
  r.counts[kWrittenPages] = r.counts[kWrittenWindows] = 0;
  if (open_++ == 0) watch();
}

void written_instrument::closing(role_record& r) {
  const std::lock_guard lock(mutex_);
  if (--open_ == 0) look(r);
}

void written_instrument::paused(role_record& r) {
  const std::lock_guard lock(mutex_);
  look(r);
}

void written_instrument::resumed(role_record&) {
  const std::lock_guard lock(mutex_);
  watch();
}

std::unique_ptr<instrument> make_ledger_instrument(std::string_view kind) {
  if (kind == count_instrument::kKind) return std::make_unique<count_instrument>();
  if (kind == inspect_instrument::kKind) return std::make_unique<inspect_instrument>();
  if (kind == touch_instrument::kKind) return std::make_unique<touch_instrument>();
  if (kind == written_instrument::kKind) return std::make_unique<written_instrument>();
  return nullptr;
}

}  // namespace copycost
