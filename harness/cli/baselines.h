// SPDX-License-Identifier: Apache-2.0
//
// The committed baselines of exact metrics: a folder with one file for each library that figures depend on, and for
// each version of it that changes them (ci/baselines/exact). A file names the versions that it was found to hold for.
//
// Threads: one at a time.
#pragma once
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/libraries.h"
#include "harness/judge/promises.h"
#include "harness/output/rows.h"

namespace copycost {

// What is identical on every repetition and across compilers. Absent where the audit of a cell has no such figure.
struct exact_figures {
  figure allocs_per_op = {}, alloc_bytes_per_op = {};
  figure primitive_bytes_per_op = {};  // what the primitive witness saw
  figure kernel_bytes_per_op = {}, syscalls_per_op = {}, mapped_bytes_per_op = {};
  figure verdict = {};
};
// Their names in a baseline. One line a metric.
struct exact_metric {
  const char* name;
  figure exact_figures::*of;
};
inline constexpr exact_metric kExactMetrics[] = {
    {"allocs_per_op", &exact_figures::allocs_per_op},
    {"alloc_bytes_per_op", &exact_figures::alloc_bytes_per_op},
    {"primitive_bytes_per_op", &exact_figures::primitive_bytes_per_op},
    {"kernel_bytes_per_op", &exact_figures::kernel_bytes_per_op},
    {"syscalls_per_op", &exact_figures::syscalls_per_op},
    {"mapped_bytes_per_op", &exact_figures::mapped_bytes_per_op},
    {"verdict", &exact_figures::verdict},
};
static_assert(sizeof(exact_figures) == std::size(kExactMetrics) * sizeof(figure));

exact_figures exact_figures_of(const judged_row& row);

// 1 and 1.0 are the same figure.
bool same_figure(const figure& a, const figure& b);

using baseline_rows = std::map<std::string, exact_figures>;  // by cell

struct baseline {
  std::string path, library;
  std::vector<std::string> versions;  // that it holds for
  baseline_rows rows;

  bool holds_for(const copycost::library& other) const;
};

// One file, and the text of one. Throws as read_baselines() does.
baseline read_baseline(const std::string& path, std::string_view profile);
std::string text_of(const baseline& one, std::string_view profile);

// All of a folder, by file name. Throws failure{usage} for a folder or a file that is none, or of another profile;
// failure{nothing_ran} when there is none, or one without rows.
std::vector<baseline> read_baselines(const std::string& folder, std::string_view profile);

// "absl 20220623, 20240722; libstdc++ 12": what there are baselines for.
std::string keys_of(const std::vector<baseline>& all);

// Makes `rows` the baseline of a library: adds its version to a file that says the same, or writes the file of that
// version anew. Answers what it did, in one line. Throws failure{internal} when a file cannot be written.
std::string accept_baseline(const std::string& folder, std::string_view profile, std::vector<baseline>& all,
                            const library& of, const baseline_rows& rows);

}  // namespace copycost
