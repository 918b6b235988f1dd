// SPDX-License-Identifier: Apache-2.0
#include "harness/output/result_dir.h"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <thread>

#include "harness/base/failure.h"
#include "harness/base/input/input.h"
#include "harness/base/text.h"
#include "harness/output/document.h"

namespace copycost {
namespace {

namespace fs = std::filesystem;

// One entry of Google Benchmark's JSON: what its compare.py and the services read, then our fields.
json benchmark_entry(const json& line, std::int64_t repetitions) {
  const std::string_view cell = line["cell"].text();
  const std::string name = std::string(cell) + (line["allocator"].text() == "glibc" ? "/allocator:glibc" : "");
  json out = json::of({{"name", name},
                       {"family_index", 0},
                       {"per_family_instance_index", 0},
                       {"run_name", name},
                       {"run_type", "iteration"},
                       {"repetitions", repetitions},
                       {"repetition_index", line["launch"]},
                       {"threads", 1},
                       {"iterations", line["iterations"]},
                       {"real_time", line["ns"]},
                       {"cpu_time", line["cpu_ns"]},
                       {"time_unit", "ns"}});
  const double ns = line["ns"].number(0);
  for (const auto& [rate, per_op] :
       {std::pair{"items_per_second", "items_per_op"}, {"bytes_per_second", "payload_bytes_per_op"}})
    if (ns > 0 && line[per_op].is_number()) out.set(rate, line[per_op].number() / ns * 1e9);
  return out.set("mean_ns", line["real_time"]).set("launch", line["launch"]).set("allocator", line["allocator"]);
}

json benchmark_file(const run_samples& samples, const json& machine) {
  json context = json::of({{"date", machine["date_utc"]},
                           {"host_name", ""},
                           {"executable", "copycost-clock"},
                           {"num_cpus", static_cast<std::int64_t>(std::thread::hardware_concurrency())},
                           {"mhz_per_cpu", 0},
                           {"cpu_scaling_enabled", false},
                           {"caches", json::array{}},
                           {"load_avg", json::array{}},
                           {"library_build_type", "release"}});
  json entries = json::array{};
  for (const json& line : samples.lines)
    if (line.has("cell") && line["ns"].is_number() && !line["twin"].boolean(false))
      entries.push(benchmark_entry(line, samples.launches));
  return json::of({{"context", context.set("machine", machine)}, {"benchmarks", entries}});
}

// The inputs' names, for those who read one text.
std::string input_text() {
  std::string out;
  for (const input_set::entry& e : current_inputs().all())
    out += (out.empty() ? "" : " ") + shell_word_of_printable((e.system.empty() ? "" : e.system + "=") + e.file.name);
  return out;
}

bool holds_complete_result(const std::string& dir) {
  std::error_code error;
  if (!fs::exists(fs::path(dir) / "verdicts.json", error)) return false;
  try {
    return read_verdicts(dir)["complete"].boolean(false);
  } catch (const failure&) {
    return false;
  }
}

}  // namespace

void prepare_result_dir(const std::string& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (error) throw failure(exit_code::internal, dir + ": cannot make the result directory: " + error.message());
  const std::string probe = dir + "/.probe" + std::to_string(getpid());
  replace_file(probe, "can be written\n");
  fs::remove(probe, error);
}

std::string write_result_dir(const std::string& dir, const run_request& request, const run_samples& samples,
                             const run_rows& rows) {
  const bool complete = samples.complete && rows.complete;
  const std::string to = !complete && holds_complete_result(dir) ? dir + ".incomplete" : dir;
  prepare_result_dir(to);
  json machine = machine_json();  // of this process, whose allocator is behind the hooks; the launches have it plain
  const std::string_view allocator = machine["allocator"].text();
  machine.set("allocator",
              std::string(allocator.substr(0, allocator.find(" behind"))) + " in the launches; glibc's in second rows");
  if (!request.id.empty()) machine.set("run_id", request.id);
  std::string lines;
  for (const json& line : samples.lines) lines += line.dump() + "\n";
  json verdicts = document(request.seed, rows.cells, rows.correct && complete);
  verdicts.set("machine", machine)
      .set("profile", to_string(request.how))
      .set("launches", samples.launches)
      .set("complete", complete)
      .set("why", samples.complete ? rows.why : samples.why);
  if (!request.id.empty()) verdicts.set("run_id", request.id).set("selection", request.selection);
  verdicts.set("input", input_text()).set("limits", json(rows.limits)).set("noise_floor", rows.noise_floor);
  replace_files(std::array<file_content, 4>{{{to + "/machine.json", machine.dump(1) + "\n"},
                                             {to + "/samples.jsonl", std::move(lines)},
                                             {to + "/results.json", benchmark_file(samples, machine).dump(1) + "\n"},
                                             {to + "/verdicts.json", verdicts.dump(1) + "\n"}}});
  return to;
}

std::optional<json> read_result_file(const std::string& dir, const std::string& name) {
  const std::string path = dir + "/" + name;
  std::error_code error;
  if (!fs::exists(path, error)) return std::nullopt;
  json out = read_json_file(path);  // no input: a result
  if (out.has("tool") || out.has("schema")) check_result(out, path);
  if (!out["rows"].is_array()) throw failure(exit_code::usage, path + ": \"rows\": expected a list");
  return out;
}

std::string run_id_of(const std::string& dir) {
  try {
    return std::string(read_verdicts(dir)["run_id"].text(""));
  } catch (const failure&) {
    return {};
  }
}

json read_verdicts(const std::string& dir) {
  const std::string path = dir + "/verdicts.json";
  json out = read_json_file(path);  // no input: a result
  check_result(out, path);
  return out;
}

void check_result(const json& out, const std::string& path) {
  if (out["tool"].text() != "copycost")
    throw failure(exit_code::usage, path + ": not a result of copycost: expected \"tool\": \"copycost\"");
  if (out["schema"].integer(0) != kSchema)
    throw failure(exit_code::usage,
                  path + ": schema " + out["schema"].dump() + ", expected " + std::to_string(kSchema));
}

}  // namespace copycost
