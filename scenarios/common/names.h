// SPDX-License-Identifier: Apache-2.0
//
// Maps and sets whose keys are names and are looked up with views; and their keys in the order of their bytes, the
// order of everything canonical.
//
// Threads: a value.
// Cost: a hash; sorted() sorts pointers.
#pragma once
#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace copycost {

struct name_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
};
template <class Value>
using name_map = std::unordered_map<std::string, Value, name_hash, std::equal_to<>>;
using name_set = std::unordered_set<std::string, name_hash, std::equal_to<>>;

// The value under a name, which is added where it is not there yet.
template <class Value>
Value& at_name(name_map<Value>& all, std::string_view name) {
  const auto found = all.find(name);
  return found != all.end() ? found->second : all.emplace(std::string(name), Value()).first->second;
}

// Pointers to the map's entries, by name. VALID UNTIL: an entry is removed.
template <class Value>
std::vector<const std::pair<const std::string, Value>*> sorted(const name_map<Value>& all) {
  std::vector<const std::pair<const std::string, Value>*> out;
  out.reserve(all.size());
  for (const auto& entry : all) out.push_back(&entry);
  std::ranges::sort(out, {}, [](const auto* entry) { return std::string_view(entry->first); });
  return out;
}
inline std::vector<std::string_view> sorted(const name_set& all) {  // VALID UNTIL: a name is removed
  std::vector<std::string_view> out(all.begin(), all.end());
  std::ranges::sort(out);
  return out;
}

}  // namespace copycost
