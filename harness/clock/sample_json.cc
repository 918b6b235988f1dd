// SPDX-License-Identifier: Apache-2.0
#include "harness/base/json_rows.h"
#include "harness/clock/latency_json.h"
#include "harness/clock/plan.h"
#include "harness/clock/sample.h"

namespace copycost {
namespace {

std::string text(const json& value) { return std::string(value.text()); }

template <class T>
void set(json& row, const char* key, const std::optional<T>& value) {
  if (value) row.set(key, *value);
}

standing standing_from(std::string_view word) {
  for (const standing s : {standing::disk, standing::memory, standing::unsynced})
    if (to_string(s) == word) return s;
  return standing::unknown;
}

file_place place_from(const json& said) {
  return {text(said["file_system"]), text(said["device"]), text(said["mount_point"]), standing_from(said["is"].text()),
          text(said["why_not_durable"])};
}

exit_code code_from(const json& value) {
  return static_cast<exit_code>(value.integer(static_cast<int>(exit_code::internal)));
}

void add_cell(json& row, const sample& s) {
  row.set("cell", s.cell);
  if (!s.reported) row.set("launch", s.launch);
  if (s.twin) row.set("twin", true);
  if (s.place) row.set("place", to_json(*s.place));
  set(row, "ns", s.ns);
  set(row, "ops", s.ops);
  if (!s.batches.empty()) row.set("batches", json::array(s.batches.begin(), s.batches.end()));
  set(row, "items_per_op", s.items_per_op);
  set(row, "payload_bytes_per_op", s.payload_bytes_per_op);
  set(row, "overlap", s.overlap);
  if (s.latencies != nullptr) row.set("latencies", histogram_json(*s.latencies));
}

void add_limit_figures(json& row, const sample& s) {
  add_limit(row.set("launch", s.launch), s.limit);
  set(row, "ns", s.ns);
  set(row, "best_ns", s.best_ns);
  set(row, "bytes_per_second", s.bytes_per_second);
  set(row, "bytes", s.bytes);
}

}  // namespace

json to_json(const file_place& p) {
  return json::of({{"file_system", p.file_system},
                   {"device", p.device},
                   {"mount_point", p.mount_point},
                   {"is", to_string(p.is)},
                   {"why_not_durable", p.why_not_durable}});
}

json to_json(const sample& s) {
  json row = json::object{};
  if (s.met)
    row.set("launch", s.launch).set("circumstances", to_json(*s.met));
  else if (s.cell.empty())
    add_limit_figures(row, s);
  else
    add_cell(row, s);
  set(row, "error", s.error);
  if (s.code) row.set("code", static_cast<int>(*s.code));
  if (s.reported) {
    row.set("launch", s.launch).set("iterations", s.reported->iterations);
    set(row, "real_time", s.reported->real_ns);
    set(row, "cpu_ns", s.reported->cpu_ns);
  }
  if (!s.allocator.empty()) row.set("allocator", s.allocator);
  return s.run_id.empty() ? row : row.set("run_id", s.run_id);
}

sample sample_from_json(const json& line) {
  sample s;
  s.cell = text(line["cell"]);
  s.limit = limit_of(line);
  if (line.has("circumstances")) s.met = circumstances_from(line["circumstances"]);
  s.launch = line["launch"].integer();
  s.allocator = text(line["allocator"]);
  s.run_id = text(line["run_id"]);
  s.twin = line["twin"].boolean(false);
  s.ns = number_of(line["ns"]);
  if (line.has("error")) s.error = line["error"].text("no reason given");
  if (line.has("code")) s.code = code_from(line["code"]);
  if (line["place"].is_object()) s.place = place_from(line["place"]);
  if (line["ops"].is_number()) s.ops = static_cast<std::uint64_t>(line["ops"].integer());
  for (const json& ns : line["batches"].items()) s.batches.push_back(ns.number());
  s.items_per_op = number_of(line["items_per_op"]);
  s.payload_bytes_per_op = number_of(line["payload_bytes_per_op"]);
  s.overlap = number_of(line["overlap"]);
  if (line.has("latencies")) s.latencies = std::make_shared<latency_histogram>(histogram_from(line["latencies"]));
  if (line["iterations"].is_number())
    s.reported = {line["iterations"].integer(), number_of(line["real_time"]), number_of(line["cpu_ns"])};
  s.best_ns = number_of(line["best_ns"]);
  s.bytes_per_second = number_of(line["bytes_per_second"]);
  s.bytes = number_of(line["bytes"]);
  return s;
}

bool is_calibration(const json& line) { return line.has("equal"); }

// "equal" is null where nothing could be compared: that is not false.
json to_json(const calibration_row& row) {
  json out = json::of({{"cell", row.cell},
                       {"equal", row.said == likeness::could_not ? json() : json(row.said == likeness::equal)},
                       {"why", row.why},
                       {"code", static_cast<int>(row.code)}});
  if (row.known)
    out.set("judge_ns", row.known->judge_ns)
        .set("setup_ns", row.known->setup_ns)
        .set("ns", row.known->ns)
        .set("paused_ns", row.known->paused_ns)
        .set("batch_ns", row.known->batch_ns);
  return out;
}

calibration_row calibration_from_json(const json& line) {
  calibration_row out{text(line["cell"]), likeness::could_not, std::string(line["why"].text("no reason given")),
                      code_from(line["code"]), std::nullopt};
  const json& equal = line["equal"];
  if (!equal.is_bool()) return out;
  out.said = equal.boolean() ? likeness::equal : likeness::different;
  if (equal.boolean())
    out.known = {.ns = line["ns"].number(),
                 .setup_ns = line["setup_ns"].number(),
                 .batch_ns = line["batch_ns"].number(),
                 .judge_ns = line["judge_ns"].number(),
                 .paused_ns = line["paused_ns"].number()};
  return out;
}

}  // namespace copycost
