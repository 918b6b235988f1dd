// SPDX-License-Identifier: Apache-2.0
//
// Internal to harness/limits: which two processors a pair of threads uses, and the second thread itself.
#pragma once
#include <sched.h>

#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace copycost::limits::detail {

struct processor_pair {
  unsigned first, second;
};

// The processors on which the calling thread may run; empty where the kernel does not say.
std::vector<unsigned> allowed_processors();

// Two of `allowed`: `current` and, if there is one, a processor that is not among its hardware-thread `siblings`,
// because siblings share a cache and would make every exchange look cheap. Empty where fewer than two are allowed.
std::optional<processor_pair> choose_pair(const std::vector<unsigned>& allowed, unsigned current,
                                          const std::vector<unsigned>& siblings);

// The choice for the calling thread on this machine.
std::optional<processor_pair> two_processors();
// As above, but throws std::system_error (not_supported) with the limit's name where there are no two.
processor_pair require_two_processors(const char* limit);

// Keeps the calling thread on one processor; the destructor gives it back its former set. Where the kernel refuses,
// the thread stays where it is: the figure is then noisier, not wrong.
class pinned {
 public:
  explicit pinned(unsigned processor);
  ~pinned();
  pinned(const pinned&) = delete;
  pinned& operator=(const pinned&) = delete;

 private:
  cpu_set_t before_{};
  bool changed_ = false;
};

// The second thread of a probe. The destructor runs `stop`, which must make `body` return, and joins.
class partner {
 public:
  // Without a processor the scheduler places the thread. Throws std::system_error.
  partner(std::optional<unsigned> processor, std::function<void()> body, std::function<void()> stop);
  ~partner();
  partner(const partner&) = delete;
  partner& operator=(const partner&) = delete;

 private:
  std::function<void()> stop_;
  std::thread thread_;
};

}  // namespace copycost::limits::detail
