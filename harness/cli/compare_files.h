// SPDX-License-Identifier: Apache-2.0
//
// What two result directories have besides times: exact metrics, laws, and whether the two may be compared at all.
// Absent is not 0 and not equal: a figure, a row or a file that one side lacks is a row of its own.
// Reads files; one call at a time.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "harness/output/result_dir.h"
#include "harness/output/rows.h"

namespace copycost {

struct comparison {
  std::vector<compare_row> rows;
  std::size_t missing = 0;  // rows, files and figures that one side lacks
  void add_missing(compare_row row) {
    rows.push_back(std::move(row));
    ++missing;
  }
};

// A row without a ratio.
compare_row unlike(std::string cell, std::string metric, figure base, figure head, difference said, std::string why);

// audit.json and verify.json of both directories: only what differs. Throws failure{usage} for a file that is none.
void compare_other_files(const std::string& base_dir, const std::string& head_dir, comparison& into);

// One line for each thing by which the two runs differ besides the program: machine, profile, input, seed, selection;
// for a run that is not complete; and for files of another run.
std::vector<std::string> what_differs(const std::vector<std::string>& directories, const run_record& base,
                                      const run_record& head);

}  // namespace copycost
