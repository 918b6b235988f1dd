// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/baselines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "harness/base/failure.h"
#include "harness/base/text.h"

namespace copycost {
namespace {

bool same(const baseline_rows& a, const baseline_rows& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.first == y.first && std::ranges::all_of(kExactMetrics, [&](const exact_metric& m) {
             return same_figure(x.second.*m.of, y.second.*m.of);
           });
  });
}

// By number, so that 9 comes before 10.
bool older(const std::string& a, const std::string& b) {
  return std::pair(a.find('.') == std::string::npos ? a.size() : a.find('.'), a) <
         std::pair(b.find('.') == std::string::npos ? b.size() : b.find('.'), b);
}

// What is no longer there when a version says these rows instead: in words, empty when nothing.
std::string what_goes(const baseline& before, const library& of, const baseline_rows& rows, bool others_stay) {
  std::string out;
  const auto lost = std::ranges::count_if(before.rows, [&](const auto& row) { return !rows.contains(row.first); });
  if (lost > 0) out += fmt::format("; {} cells less than before", lost);
  std::vector<std::string> others = before.versions;
  std::erase(others, of.version);
  if (!others.empty() && !others_stay)
    out += fmt::format("; accept {} {} anew, its figures went", before.library, fmt::join(others, ", "));
  return out;
}

}  // namespace

exact_figures exact_figures_of(const judged_row& row) {
  exact_figures out;
  out.verdict = std::string(to_string(row.said.said));
  if (!row.found.error.empty()) return out;
  out.allocs_per_op = row.found.allocs;
  out.alloc_bytes_per_op = row.found.alloc_bytes;
  const testimony& primitive = row.found.seen.primitive;
  if (primitive.says_bytes()) out.primitive_bytes_per_op = primitive.bytes_per_op;
  out.kernel_bytes_per_op = row.found.kernel_bytes;
  out.syscalls_per_op = row.found.syscalls;
  out.mapped_bytes_per_op = row.found.mapped_bytes;
  return out;
}

bool same_figure(const figure& a, const figure& b) { return a == b; }

bool baseline::holds_for(const copycost::library& other) const {
  return library == other.name && std::ranges::find(versions, other.version) != versions.end();
}

std::vector<baseline> read_baselines(const std::string& folder, std::string_view profile) {
  std::error_code error;
  std::vector<std::string> paths;
  for (auto at = std::filesystem::directory_iterator(folder, error);
       !error && at != std::filesystem::directory_iterator(); at.increment(error))
    if (at->path().extension() == ".json") paths.push_back(at->path().string());
  if (error) throw failure(exit_code::usage, folder + ": cannot read the folder of baselines: " + error.message());
  if (paths.empty()) throw failure(exit_code::nothing_ran, folder + ": holds no baseline");
  std::ranges::sort(paths);
  std::vector<baseline> out;
  for (const std::string& path : paths) out.push_back(read_baseline(path, profile));
  return out;
}

std::string keys_of(const std::vector<baseline>& all) {
  std::map<std::string, std::vector<std::string>> versions;
  for (const baseline& one : all)
    versions[one.library].insert(versions[one.library].end(), one.versions.begin(), one.versions.end());
  std::vector<std::string> parts;
  for (auto& [library, found] : versions) {
    std::ranges::sort(found, older);
    parts.push_back(fmt::format("{} {}", library, fmt::join(found, ", ")));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string accept_baseline(const std::string& folder, std::string_view profile, std::vector<baseline>& all,
                            const library& of, const baseline_rows& rows) {
  // Each file is called after the oldest version that it holds for.
  const auto store = [&](baseline& one) {
    std::ranges::sort(one.versions, older);
    const std::string before = one.path;
    one.path = fmt::format("{}/{}-{}.json", folder, one.library, one.versions.front());
    replace_file(one.path, text_of(one, profile));
    if (!before.empty() && before != one.path) std::filesystem::remove(before);
  };
  const auto take = [&](auto&& wanted) {
    const auto found = std::ranges::find_if(all, wanted);
    if (found == all.end()) return std::optional<baseline>();
    std::optional<baseline> out = std::move(*found);
    all.erase(found);
    return out;
  };
  const auto holds = [&](const baseline& one) { return one.holds_for(of); };
  const auto twin = take([&](const baseline& one) { return one.library == of.name && same(one.rows, rows); });
  auto holder = twin && holds(*twin) ? std::nullopt : take(holds);
  const std::string gone = holder ? what_goes(*holder, of, rows, twin.has_value()) : "";
  // Where figures are new, it is not known whether the other versions of the file have them, too.
  baseline next = twin ? *twin : baseline{holder ? holder->path : "", of.name, {}, rows};
  if (!holds(next)) next.versions.push_back(of.version);
  if (twin && holder) {
    std::erase(holder->versions, of.version);
    if (!holder->versions.empty()) {
      store(*holder);
      all.push_back(*holder);
    } else
      std::filesystem::remove(holder->path);
  }
  store(next);
  all.push_back(next);
  return fmt::format("{} {}: {} cells {} {}{}", of.name, of.version, rows.size(),
                     twin ? "equal those of" : "written to", next.path, gone);
}

}  // namespace copycost
