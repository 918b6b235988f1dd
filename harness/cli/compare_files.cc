// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/compare_files.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "harness/base/failure.h"

namespace copycost {
namespace {

// One metric of one cell: nothing where both say the same.
void compare_metric(const std::string& cell, const char* metric, const figure& base, const figure& head,
                    comparison& into) {
  if (base == head) return;
  if (is_absent(base) || is_absent(head))
    return into.add_missing(unlike(cell, metric, base, head, difference::not_measured,
                                   is_absent(base) ? "no figure in base" : "no figure in head"));
  compare_row row = unlike(cell, metric, base, head, difference::changed, "");
  row.ratio = times(base, head);
  into.rows.push_back(std::move(row));
}

// What one side has and the other lacks.
void only_in(bool base, const std::string& name, const char* metric, comparison& into) {
  into.add_missing(base ? unlike(name, metric, "there", {}, difference::missing, "only in the first directory")
                        : unlike(name, metric, {}, "there", difference::not_in_base, "only in the second directory"));
}

// One file, where both sides have it: its rows by key; `each` compares two rows of the same key.
template <class Row, class Each>
void compare_rows(const char* file, const std::optional<std::map<std::string, Row>>& before,
                  const std::optional<std::map<std::string, Row>>& after, const char* metric, comparison& into,
                  Each each) {
  if (!before && !after) return;
  if (!before || !after) return only_in(before.has_value(), file, "file", into);
  for (const auto& [key, row] : *before) {
    const auto there = after->find(key);
    if (there != after->end())
      each(key, row, there->second);
    else
      only_in(true, key, metric, into);
  }
  for (const auto& [key, row] : *after)
    if (!before->contains(key)) only_in(false, key, metric, into);
}

void differ(std::vector<std::string>& notes, std::string_view what, const run_record::fact& base,
            const run_record::fact& head) {
  const auto shown = [](const run_record::fact& f) { return !f ? "not known" : f->empty() ? "none" : *f; };
  if (base != head) notes.push_back(fmt::format("different {}: {} and {}", what, shown(base), shown(head)));
}

// An input is its bytes: under another name it is the same.
std::vector<std::string> digests_of(const run_record& run) {
  std::vector<std::string> out;
  for (const input_record& one : run.inputs) out.push_back(one.system + "=" + one.sha256);
  return out;
}

std::string inputs_of(const run_record& run) {
  constexpr std::size_t kShown = 12;
  std::string out;
  for (const input_record& one : run.inputs)
    out += fmt::format("{}{} (sha256 {})", out.empty() ? "" : ", ", one.name, one.sha256.substr(0, kShown));
  return out.empty() ? run.input : out;
}

// Files of a directory that belong to another run than its times do.
void foreign_files(std::vector<std::string>& notes, const std::string& dir, const run_record& run) {
  for (const char* name : {"audit.json", "verify.json", "machine.json", "results.json"}) {
    try {
      if (run_id_in(dir + "/" + name) != run.run_id)
        notes.push_back(fmt::format("{}/{} is of another run than the times beside it", dir, name));
    } catch (const failure&) {
      continue;  // not there; one that should be read is complained of where it is
    }
  }
}

}  // namespace

compare_row unlike(std::string cell, std::string metric, figure base, figure head, difference said, std::string why) {
  compare_row row;
  row.cell = std::move(cell);
  row.metric = std::move(metric);
  row.base = std::move(base);
  row.head = std::move(head);
  row.said = said;
  row.why = std::move(why);
  return row;
}

void compare_other_files(const std::string& base_dir, const std::string& head_dir, comparison& into) {
  compare_rows("audit.json", read_audit(base_dir), read_audit(head_dir), "audit", into,
               [&](const std::string& cell, const exact_record& a, const exact_record& b) {
                 for (const auto& [metric, of] : kExactRecord) compare_metric(cell, metric, a.*of, b.*of, into);
                 if (is_absent(a.allocs_per_op) && is_absent(b.allocs_per_op))
                   into.rows.push_back(unlike(cell, "audit", {}, {}, difference::not_measured, "no figures"));
               });
  compare_rows(
      "verify.json", read_laws(base_dir), read_laws(head_dir), "law", into,
      [&](const std::string& law, const figure& a, const figure& b) { compare_metric(law, "verdict", a, b, into); });
}

std::vector<std::string> what_differs(const std::vector<std::string>& directories, const run_record& base,
                                      const run_record& head) {
  std::vector<std::string> notes;
  for (const auto& [key, of] : kMachineFacts)
    differ(notes, of == &run_record::cpu_model ? "machines" : key, base.*of, head.*of);
  differ(notes, "profiles", base.profile, head.profile);
  if (digests_of(base) != digests_of(head) || !(base.lists_inputs || head.lists_inputs))
    differ(notes, "inputs", inputs_of(base), inputs_of(head));
  differ(notes, "seeds", base.seed, head.seed);
  differ(notes, "numbers of launches", base.launches, head.launches);
  const run_record* sides[] = {&base, &head};
  for (std::size_t i = 0; i < 2; ++i) {
    if (!sides[i]->complete.value_or(true))
      notes.push_back(fmt::format("{} is not complete: {}", directories[i], sides[i]->why));
    foreign_files(notes, directories[i], *sides[i]);
  }
  return notes;
}

}  // namespace copycost
