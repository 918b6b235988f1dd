// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/options.h"

#include <algorithm>
#include <CLI/CLI.hpp>
#include <random>
#include <sstream>

#include "harness/base/failure.h"
#include "harness/base/text.h"
#include "harness/output/document.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

// Help that leads with examples.
CLI::App* command(CLI::App& app, options& o, const char* name, const char* about, const char* examples) {
  CLI::App* sub = app.add_subcommand(name, about);
  sub->description(std::string("Examples:\n") + examples + "\n" + about);
  sub->add_flag("--json", o.json, "print one JSON object on stdout");
  sub->callback([&o, name] { o.command = name; });
  return sub;
}

void selection(CLI::App* sub, options& o) {
  sub->add_option("--system", o.systems, "only these systems")->delimiter(',');
  sub->add_option("--design", o.designs, "only these designs")->delimiter(',');
  sub->add_option("--workload", o.workloads, "only these workloads")->delimiter(',');
  sub->add_option("--filter", o.filter, "only cells whose name matches this regular expression");
  sub->add_option("--profile", o.profile_name, "smoke, quick, full or soak")
      ->check(CLI::IsMember({"smoke", "quick", "full", "soak"}))
      ->capture_default_str();
  sub->add_option("--shard", o.shard, "i/n: only every n-th cell, from the i-th (1 .. n)");
  sub->add_option(
         "--input", o.inputs,
         "real input: a file (plain, gzip or zstd), a pipe, - for standard input, or, for systems that read one, "
         "a git repository; SYSTEM=PATH: for that system only; may be given several times")
      ->allow_extra_args(false);  // one word each time; also where it looks like a list
  sub->add_option("--seed", o.seed, "replays a run; default: drawn and printed");
}

void without_copy(CLI::App* sub, options& o) {
  sub->add_flag("--no-copy", o.no_copy,
                "not the cells of `copy` that --design leaves out: then there is no ratio to draw");
}

