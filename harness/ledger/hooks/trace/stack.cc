// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/trace/stack.h"

#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include "harness/ledger/hooks/trace/loaded_objects.h"

namespace copycost::hooks {
namespace {
constinit address_span g_own_code = {};
}

void prepare_stack_walks() {
  g_own_code = find_object(reinterpret_cast<std::uintptr_t>(&prepare_stack_walks)).code;
  unw_set_caching_policy(unw_local_addr_space, UNW_CACHE_PER_THREAD);
  call_stack warm_up;  // the unwinder sets itself up
  warm_up.capture();
}

void call_stack::capture() {
  const int walked = unw_backtrace(frames_, kFramesMax);
  count_ = walked > 0 ? static_cast<std::size_t>(walked) : 0;
  while (count_ > 0 && frames_[count_ - 1] == nullptr) --count_;
  first_ = 0;
  const auto address = [](void* frame) { return reinterpret_cast<std::uintptr_t>(frame); };
  while (first_ < count_ && g_own_code.holds(address(frames_[first_]) - 1)) ++first_;
  for (std::size_t i = first_; i < count_; ++i) frames_[i] = static_cast<char*>(frames_[i]) - 1;
}

}  // namespace copycost::hooks
