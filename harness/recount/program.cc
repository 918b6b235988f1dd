// SPDX-License-Identifier: Apache-2.0
//
// copycost-recount [--system S,...] [--design D,...] [--workload W,...] [--filter RE] [--profile P (smoke)] [--json]
//
// Runs each selected cell in the program that is timed and in this one, whose objects are those that are audited, both
// with the hooks preloaded, and prints one line a difference. Exit code 1: something differs.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <regex>

#include "harness/base/failure.h"
#include "harness/base/json_rows.h"
#include "harness/cli/options.h"
#include "harness/clock/launch.h"
#include "harness/clock/recount.h"
#include "harness/process/inherited.h"
#include "harness/process/streams.h"
#include "harness/recount/ask.h"
#include "harness/recount/compare.h"

namespace copycost {
namespace {

// The cells of the profile that the flags name. Laws and inputs play no part here, so they are not asked (selection.h).
std::vector<cell> chosen(const options& o) {
  const auto names = [](const std::vector<std::string>& asked, std::string_view name) {
    return asked.empty() || std::find(asked.begin(), asked.end(), name) != asked.end();
  };
  std::regex filter;
  try {
    filter = std::regex(o.filter);
  } catch (const std::regex_error&) {
    throw failure(exit_code::usage, "--filter " + o.filter + ": expected a regular expression");
  }
  std::vector<cell> out;
  for (cell& c : cells_of(o.how()))
    if (names(o.systems, c.system->name) && names(o.designs, c.design->name) &&
        names(o.workloads, c.workload->traits.name) && std::regex_search(c.name(), filter))
      out.push_back(std::move(c));
  if (out.empty())
    throw failure(exit_code::nothing_ran, "no cell of the profile " + o.profile_name + " is selected (copycost list)");
  return out;
}

plan plan_for(const std::vector<cell>& cells) {
  plan out;
  for (const cell& c : cells) {
    plan_item item;
    item.cell = c.name();
    item.count = true;
    item.n = std::max<std::uint64_t>(1, c.workload->audit_ops(c.at));
    item.period_ns = c.form().open_loop() ? 10'000 : 0;
    out.items.push_back(std::move(item));
  }
  return out;
}

// The rows of both programs beside each other. A program that ended early says at which cell.
std::vector<std::string> compare_all(const std::vector<cell>& cells, const recount_answer& timed,
                                     const recount_answer& counted) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    bool both = true;
    for (const auto& [answer, name] : {std::pair{&timed, "timed"}, std::pair{&counted, "audited"}}) {
      if (i < answer->rows.size()) continue;
      both = false;
      if (i == answer->rows.size())
        out.push_back(fmt::format("{}: {}: the program {}", cells[i].name(), name, answer->why));
    }
    if (!both) continue;
    for (std::string& line : differences(cells[i], timed.rows[i], counted.rows[i])) out.push_back(std::move(line));
  }
  return out;
}

exit_code recount_main(int argc, char** argv) {
  options o;
  char list[] = "list";  // its flags are ours
  std::vector<char*> arguments{argv[0], list};
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  o.profile_name = "smoke";
  if (const auto code = parse(argc + 1, arguments.data(), o)) return static_cast<exit_code>(*code);
  const std::vector<cell> cells = chosen(o);
  const plan asked = plan_for(cells);
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe"),
                              clock = self.parent_path() / "copycost-clock", hooks = COPYCOST_HOOKS_FILE;
  const recount_answer timed = ask_for_counts(clock, hooks, asked);
  const recount_answer counted = ask_for_counts(self, hooks, asked);
  const std::vector<std::string> found = compare_all(cells, timed, counted);
  if (o.json) {
    json lines = json::array{};
    for (const std::string& line : found) lines.push(line);
    const json doc = json::of({{"schema", 1},
                               {"tool", "copycost-recount"},
                               {"timed", json_rows(timed.rows)},
                               {"audited", json_rows(counted.rows)},
                               {"differences", lines},
                               {"ok", found.empty()}});
    write_out(doc.dump(1) + "\n");
  } else {
    for (const std::string& line : found) write_out(line + "\n");
  }
  say(fmt::format("copycost-recount: {} cells, {} differences between what is timed and what is audited\n",
                  cells.size(), found.size()));
  return found.empty() ? exit_code::ok : exit_code::incorrect;
}

int main_of(int argc, char** argv) {
  const bool asked = argc > 1 && (std::strcmp(argv[1], "--plan") == 0 || std::strcmp(argv[1], "--copycost-role") == 0);
  if (asked) return clock_main(argc, argv, "mimalloc");
  try {
    return static_cast<int>(recount_main(argc, argv));
  } catch (const failure& e) {
    say(std::string("copycost-recount: ") + e.what() + "\n");
    return static_cast<int>(e.code);
  } catch (const std::exception& e) {
    say(std::string("copycost-recount: ") + e.what() + "\n");
    return static_cast<int>(exit_code::internal);
  }
}

}  // namespace
}  // namespace copycost

int main(int argc, char** argv) {
  copycost::settle_inherited(argv, copycost::counted::maybe);
  return copycost::main_of(argc, argv);
}