void measuring(CLI::App& app, options& o) {
  CLI::App* list = command(app, o, "list", "Cells, with the time each is estimated to take.",
                           "  copycost list --system chunk\n  copycost list --profile full --json\n"
                           "  copycost list --designs --system raft\n");
  selection(list, o);
  list->add_flag("--designs", o.designs_only, "designs instead of cells: how they own bytes, and their traits");
  without_copy(list, o);
  CLI::App* run =
      command(app, o, "run", "Time: fresh launches over the selected cells, each first compared with the oracle.",
              "  copycost run --system chunk --profile quick -o results\n  copycost run --workload slice,share "
              "--design copy,slice\n  copycost run --input access.log --workload lines\n");
  selection(run, o);
  without_copy(run, o);
  run->add_option("-o,--output", o.output, "write a result directory");
  CLI::Option* launches = run->add_option("--launches", o.launches, "fresh processes; default: the profile's")
                              ->check(CLI::Range(1, 10'000));
  run->add_option("--replay-launch", o.replayed_launch,
                  "only that launch of a run with this --seed, from 0: its order and circumstances")
      ->check(CLI::Range(0, 10'000))
      ->excludes(launches)
      ->needs("--seed");
  CLI::App* audit =
      command(app, o, "audit", "Allocations, copies, retention and promises, by every witness; no timing.",
              "  copycost audit --system chunk\n  copycost audit --design slice --heap-trace slice.heaptrack.gz\n  "
              "heaptrack copycost audit --system chunk\n");
  selection(audit, o);
  audit->add_option("-o,--output", o.output, "write audit.json into this result directory");
  audit->add_option("--heap-trace", o.heap_trace, "write a trace for heaptrack_print and heaptrack_gui");
  audit->add_option("--heap-totals", o.heap_totals,
                    "write the process's heap totals at exit, and nothing else, for a comparison with heaptrack's");
  CLI::App* verify =
      command(app, o, "verify", "Correctness: laws over every design, every cell against the oracle, real input.",
              "  copycost verify --system chunk --cases 10000\n  copycost verify --system chunk --input access.log\n  "
              "copycost verify --system chunk --encoded chunks.bin\n  copycost verify --replay 'chunk/slice/...'\n");
  selection(verify, o);
  verify->add_option("--cases", o.cases, "cases per law and design")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  verify->add_option("--encoded", o.encoded, "a file in the system's own encoding: decoded and encoded by every design")
      ->excludes("--input");
  verify->add_option("--law", o.law, "only this law");
  verify->add_option("--replay", o.replay, "one failing case again");
  verify->add_option("-o,--output", o.output, "write verify.json into this result directory");
}

void judging(CLI::App& app, options& o) {
  CLI::App* limits = command(app, o, "limits", "How long the smallest pieces of work take on this machine.",
                             "  copycost limits\n  copycost limits --profile full --json\n");
  limits->add_option("--profile", o.profile_name, "smoke, quick or full")
      ->check(CLI::IsMember({"smoke", "quick", "full"}))
      ->capture_default_str();
  CLI::App* compare =
      command(app, o, "compare", "Two result directories, side by side.", "  copycost compare before after\n");
  compare->add_option("directories", o.directories, "base and head")->expected(2)->required();
  CLI::App* gate =
      command(app, o, "gate", "The CI check: exact metrics against the committed baselines, equal in both directions.",
              "  copycost gate\n  copycost gate --accept\n");
  selection(gate, o);
  gate->add_option("--baseline", o.baseline, "a folder of baselines; default: ci/baselines/exact of the sources");
  gate->add_flag("--accept", o.accept, "make what is measured the baseline of the libraries here");
  CLI::App* report = command(app, o, "report", "HTML, Markdown and SVG of a result directory.",
                             "  copycost report results -o report\n");
  report->add_option("directories", o.directories, "the result directory")->expected(1)->required();
  report->add_option("-o,--output", o.output, "where to write")->required();
  report->add_option("--title", o.title, "title of the page");
  command(app, o, "doctor", "Is this machine fit to measure on, and what to change.", "  copycost doctor\n");
}

// A command that is none; empty where the first word is one, or is none at all.
std::string misspelt_command(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  const std::string word = argc > 1 ? argv[1] : "";
  if (word.empty() || word[0] == '-' || std::ranges::find(names, word) != names.end()) return {};
  const std::string near = nearest(word, names);
  return "no command '" + word + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?");
}

// The option that was meant by the first that does not exist.
std::string near_option(const CLI::App& app, int argc, char** argv) {
  for (const CLI::App* sub : app.get_subcommands()) {
    std::vector<std::string> names;
    for (const CLI::Option* option : sub->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (int i = 2; i < argc; ++i) {
      const std::string word = std::string(argv[i]).substr(0, std::string_view(argv[i]).find('='));
      if (!word.starts_with("--") || word == "--" || std::ranges::find(names, word) != names.end()) continue;
      if (const std::string near = nearest(word, names); !near.empty()) return "; did you mean '" + near + "'?";
    }
  }
  return {};
}

}  // namespace

profile options::how() const {
  for (const profile p : {profile::smoke, profile::quick, profile::full, profile::soak})
    if (to_string(p) == profile_name) return p;
  return profile::quick;
}

std::optional<int> parse(int argc, char** argv, options& out) {
  CLI::App app("What a copy costs, and whether a zero-copy design really does not copy.", "copycost");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string(kVersion));
  measuring(app, out);
  judging(app, out);
  if (const std::string wrong = misspelt_command(app, argc, argv); !wrong.empty()) {
    say("copycost: " + wrong + " (copycost --help)\n");
    return static_cast<int>(exit_code::usage);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    std::ostringstream text;
    const int code = app.exit(e, text, text);
    write_out(text.str());
    return code;
  } catch (const CLI::ParseError& e) {
    say(std::string("copycost: ") + e.what() + near_option(app, argc, argv) + " (copycost --help)\n");
    return static_cast<int>(exit_code::usage);
  }
  if (out.seed == 0) out.seed = std::random_device{}() | 1u;
  return std::nullopt;
}

}  // namespace copycost
