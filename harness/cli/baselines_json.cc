// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/failure.h"
#include "harness/cli/baselines.h"
#include "harness/output/document.h"

namespace copycost {
namespace {

constexpr std::string_view kKind = "exact baseline";

exact_figures figures_from(const json& row) {
  exact_figures out;
  for (const exact_metric& m : kExactMetrics) {
    const json& value = row[m.name];
    if (value.is_number()) out.*m.of = value.number();
    if (value.is_string()) out.*m.of = std::string(value.text());
  }
  return out;
}

json figures_json(const exact_figures& row) {
  json out = json::object{};
  for (const exact_metric& m : kExactMetrics) out.set(m.name, to_json(row.*m.of));
  return out;
}

}  // namespace

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
  for (const auto& [cell, row] : file["cells"].members()) out.rows[cell] = figures_from(row);
  return out;
}

// One row a line, so that a change is read in a diff.
std::string text_of(const baseline& one, std::string_view profile) {
  std::vector<std::string> versions, rows;
  for (const std::string& version : one.versions) versions.push_back(json(version).dump());
  for (const auto& [cell, row] : one.rows)
    rows.push_back(fmt::format("  {}: {}", json(cell).dump(), figures_json(row).dump()));
  return fmt::format(
      "{{\"schema\": {}, \"tool\": \"copycost\", \"kind\": \"{}\", \"profile\": \"{}\",\n \"library\": {}, "
      "\"versions\": "
      "[{}],\n \"cells\": {{\n{}\n }}\n}}\n",
      kSchema, kKind, profile, json(one.library).dump(), fmt::join(versions, ", "), fmt::join(rows, ",\n"));
}

}  // namespace copycost
