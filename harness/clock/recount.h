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

#include "harness/base/json.h"
#include "harness/clock/clock_instrument.h"
#include "harness/core/registry.h"

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

// A row {"cell", "n", "ops", "allocs", "frees", "alloc_bytes", "freed_bytes", "copy_calls", "copy_bytes",
// "payload_copy_bytes", "kernel_bytes", "syscalls": of the window; "left_blocks", "left_bytes", "left_files": what the
// whole episode left behind; "digest", "expected": what a judged episode of n operations made, and the oracle}. "n" is
// `least` or more, so that what is rare happens (core/rare.h). Episodes before it are not counted: what is made once a
// process is there. Never throws: what goes wrong is in "error".
json recount(const cell& what, std::uint64_t least, std::int64_t period_ns);

}  // namespace copycost
