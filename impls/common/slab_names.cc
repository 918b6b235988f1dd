// SPDX-License-Identifier: Apache-2.0
#include "impls/common/slab_names.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace copycost {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr std::size_t kNamesMost = std::size_t{1} << 30;
constexpr std::size_t kBytesPerName = 256;  // of the table: what an average name may take with all that belongs to it

// FNV-1a: the same in every process and build.
std::uint64_t hash_of(std::string_view name) {
  std::uint64_t h = 0xCBF29CE484222325u;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return h;
}

}  // namespace

slab_names::slab_names(slab& in) : in_(&in) {
  const auto table = in.tenant();
  // fits: no more names than 31 bits count, however large the table is
  names_max_ = static_cast<std::uint32_t>(std::bit_floor(std::min(table.size() / kBytesPerName, kNamesMost)));
  std::byte* at = table.data();
  counters_ = reinterpret_cast<counters*>(at);
  at += sizeof(counters);
  slots_ = reinterpret_cast<std::atomic<std::uint32_t>*>(at);
  at += std::size_t{2} * names_max_ * sizeof(*slots_);
  entries_ = reinterpret_cast<entry*>(at);
  at += names_max_ * sizeof(entry);
  text_ = reinterpret_cast<char*>(at);
  const auto left = static_cast<std::size_t>(table.data() + table.size() - at);
  text_max_ = static_cast<std::uint32_t>(std::min<std::size_t>(left, std::numeric_limits<std::uint32_t>::max()));
}

std::optional<std::uint32_t> slab_names::find(std::string_view name, std::uint32_t& slot) const {
  const std::uint32_t mask = 2 * names_max_ - 1;
  const auto start = static_cast<std::uint32_t>(hash_of(name));
  for (std::uint32_t probe = 0; probe <= mask; ++probe) {
    slot = (start + probe) & mask;
    const std::uint32_t id = slots_[slot].load(std::memory_order_acquire);
    if (id == 0 || this->name(id) == name) return id;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> slab_names::intern(std::string_view name) {
  if (name.empty()) return 0;
  std::uint32_t slot = 0;
  if (const auto id = find(name, slot); id != 0u) return id;
  const slab::guard locked(*in_);
  if (const auto id = find(name, slot); id != 0u) return id;
  return add(name, slot);
}

std::optional<std::uint32_t> slab_names::add(std::string_view name, std::uint32_t slot) {
  const std::uint32_t made = counters_->made.load(kRelaxed), used = counters_->text_used.load(kRelaxed);
  if (made >= names_max_ || used > text_max_ || name.size() > text_max_ - used) return std::nullopt;
  for (std::size_t i = 0; i < name.size(); ++i) text_[used + i] = name[i];
  entries_[made].begin.store(used, kRelaxed);
  entries_[made].size.store(static_cast<std::uint32_t>(name.size()), kRelaxed);          // fits: at most text_max_
  counters_->text_used.store(used + static_cast<std::uint32_t>(name.size()), kRelaxed);  // fits: at most text_max_
  counters_->made.store(made + 1, std::memory_order_release);
  slots_[slot].store(made + 1, std::memory_order_release);
  return made + 1;
}

std::string_view slab_names::name(std::uint32_t id) const {
  if (id == 0 || id > names_max_ || id > counters_->made.load(std::memory_order_acquire)) return {};
  const std::uint32_t begin = entries_[id - 1].begin.load(kRelaxed), size = entries_[id - 1].size.load(kRelaxed);
  if (begin > text_max_ || size > text_max_ - begin) return {};
  return {text_ + begin, size};
}

}  // namespace copycost
