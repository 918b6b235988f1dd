// SPDX-License-Identifier: Apache-2.0
#include <atomic>

#include "harness/limits/counting.h"
#include "harness/limits/placement.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {
namespace {

// A thread that does nothing but exist: C libraries take cheaper paths while a process has only one.
class sleeping_thread {
 public:
  sleeping_thread()
      : thread_(
            std::nullopt, [this] { over_.wait(false); },
            [this] {
              over_ = true;
              over_.notify_one();
            }) {}

 private:
  std::atomic<bool> over_{false};
  partner thread_;
};

}  // namespace

sample refcount_pair(std::uint64_t, std::chrono::nanoseconds budget) {
  const sleeping_thread exists;
  alignas(kApartBytes) std::atomic<std::uint32_t> count{1};
  const auto pair = [&] { count_up_and_down(count); };
  return repeat({budget}, [&](std::uint64_t ops) { return time_operations(ops, pair); });
}

sample atomic_exchange(std::uint64_t, std::chrono::nanoseconds budget) {
  const sleeping_thread exists;
  alignas(kApartBytes) std::atomic<std::uint64_t> word{0};
  std::uint64_t next = 0;
  const auto exchange = [&] { escape(word.exchange(++next)); };
  return repeat({budget}, [&](std::uint64_t ops) { return time_operations(ops, exchange); });
}

}  // namespace copycost::limits::detail
