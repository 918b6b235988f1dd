// SPDX-License-Identifier: Apache-2.0
#include "impls/common/interner.h"

namespace copycost {

std::uint32_t interner::intern(std::string_view name) {
  const std::lock_guard lock(mutex_);
  if (const auto found = ids_.find(name); found != ids_.end()) return found->second;
  const auto id = static_cast<std::uint32_t>(names_.size());  // fits: each name takes memory
  ids_.emplace(names_.emplace_back(name), id);
  return id;
}

std::string_view interner::name(std::uint32_t id) const {
  const std::lock_guard lock(mutex_);
  return id < names_.size() ? std::string_view(names_[id]) : std::string_view();
}

interner& process_interner() {
  static interner all;
  return all;
}

}  // namespace copycost
