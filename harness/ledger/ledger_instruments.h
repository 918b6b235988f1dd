// SPDX-License-Identifier: Apache-2.0
//
// The ledger's four instruments, one pass each: `count` reads the hooks and the primitive witness around the window,
// `inspect` looks for the payload's signature and address afterwards, `touch` takes the payload away meanwhile, and
// `written` counts the pages that the process writes. All lend payload from the watched region.
//
// Lifetime: see instrument.
// Threads: see instrument.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <type_traits>
#include <vector>

#include "harness/core/instrument.h"
#include "harness/ledger/payload_region.h"
#include "harness/ledger/process_account.h"
#include "harness/ledger/written.h"

namespace copycost {

// Places in role_record::counts.
enum ledger_count : std::size_t {
  kAllocs,
  kFrees,
  kAllocBytes,
  kFreedBytes,
  kCopyBytes,
  kPayloadCopyBytes,
  kKernelBytes,
  kSyscalls,
  kSubAllocs,
  kSubFrees,
  kSubAllocBytes,
  kSubFreedBytes,
  kFaultedCalls,
  kMappedBytes,
  kUnmappedBytes,
  kFaults,
  kPeak,
  kSignatureBytes,
  kForeignBytes,
  kConsumedBytes,
  kTouchedPages,
  kLentBytes,
  kGuardedPages,
  kGuardedInPart,  // 1 where not all pages were guarded to the end
  kTouchedBy,      // the instruction that touched first
  kGuardedSteps,   // accesses beside payload, and pieces of the window: what guarding costs
  kWrittenPages,
  kWrittenWindows,  // how often the watch was started
  // What the process did in no role.
  kElseAllocs,
  kElseAllocBytes,
  kElseCopied,
  kElseKernelBytes,
  kElseSyscalls,
  kLedgerCounts,
};
static_assert(kLedgerCounts <= std::extent_v<decltype(role_record::counts)>);

class watched_instrument : public instrument {
 public:
  watching watches() const override { return watching::cost; }
  std::span<std::byte> lend_payload(std::size_t size) override { return payload_region::instance().lend(size); }
  void release_payloads() override { payload_region::instance().clear(); }
};

class count_instrument final : public watched_instrument {
 public:
  static constexpr std::string_view kKind = "count";
  std::string_view kind() const override { return kKind; }
  void episode_epoch(std::uint16_t epoch) override;  // from here on copies are recognised by content too
  void opened(role_record& r) override;
  void closing(role_record& r) override;
  void paused(role_record& r) override;
  void resumed(role_record& r) override;

 private:
  void role_opens();
  void role_closes(role_record& r);
  std::mutex mutex_;
  unsigned open_ = 0;        // roles whose window is open; guarded by mutex_
  process_account process_;  // guarded by mutex_
};

class inspect_instrument final : public watched_instrument {
 public:
  static constexpr std::string_view kKind = "inspect";
  std::string_view kind() const override { return kKind; }
  watching watches() const override { return watching::identity; }
  void episode_epoch(std::uint16_t epoch) override { epoch_ = epoch; }
  void release_payloads() override;
  void opened(role_record& r) override;
  void closing(role_record& r) override;
  void produced(std::span<const std::byte> where) override;
  void consumed(std::span<const std::byte> where) override;

 private:
  std::uint16_t epoch_ = 0;
  std::mutex mutex_;
  bool scanned_ = false;                                 // guarded by mutex_
  unsigned open_ = 0;                                    // roles whose window is open; guarded by mutex_
  std::uint64_t before_ = 0;                             // guarded by mutex_
  std::vector<std::span<const std::byte>> produced_;     // guarded by mutex_
  std::uint64_t foreign_ = 0, consumed_ = 0, lent_ = 0;  // guarded by mutex_
};

// What a consumer reads is no copy: it is shown where the payload lies, and does not read it.
class touch_instrument final : public watched_instrument {
 public:
  static constexpr std::string_view kKind = "touch";
  std::string_view kind() const override { return kKind; }
  watching watches() const override { return watching::identity; }
  void episode_epoch(std::uint16_t epoch) override { epoch_ = epoch; }
  void release_payloads() override;
  void opened(role_record& r) override;
  void closing(role_record& r) override;
  void paused(role_record& r) override;
  void resumed(role_record& r) override;

 private:
  void guard();
  void release(role_record& r);
  std::uint16_t epoch_ = 0;
  std::mutex mutex_;
  unsigned open_ = 0;                // roles whose window is open; guarded by mutex_
  bool guarded_ = false;             // guarded by mutex_
  std::uint64_t faulted_calls_ = 0;  // of the process when the window opened; guarded by mutex_
};

class written_instrument final : public watched_instrument {
 public:
  static constexpr std::string_view kKind = "written";
  std::string_view kind() const override { return kKind; }
  void release_payloads() override;
  void opened(role_record& r) override;
  void closing(role_record& r) override;
  void paused(role_record& r) override;
  void resumed(role_record& r) override;

 private:
  void watch();
  void look(role_record& r);
  std::mutex mutex_;
  unsigned open_ = 0;      // roles whose window is open; guarded by mutex_
  bool watching_ = false;  // guarded by mutex_
  write_watch watch_;      // guarded by mutex_
};

// By kind; null for another kind.
std::unique_ptr<instrument> make_ledger_instrument(std::string_view kind);

}  // namespace copycost
