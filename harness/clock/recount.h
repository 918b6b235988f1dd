// SPDX-License-Identifier: Apache-2.0
//
// What the program that is timed does where nothing times it: the same objects, the same payload memory, the same
// window, counted by the hooks that were preloaded into the process.
//
//   LD_PRELOAD=libcopycost_hooks.so copycost-clock --plan FILE --out FILE      an item with "count": a row of counts
//
// The hooks are looked up by name when an item asks for them: without the preload nothing here runs, and the loops that
// are timed know nothing of it.
//
// Threads: one at a time. Nothing is timed.
#pragma once
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/json.h"
#include "harness/clock/clock_instrument.h"
#include "harness/core/registry.h"
#include "harness/ledger/hooks/hooks.h"

namespace copycost {

// The clock's instrument, which also reads the hooks where the window opens and closes. With one role it counts the
// whole process, so that a thread that a design started counts too; with several each role counts its own thread.
class recount_instrument final : public instrument {
 public:
  static constexpr std::string_view kKind = "recount";
  std::string_view kind() const override { return kKind; }
  watching watches() const override { return clock_.watches(); }
  void opened(role_record& r) override;
  void closing(role_record& r) override;
  void paused(role_record& r) override { closing(r); }
  void resumed(role_record& r) override;
  std::span<std::byte> lend_payload(std::size_t size) override { return clock_.lend_payload(size); }
  void release_payloads() override { clock_.release_payloads(); }
  void episode_epoch(std::uint16_t epoch) override;
  std::size_t scratch_bytes() const override { return clock_.scratch_bytes(); }
  void latency(void* scratch, std::int64_t ns) override { clock_.latency(scratch, ns); }

 private:
  clock_instrument clock_;
};

// What the program counts of a cell, beside what another program counts of the same one.
struct counter {
  std::string_view name;          // in rows and messages
  std::uint64_t cch_counts::*of;  // where the hooks have it
  bool may_be_fewer = false;      // in timed objects: copies that the compiler made inline
};
inline constexpr counter kCounters[] = {{"allocs", &cch_counts::allocs},
                                        {"frees", &cch_counts::frees},
                                        {"alloc_bytes", &cch_counts::alloc_bytes},
                                        {"freed_bytes", &cch_counts::freed_bytes},
                                        {"copy_calls", &cch_counts::copy_calls, true},
                                        {"copy_bytes", &cch_counts::copy_bytes, true},
                                        {"payload_copy_bytes", &cch_counts::payload_copy_bytes, true},
                                        {"kernel_bytes", &cch_counts::kernel_bytes},
                                        {"syscalls", &cch_counts::syscalls}};

// What the whole episode left behind, set-up to end.
struct left_behind {
  std::int64_t blocks = 0, bytes = 0, files = 0;
};
struct left_name {
  std::string_view name;
  std::int64_t left_behind::*of;
};
inline constexpr left_name kLeft[] = {
    {"left_blocks", &left_behind::blocks}, {"left_bytes", &left_behind::bytes}, {"left_files", &left_behind::files}};
static_assert(sizeof(left_behind) == std::size(kLeft) * sizeof(std::int64_t));

struct recount_row {
  std::string cell;
  std::uint64_t n = 0;  // operations of each role
  struct counted {
    std::uint64_t ops = 0;
    cch_counts window{};  // kCounters of it
    left_behind left;
    std::uint64_t digest = 0, expected = 0;  // of a judged episode of n operations, and the oracle's
  };
  std::optional<counted> found;  // absent: nothing was counted
  std::string error;             // empty: none
};

// `n` is `least` or more, so that what is rare happens (core/rare.h). Episodes before the one that is counted make what
// is made once a process. Never throws: what goes wrong is in `error`.
recount_row recount(const cell& what, std::uint64_t least, std::int64_t period_ns);

// {"cell", "n", "ops", kCounters, kLeft, "digest", "expected", "error"}; without what is absent. A row that lacks a
// count has none.
json to_json(const recount_row& row);
recount_row recount_from_json(const json& line);

}  // namespace copycost
