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
json benchmark_entry(const sample& line, std::int64_t repetitions) {
  const std::string name = line.cell + (line.allocator == "glibc" ? "/allocator:glibc" : "");
  const sample::benchmark_figures reported = line.reported.value_or(sample::benchmark_figures{});
  json out = json::of({{"name", name},
                       {"family_index", 0},
                       {"per_family_instance_index", 0},
                       {"run_name", name},
                       {"run_type", "iteration"},
                       {"repetitions", repetitions},
                       {"repetition_index", line.launch},
                       {"threads", 1},
                       {"iterations", reported.iterations},
                       {"real_time", *line.ns},
                       {"cpu_time", or_null(reported.cpu_ns)},
                       {"time_unit", "ns"}});
  for (const auto& [rate, per_op] :
       {std::pair{"items_per_second", line.items_per_op}, {"bytes_per_second", line.payload_bytes_per_op}})
    if (*line.ns > 0 && per_op) out.set(rate, *per_op / *line.ns * 1e9);
  return out.set("mean_ns", or_null(reported.real_ns)).set("launch", line.launch).set("allocator", line.allocator);
}

json benchmark_file(const run_samples& samples, const json& machine, const std::string& date) {
  json context = json::of({{"date", date},
                           {"host_name", ""},
                           {"executable", "copycost-clock"},
                           {"num_cpus", static_cast<std::int64_t>(std::thread::hardware_concurrency())},
                           {"mhz_per_cpu", 0},
                           {"cpu_scaling_enabled", false},
                           {"caches", json::array{}},
                           {"load_avg", json::array{}},
                           {"library_build_type", "release"}});
  json entries = json::array{};
  for (const sample& line : samples.lines)
    if (!line.cell.empty() && line.ns && !line.twin) entries.push(benchmark_entry(line, samples.launches));
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
    return read_verdicts(dir).complete.value_or(false);
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
  env::machine_info here = env::inspect();
  // This process has its allocator behind the hooks; the launches have it plain.
  here.allocator =
      here.allocator.substr(0, here.allocator.find(" behind")) + " in the launches; glibc's in second rows";
  json machine = machine_json(here);
  if (!request.id.empty()) machine.set("run_id", request.id);
  std::string lines;
  for (const sample& line : samples.lines) lines += to_json(line).dump() + "\n";
  json verdicts = document(request.seed, json_rows(rows.cells), rows.correct && complete);
  verdicts.set("machine", machine)
      .set("profile", to_string(request.how))
      .set("launches", samples.launches)
      .set("complete", complete)
      .set("why", samples.complete ? rows.why : samples.why);
  if (!request.id.empty()) verdicts.set("run_id", request.id).set("selection", request.selection);
  verdicts.set("input", input_text()).set("limits", json_rows(rows.limits)).set("noise_floor", rows.noise_floor);
  replace_files(std::array<file_content, 4>{
      {{to + "/machine.json", machine.dump(1) + "\n"},
       {to + "/samples.jsonl", std::move(lines)},
       {to + "/results.json", benchmark_file(samples, machine, here.date_utc).dump(1) + "\n"},
       {to + "/verdicts.json", verdicts.dump(1) + "\n"}}});
  return to;
}

std::string run_id_of(const std::string& dir) {
  try {
    return read_verdicts(dir).run_id.value_or("");
  } catch (const failure&) {
    return {};
  }
}

}  // namespace copycost
