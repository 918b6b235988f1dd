// SPDX-License-Identifier: Apache-2.0
//
// The files of a result directory, read back.
#include <filesystem>

#include "harness/base/failure.h"
#include "harness/output/document.h"
#include "harness/output/result_dir.h"

namespace copycost {
namespace {

figure figure_from(const json& value) {
  if (value.is_number()) return value.number();
  return value.is_string() ? figure(std::string(value.text())) : figure();
}

run_record::fact fact_from(const json& value) {
  if (value.is_null()) return std::nullopt;
  return value.is_string() ? std::string(value.text()) : value.dump();
}

// Throws failure{usage} unless it is an object of this tool and schema.
void check_result(const json& file, const std::string& path) {
  if (file["tool"].text() != "copycost")
    throw failure(exit_code::usage, path + ": not a result of copycost: expected \"tool\": \"copycost\"");
  if (file["schema"].integer(0) != kSchema)
    throw failure(exit_code::usage,
                  path + ": schema " + file["schema"].dump() + ", expected " + std::to_string(kSchema));
}

std::optional<json> read_if_there(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  json file = read_json_file(path);  // no input: a result
  if (file.has("tool") || file.has("schema")) check_result(file, path);
  if (!file["rows"].is_array()) throw failure(exit_code::usage, path + ": \"rows\": expected a list");
  return file;
}

}  // namespace

run_record read_verdicts(const std::string& dir) {
  const std::string path = dir + "/verdicts.json";
  const json file = read_json_file(path);  // no input: a result
  check_result(file, path);
  run_record out;
  for (const json& row : file["rows"].items())
    out.rows[std::string(row["cell"].text("?"))] = {number_of(row["ns"]), number_of(row["low"]), number_of(row["high"]),
                                                    std::string(row["why"].text("no time"))};
  for (const auto& [key, of] : kMachineFacts) out.*of = fact_from(file["machine"][key]);
  out.profile = fact_from(file["profile"]);
  out.seed = fact_from(file["seed"]);
  out.launches = fact_from(file["launches"]);
  out.run_id = fact_from(file["run_id"]);
  out.lists_inputs = file.has("inputs");
  for (const json& one : file["inputs"].items())
    out.inputs.push_back({std::string(one["system"].text("")), std::string(one["name"].text("?")),
                          std::string(one["sha256"].text("?"))});
  out.input = file["input"].text("");
  if (file["complete"].is_bool()) out.complete = file["complete"].boolean();
  out.why = file["why"].text("no reason given");
  return out;
}

std::optional<std::map<std::string, exact_record>> read_audit(const std::string& dir) {
  const auto file = read_if_there(dir + "/audit.json");
  if (!file) return std::nullopt;
  std::map<std::string, exact_record> out;
  for (const json& row : (*file)["rows"].items())
    for (const auto& [key, of] : kExactRecord) out[std::string(row["cell"].text("?"))].*of = figure_from(row[key]);
  return out;
}

std::optional<std::map<std::string, figure>> read_laws(const std::string& dir) {
  const auto file = read_if_there(dir + "/verify.json");
  if (!file) return std::nullopt;
  std::map<std::string, figure> out;
  for (const json& row : (*file)["rows"].items()) {
    std::string name;
    for (const char* key : {"system", "design", "law"})
      name += (name.empty() ? "" : "/") + std::string(row[key].text("?"));
    out[name] = figure_from(row["verdict"]);
  }
  return out;
}

run_record::fact run_id_in(const std::string& path) {
  const json file = read_json_file(path);  // no input: a result
  return fact_from(file.has("context") ? file["context"]["machine"]["run_id"] : file["run_id"]);
}

}  // namespace copycost
