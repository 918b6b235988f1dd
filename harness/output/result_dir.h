// SPDX-License-Identifier: Apache-2.0
//
// A result directory: what a run leaves behind. Files are written to a temporary name and renamed; an incomplete run is
// never written over a complete one.
//
//   results.json   Google Benchmark's JSON, one entry per launch and cell; our fields are additional keys
//   samples.jsonl  every line of every launch
//   verdicts.json  the rows of `run --json`, limits, noise floor, selection, whether the run is complete
//   machine.json   what was measured on
//   audit.json     if `audit -o` was given the same directory; verify.json likewise
//
// Each carries the `run_id` of the run, audit.json and verify.json that of the run that was there when they were
// written: a reader notices files of two runs in one directory.
//
// Threads: one writer at a time.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/clock/evaluate.h"
#include "harness/output/rows.h"

namespace copycost {

// Makes the directory and proves that it can be written to. Throws failure{internal}, before anything is measured.
void prepare_result_dir(const std::string& dir);

// Answers where the results went: `dir`, or `dir`.incomplete when a complete result is there and this one is not.
std::string write_result_dir(const std::string& dir, const run_request& request, const run_samples& samples,
                             const run_rows& rows);

// A result that was read back, as far as results are compared.
struct time_record {
  std::optional<double> ns, low, high;
  std::string why;  // there is no time
};
struct input_record {
  std::string system, name, sha256;
};
struct run_record {
  using fact = std::optional<std::string>;  // as text; absent where the file does not say
  std::map<std::string, time_record> rows;  // by cell
  fact cpu_model, cores_usable, kernel, libc, compiler, compiler_flags, build_type, allocator;
  fact profile, seed, launches, run_id;
  bool lists_inputs = false;
  std::vector<input_record> inputs;
  std::string input;             // their names in one text
  std::optional<bool> complete;  // absent: the file does not say
  std::string why;               // when not
};
// What it says of its machine, by the keys of the file.
inline constexpr std::pair<const char*, run_record::fact run_record::*> kMachineFacts[] = {
    {"cpu_model", &run_record::cpu_model},   {"cores_usable", &run_record::cores_usable},
    {"kernel", &run_record::kernel},         {"libc", &run_record::libc},
    {"compiler", &run_record::compiler},     {"compiler_flags", &run_record::compiler_flags},
    {"build_type", &run_record::build_type}, {"allocator", &run_record::allocator}};

// The exact figures of a cell's audit, and its verdict.
struct exact_record {
  figure allocs_per_op, alloc_bytes_per_op, payload_bytes_copied_per_op, verdict;
};
inline constexpr std::pair<const char*, figure exact_record::*> kExactRecord[] = {
    {"allocs_per_op", &exact_record::allocs_per_op},
    {"alloc_bytes_per_op", &exact_record::alloc_bytes_per_op},
    {"payload_bytes_copied_per_op", &exact_record::payload_bytes_copied_per_op},
    {"verdict", &exact_record::verdict}};

// verdicts.json of a directory. Throws failure{usage}, with the path and the reason, unless it is one of this tool and
// schema.
run_record read_verdicts(const std::string& dir);
// audit.json by cell, and verify.json's verdicts by SYSTEM/DESIGN/LAW, where they are there. Throw failure{usage} for
// one that cannot be read.
std::optional<std::map<std::string, exact_record>> read_audit(const std::string& dir);
std::optional<std::map<std::string, figure>> read_laws(const std::string& dir);
// Of the run that a file of a result belongs to. Throws failure{usage} where there is none.
run_record::fact run_id_in(const std::string& path);
// Of the run whose result is in the directory; empty where there is none, or none that says.
std::string run_id_of(const std::string& dir);

}  // namespace copycost
