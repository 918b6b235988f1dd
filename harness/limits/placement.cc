// SPDX-License-Identifier: Apache-2.0
#include "harness/limits/placement.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "harness/env/cpu.h"

namespace copycost::limits::detail {

std::vector<unsigned> allowed_processors() {
  cpu_set_t set;
  std::vector<unsigned> allowed;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return allowed;
  for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) allowed.push_back(cpu);
  }
  return allowed;
}

std::optional<processor_pair> choose_pair(const std::vector<unsigned>& allowed, unsigned current,
                                          const std::vector<unsigned>& siblings) {
  if (allowed.size() < 2) return std::nullopt;
  const auto is_in = [](const std::vector<unsigned>& list, unsigned cpu) {
    return std::find(list.begin(), list.end(), cpu) != list.end();
  };
  const unsigned first = is_in(allowed, current) ? current : allowed[0];
  std::optional<unsigned> second;
  for (const unsigned cpu : allowed) {
    if (cpu == first) continue;
    if (!is_in(siblings, cpu)) return processor_pair{first, cpu};
    if (!second) second = cpu;
  }
  return processor_pair{first, *second};
}

std::optional<processor_pair> two_processors() {
  const int running_on = ::sched_getcpu();
  const unsigned current = running_on < 0 ? 0 : static_cast<unsigned>(running_on);
  return choose_pair(allowed_processors(), current, env::thread_siblings(env::read_file, current));
}

processor_pair require_two_processors(const char* limit) {
  const auto pair = two_processors();
  if (pair) return *pair;
  throw std::system_error(std::make_error_code(std::errc::not_supported),
                          "limit " + std::string(limit) + ": two processors are needed");
}

pinned::pinned(unsigned processor) {
  if (::sched_getaffinity(0, sizeof before_, &before_) != 0) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(processor, &one);
  changed_ = ::sched_setaffinity(0, sizeof one, &one) == 0;
}

pinned::~pinned() {
  if (changed_) (void)::sched_setaffinity(0, sizeof before_, &before_);
}

partner::partner(std::optional<unsigned> processor, std::function<void()> body, std::function<void()> stop)
    : stop_(std::move(stop)), thread_([processor, body = std::move(body)] {
        std::optional<pinned> place;
        if (processor) place.emplace(*processor);
        body();
      }) {}

partner::~partner() {
  stop_();
  thread_.join();
}

}  // namespace copycost::limits::detail
