// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>

#include <atomic>
#include <cerrno>

#include "harness/ledger/hooks/copies.h"
#include "harness/ledger/hooks/slot.h"
#include "harness/ledger/hooks/thread_state.h"
#include "harness/ledger/witness/pattern.h"

namespace copycost::hooks {
namespace {

constexpr unsigned kRanges = 64;
constexpr std::size_t kRecognisedMin = 16;  // a shorter piece of payload may hold no whole cell of the pattern

struct address_range {
  std::atomic<std::uintptr_t> begin = 0;
  std::atomic<std::size_t> size = 0;
};
constinit address_range g_ranges[kRanges];
constinit std::atomic<unsigned> g_range_count = 0;
constinit std::atomic<std::uint16_t> g_epoch = 0;
constinit pthread_mutex_t g_lock = PTHREAD_MUTEX_INITIALIZER;

// Bytes of [source, source + size) that lie in registered ranges.
std::size_t registered_bytes(std::uintptr_t source, std::size_t size) {
  std::size_t bytes = 0;
  const unsigned count = g_range_count.load(std::memory_order_acquire);
  for (unsigned i = 0; i < count; ++i) {
    const std::uintptr_t begin = g_ranges[i].begin.load(std::memory_order_relaxed);
    const std::uintptr_t end = begin + g_ranges[i].size.load(std::memory_order_relaxed);
    const std::uintptr_t low = source > begin ? source : begin;
    const std::uintptr_t high = source + size < end ? source + size : end;
    if (low < high) bytes += high - low;
  }
  return bytes;
}

std::size_t payload_bytes(const void* source, std::size_t size) {
  const std::size_t registered = registered_bytes(reinterpret_cast<std::uintptr_t>(source), size);
  if (registered != 0 || size < kRecognisedMin) return registered;
  const std::uint16_t epoch = g_epoch.load(std::memory_order_relaxed);
  return epoch == 0 ? 0 : pattern::count(source, size, epoch);
}

}  // namespace

void count_copy(const void* source, std::size_t size) {
  if (is_own_work()) return;
  slot& mine = my_slot();
  mine.add(counter::kCopyCalls, 1);
  mine.add(counter::kCopyBytes, size);
  if (const std::size_t payload = payload_bytes(source, size)) mine.add(counter::kPayloadCopyBytes, payload);
}

int add_payload(const void* begin, std::size_t size) {
  if (begin == nullptr || size == 0) return EINVAL;
  pthread_mutex_lock(&g_lock);
  const unsigned index = g_range_count.load(std::memory_order_relaxed);
  if (index < kRanges) {
    g_ranges[index].begin.store(reinterpret_cast<std::uintptr_t>(begin), std::memory_order_relaxed);
    g_ranges[index].size.store(size, std::memory_order_relaxed);
    g_range_count.store(index + 1, std::memory_order_release);
  }
  pthread_mutex_unlock(&g_lock);
  return index < kRanges ? 0 : ENOSPC;
}

void clear_payload() {
  pthread_mutex_lock(&g_lock);
  g_range_count.store(0, std::memory_order_release);
  pthread_mutex_unlock(&g_lock);
}

void set_payload_epoch(std::uint16_t epoch) { g_epoch.store(epoch, std::memory_order_relaxed); }

}  // namespace copycost::hooks
