// SPDX-License-Identifier: Apache-2.0
#include "harness/core/registry.h"

#include <array>

namespace copycost {
namespace {

constexpr std::array<std::string_view, 8> kClasses = {"ingest",  "share",  "read_once", "read_many",
                                                      "fan_out", "retain", "hand_over", "recover"};
constexpr std::array<std::string_view, 4> kOwnerships = {"unsaid", "copies", "counted", "region"};
constexpr std::array<std::string_view, 4> kProfiles = {"smoke", "quick", "full", "soak"};

// Cuts the next `separator`-delimited word off the front of `text`.
std::string_view next_word(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view word = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return word;
}

}  // namespace

std::string_view to_string(workload_class c) { return kClasses[static_cast<std::size_t>(c)]; }
std::string_view to_string(ownership o) { return kOwnerships[static_cast<std::size_t>(o)]; }
std::string_view to_string(profile p) { return kProfiles[static_cast<std::size_t>(p)]; }

const system_entry* find_system(std::string_view name) {
  for (const system_entry& s : all_systems())
    if (s.name == name) return &s;
  return nullptr;
}

const design_entry* find_design(const system_entry& system, std::string_view name) {
  for (const design_entry* d : system.designs)
    if (d->name == name) return d;
  return nullptr;
}

std::string cell::group() const {
  std::string out = std::string(system->name) + "/" + std::string(workload->traits.name);
  const std::string tail = at.to_string();
  return tail.empty() ? out : out + "/" + tail;
}

std::string cell::name() const {
  std::string out =
      std::string(system->name) + "/" + std::string(workload->traits.name) + "/design:" + std::string(design->name);
  const std::string tail = at.to_string();
  return tail.empty() ? out : out + "/" + tail;
}

const promise* cell::promised() const {
  for (const promise& p : design->promises)
    if (p.workload == workload->traits.name) return &p;
  return nullptr;
}

double cell::promised_copies() const {
  const promise* p = promised();
  return p != nullptr && p->copied != nullptr ? p->copied(at) : 0;
}

std::vector<cell> cells_of(profile p) {
  std::vector<cell> out;
  for (const system_entry& s : all_systems())
    for (const design_entry* d : s.designs)
      for (const workload_entry& w : d->workloads)
        for (params& at : w.points(p)) out.push_back({&s, d, &w, std::move(at)});
  return out;
}

std::optional<cell> find_cell(std::string_view name) {
  const std::string_view system = next_word(name, '/'), workload = next_word(name, '/');
  std::string_view design = next_word(name, '/');
  if (design.substr(0, 7) != "design:") return std::nullopt;
  design.remove_prefix(7);
  params at;
  while (!name.empty()) {
    std::string_view word = next_word(name, '/');
    const std::string_view key = next_word(word, ':');
    at.set(key, word);
  }
  const system_entry* s = find_system(system);
  const design_entry* d = s != nullptr ? find_design(*s, design) : nullptr;
  if (d == nullptr) return std::nullopt;
  for (const workload_entry& w : d->workloads)
    if (w.traits.name == workload) return cell{s, d, &w, std::move(at)};
  return std::nullopt;
}

}  // namespace copycost
