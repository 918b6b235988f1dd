// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/compare_files.h"

#include <fmt/format.h>

#include <optional>

#include "harness/base/failure.h"
#include "harness/core/verdict.h"
#include "harness/output/result_dir.h"

namespace copycost {
namespace {

constexpr const char* kExact[] = {"allocs_per_op", "alloc_bytes_per_op", "payload_bytes_copied_per_op"};

json bare(std::string_view cell, std::string_view metric, const json& base, const json& head) {
  return json::of({{"cell", cell}, {"metric", metric}, {"base", base}, {"head", head}});
}

// One metric of one cell: nothing where both say the same.
void compare_metric(std::string_view cell, const char* metric, const json& base, const json& head, comparison& into) {
  if (base == head) return;
  json row = bare(cell, metric, base, head);
  if (base.is_null() || head.is_null())
    return into.add_missing(
        unlike(row, to_string(verdict::not_measured), base.is_null() ? "no figure in base" : "no figure in head"));
  const bool numbers = base.is_number() && head.is_number() && base.number() > 0;
  row = unlike(std::move(row), "changed", "");
  into.rows.push_back(row.set("ratio", numbers ? json(head.number() / base.number()) : json()));
}

// Rows of one file by key, on both sides; `each` compares two rows of the same key.
template <class Each>
void compare_rows(const std::map<std::string, const json*>& before, const std::map<std::string, const json*>& after,
                  const char* metric, comparison& into, Each each) {
  for (const auto& [key, row] : before) {
    const auto there = after.find(key);
    if (there != after.end())
      each(key, *row, *there->second);
    else
      into.add_missing(unlike(bare(key, metric, "there", json()), "missing", "only in the first directory"));
  }
  for (const auto& [key, row] : after)
    if (!before.contains(key))
      into.add_missing(unlike(bare(key, metric, json(), "there"), "not in base", "only in the second directory"));
}

void compare_audits(const json& base, const json& head, comparison& into) {
  compare_rows(rows_by_cell(base), rows_by_cell(head), "audit", into,
               [&](const std::string& cell, const json& a, const json& b) {
                 for (const char* metric : kExact) compare_metric(cell, metric, a[metric], b[metric], into);
                 compare_metric(cell, "verdict", a["verdict"], b["verdict"], into);
                 if (a[kExact[0]].is_null() && b[kExact[0]].is_null())
                   into.rows.push_back(
                       unlike(bare(cell, "audit", json(), json()), to_string(verdict::not_measured), "no figures"));
               });
}

std::map<std::string, const json*> laws_of(const json& file) {
  std::map<std::string, const json*> out;
  for (const json& row : file["rows"].items())
    out[fmt::format("{}/{}/{}", row["system"].text("?"), row["design"].text("?"), row["law"].text("?"))] = &row;
  return out;
}

void compare_laws(const json& base, const json& head, comparison& into) {
  compare_rows(laws_of(base), laws_of(head), "law", into, [&](const std::string& law, const json& a, const json& b) {
    compare_metric(law, "verdict", a["verdict"], b["verdict"], into);
  });
}

void differ(std::vector<std::string>& notes, const char* what, const json& base, const json& head) {
  const auto shown = [](const json& v) {
    const bool none = v.is_string() && v.text().empty();
    return v.is_null() ? "not known" : none ? "none" : v.is_string() ? std::string(v.text()) : v.dump();
  };
  if (!(base == head)) notes.push_back(fmt::format("different {}: {} and {}", what, shown(base), shown(head)));
}

// An input is its bytes: under another name it is the same.
json digests_of(const json& verdicts) {
  json out = json::array{};
  for (const json& one : verdicts["inputs"].items())
    out.push(fmt::format("{}={}", one["system"].text(""), one["sha256"].text("")));
  return out;
}

std::string inputs_of(const json& verdicts) {
  constexpr std::size_t kShown = 12;
  std::string out;
  for (const json& one : verdicts["inputs"].items())
    out += fmt::format("{}{} (sha256 {})", out.empty() ? "" : ", ", one["name"].text("?"),
                       one["sha256"].text("?").substr(0, kShown));
  return out.empty() ? std::string(verdicts["input"].text("")) : out;
}

// Files of a directory that belong to another run than its times do.
void foreign_files(std::vector<std::string>& notes, const std::string& dir, const json& verdicts) {
  const json& id = verdicts["run_id"];
  for (const char* name : {"audit.json", "verify.json", "machine.json", "results.json"}) {
    std::optional<json> file;
    try {
      file = read_json_file(dir + "/" + name);
    } catch (const failure&) {
      continue;  // not there; one that should be read is complained of where it is
    }
    const json& own = file->has("context") ? (*file)["context"]["machine"]["run_id"] : (*file)["run_id"];
    if (!(own == id)) notes.push_back(fmt::format("{}/{} is of another run than the times beside it", dir, name));
  }
}

}  // namespace

std::map<std::string, const json*> rows_by_cell(const json& file) {
  std::map<std::string, const json*> out;
  for (const json& row : file["rows"].items()) out[std::string(row["cell"].text("?"))] = &row;
  return out;
}

json unlike(json row, std::string_view verdict, std::string_view why) {
  for (const char* key : {"ratio", "low", "high", "detectable"}) row.set(key, nullptr);
  return row.set("verdict", verdict).set("why", why);
}

void compare_other_files(const std::string& base_dir, const std::string& head_dir, comparison& into) {
  using comparing = void (*)(const json&, const json&, comparison&);
  constexpr std::pair<const char*, comparing> kFiles[] = {{"audit.json", compare_audits},
                                                          {"verify.json", compare_laws}};
  for (const auto& [name, compare] : kFiles) {
    const auto base = read_result_file(base_dir, name), head = read_result_file(head_dir, name);
    if (base && head)
      compare(*base, *head, into);
    else if (base)
      into.add_missing(unlike(bare(name, "file", "there", json()), "missing", "only in the first directory"));
    else if (head)
      into.add_missing(unlike(bare(name, "file", json(), "there"), "not in base", "only in the second directory"));
  }
}

std::vector<std::string> what_differs(const std::vector<std::string>& directories, const json& base, const json& head) {
  std::vector<std::string> notes;
  const json &here = base["machine"], &there = head["machine"];
  differ(notes, "machines", here["cpu_model"], there["cpu_model"]);
  for (const char* key : {"cores_usable", "kernel", "libc", "compiler", "compiler_flags", "build_type", "allocator"})
    differ(notes, key, here[key], there[key]);
  differ(notes, "profiles", base["profile"], head["profile"]);
  if (!(digests_of(base) == digests_of(head)) || !(base.has("inputs") || head.has("inputs")))
    differ(notes, "inputs", inputs_of(base), inputs_of(head));
  differ(notes, "seeds", base["seed"], head["seed"]);
  differ(notes, "numbers of launches", base["launches"], head["launches"]);
  const json* sides[] = {&base, &head};
  for (std::size_t i = 0; i < 2; ++i) {
    const json& complete = (*sides[i])["complete"];
    if (complete.is_bool() && !complete.boolean())
      notes.push_back(
          fmt::format("{} is not complete: {}", directories[i], (*sides[i])["why"].text("no reason given")));
    foreign_files(notes, directories[i], *sides[i]);
  }
  return notes;
}

}  // namespace copycost
