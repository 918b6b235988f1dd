// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/baselines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "harness/base/failure.h"
#include "harness/base/text.h"
#include "harness/output/document.h"

namespace copycost {
namespace {

constexpr std::string_view kKind = "exact baseline";

bool same(const baseline_rows& a, const baseline_rows& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.first == y.first && std::ranges::all_of(kExactMetrics, [&](const exact_metric& m) {
             return same_figure(x.second[m.name], y.second[m.name]);
           });
  });
}

baseline read_baseline(const std::string& path, std::string_view profile) {
  const json file = read_json_file(path);
  if (file["tool"].text() != "copycost" || file["kind"].text() != kKind || file["schema"].integer() != kSchema ||
      file["library"].text().empty() || file["versions"].items().empty())
    throw failure(exit_code::usage, fmt::format("{}: not an {} of schema {}", path, kKind, kSchema));
  if (file["profile"].text() != profile)
    throw failure(exit_code::usage, fmt::format("{}: is of profile {}, not {}", path, file["profile"].text(), profile));
  if (file["cells"].members().empty()) throw failure(exit_code::nothing_ran, path + ": holds no cells");
  baseline out{path, std::string(file["library"].text()), {}, {}};
  for (const json& version : file["versions"].items()) out.versions.emplace_back(version.text());
  for (const auto& [cell, row] : file["cells"].members()) out.rows[cell] = row;
  return out;
}

// One row a line, so that a change is read in a diff.
std::string text_of(const baseline& one, std::string_view profile) {
  std::vector<std::string> versions, rows;
  for (const std::string& version : one.versions) versions.push_back(json(version).dump());
  for (const auto& [cell, row] : one.rows) rows.push_back(fmt::format("  {}: {}", json(cell).dump(), row.dump()));
  return fmt::format(
      "{{\"schema\": {}, \"tool\": \"copycost\", \"kind\": \"{}\", \"profile\": \"{}\",\n \"library\": {}, "
      "\"versions\": "
      "[{}],\n \"cells\": {{\n{}\n }}\n}}\n",
      kSchema, kKind, profile, json(one.library).dump(), fmt::join(versions, ", "), fmt::join(rows, ",\n"));
}

// By number, so that 9 comes before 10.
bool older(const std::string& a, const std::string& b) {
  return std::pair(a.find('.') == std::string::npos ? a.size() : a.find('.'), a) <
         std::pair(b.find('.') == std::string::npos ? b.size() : b.find('.'), b);
}

}  // namespace

json exact_metrics_of(const json& row) {
  json out = json::object{};
  for (const exact_metric& m : kExactMetrics) {
    json value = row;
    for (const std::string& key : split(m.place, '/')) value = json(value[key]);
    out.set(m.name, std::move(value));
  }
  return out;
}

bool same_figure(const json& a, const json& b) {
  return a.is_number() && b.is_number() ? a.number() == b.number() : a == b;
}

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
  return fmt::format("{} {}: {} cells {} {}", of.name, of.version, rows.size(), twin ? "equal those of" : "written to",
                     next.path);
}

}  // namespace copycost
