// SPDX-License-Identifier: Apache-2.0
//
// A thread that calls back at times: at most one for each number.
//
//   set(3, when) --> [never | when | never | ...] --> at the earliest: call(3)
//
// Lifetime: calls end before its destructor does.
// Threads: set() from any, also from within a call.
// Cost: a lock and a look at all times; the thread sleeps meanwhile.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace copycost::graph {

class alarm {
 public:
  alarm(std::size_t numbers, std::function<void(std::size_t)> call);
  ~alarm();
  alarm(const alarm&) = delete;
  alarm& operator=(const alarm&) = delete;

  // Calls at that time of now_ns(), in place of what was set for the number before.
  void set(std::size_t number, std::int64_t when_ns);

 private:
  void run();

  const std::function<void(std::size_t)> call_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::int64_t> when_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace copycost::graph
