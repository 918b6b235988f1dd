// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

#include "harness/limits/mapping.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {
namespace {

constexpr std::size_t kAppended = std::size_t{32} << 20;

// Memory that was never touched, as a program finds it that appends for the first time: an allocator may keep what was
// freed, and the pages with it.
template <class T>
struct fresh_memory {
  using value_type = T;
  std::shared_ptr<mapping> memory;
  fresh_memory() : memory(std::make_shared<mapping>(page_rounded(kAppended + 4096))) {}
  template <class U>
  fresh_memory(const fresh_memory<U>& o) : memory(o.memory) {}  // NOLINT: what the standard asks for
  T* allocate(std::size_t) { return reinterpret_cast<T*>(memory->data()); }
  void deallocate(T*, std::size_t) {}
  friend bool operator==(const fresh_memory& a, const fresh_memory& b) { return a.memory == b.memory; }
};

template <std::size_t Size>
sample append(std::chrono::nanoseconds budget) {
  struct record {
    std::byte bytes[Size];
  };
  const std::size_t records = kAppended / Size;
  const auto source = std::make_unique<record>();
  std::memset(source.get(), 1, Size);
  const auto fill = [&](std::uint64_t times) {
    double took = 0;
    for (std::uint64_t i = 0; i < times; ++i) {
      std::vector<record, fresh_memory<record>> all;
      all.reserve(records);
      const std::int64_t start = now_ns();
      for (std::size_t k = 0; k < records; ++k) {
        all.push_back(*source);
        escape(source.get());
      }
      took += static_cast<double>(now_ns() - start);
    }
    return took;
  };
  const sample all = repeat({budget, kAppended}, fill);
  const auto each = static_cast<double>(records);
  return {all.ns / each, all.best_ns / each, all.bytes_per_second};
}

}  // namespace

sample vector_append(std::uint64_t size, std::chrono::nanoseconds budget) {
  // The size of a record is known to the compiler, as it is in a program that has one.
  if (size <= 64) return append<64>(budget);
  if (size <= 128) return append<128>(budget);
  return append<1024>(budget);
}

}  // namespace copycost::limits::detail
