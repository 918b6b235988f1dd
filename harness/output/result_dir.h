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
#include <optional>
#include <string>

#include "harness/clock/evaluate.h"

namespace copycost {

// Makes the directory and proves that it can be written to. Throws failure{internal}, before anything is measured.
void prepare_result_dir(const std::string& dir);

// Answers where the results went: `dir`, or `dir`.incomplete when a complete result is there and this one is not.
std::string write_result_dir(const std::string& dir, const run_request& request, const run_samples& samples,
                             const run_rows& rows);

// verdicts.json of a directory, checked for schema and tool. Throws failure{usage} with the path and the reason.
json read_verdicts(const std::string& dir);
// Another file with rows, where there is one. Throws failure{usage} for one that cannot be read.
std::optional<json> read_result_file(const std::string& dir, const std::string& name);
// Throws failure{usage} unless it is an object of this tool and schema.
void check_result(const json& object, const std::string& path);
// Of the run whose result is in the directory; empty where there is none, or none that says.
std::string run_id_of(const std::string& dir);

}  // namespace copycost
