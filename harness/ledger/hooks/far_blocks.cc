// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/far_blocks.h"

#include <atomic>

#include "harness/ledger/hooks/allocator.h"

namespace copycost::hooks {
namespace {

constinit std::atomic<const void*> g_far[kFarMost] = {};
constinit std::atomic<std::size_t> g_far_used = 0;  // no entry lies behind it

std::size_t far_used() {
  const std::size_t used = g_far_used.load(std::memory_order_acquire);
  return used < kFarMost ? used : kFarMost;
}

bool exchange_entry(const void* was, const void* is) {
  const std::size_t used = far_used();
  for (std::size_t i = 0; i < used; ++i) {
    const void* seen = was;
    if (g_far[i].compare_exchange_strong(seen, is, std::memory_order_acq_rel)) return true;
  }
  return false;
}

}  // namespace

void note_if_far(const void* block) {
  if (is_owned(block) || exchange_entry(nullptr, block)) return;
  const std::size_t at = g_far_used.fetch_add(1, std::memory_order_acq_rel);
  if (at >= kFarMost) die("more than 1024 blocks beyond the addresses that the allocator knows again", block);
  // A thread that sees the larger count may have taken the entry: then another one is free or comes next.
  const void* none = nullptr;
  if (!g_far[at].compare_exchange_strong(none, block, std::memory_order_acq_rel)) note_if_far(block);
}

bool is_far(const void* block) {
  const std::size_t used = far_used();
  for (std::size_t i = 0; i < used; ++i)
    if (g_far[i].load(std::memory_order_acquire) == block) return true;
  return false;
}

void forget_far(const void* block) { exchange_entry(block, nullptr); }

}  // namespace copycost::hooks
