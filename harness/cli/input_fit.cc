// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/input_fit.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "harness/base/failure.h"
#include "harness/base/input/input_door.h"
#include "harness/base/text.h"
#include "harness/env/cgroup.h"

namespace copycost {
namespace {

void check_system(const std::string& name) {
  if (std::ranges::none_of(all_law_tables(), [&](const law_table& t) { return t.system == name; }))
    throw failure(exit_code::usage, "--input " + name + "=...: no system '" + name + "'");
}

bool has_design(std::string_view system, const std::vector<std::string>& names) {
  const system_entry* s = find_system(system);
  return names.empty() || s == nullptr ||
         std::ranges::any_of(names, [&](const std::string& name) { return find_design(*s, name) != nullptr; });
}
// Whether the command line asks for anything of the system.
bool selected(const options& o, std::string_view system) {
  return (o.systems.empty() || std::ranges::find(o.systems, system) != o.systems.end()) &&
         has_design(system, o.designs);
}
bool by_name(const options& o, std::string_view system) {
  return std::ranges::find(o.systems, system) != o.systems.end();
}

// Most bytes of one input: launches hold some three times as much, and the machine or the container must have it.
std::uint64_t most_bytes() {
  const auto pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
  std::uint64_t memory =
      pages > 0 && size > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size) : 4 * kInputBytesMax;
  memory = std::min(memory, env::cgroup_memory_bytes(&env::read_file).value_or(memory));
  return std::min(kInputBytesMax, memory / 4);
}

class fitting {
 public:
  explicit fitting(const options& o) : o_(o) {}

  fitted_inputs read() {
    for (const std::string& given : o_.inputs) one(given);
    return std::move(out_);
  }

 private:
  void one(const std::string& given) {
    const input_word word = parse_input_word(given);
    if (!word.system.empty()) check_system(word.system);
    if (word.path == "-" && ::isatty(STDIN_FILENO) == 1) std::fputs("copycost: reading standard input\n", stderr);
    input_file file = door_.read(word.path);
    out_.words.push_back({printable(given), word.system, file.number});
    if (word.system.empty() || selected(o_, word.system)) {
      for_systems(word, file);
      out_.set.add(word.system, std::move(file));
      return;
    }
    out_.notes +=
        "copycost: --input " + printable(given) + ": nothing of " + word.system + " is selected: nobody reads it\n";
  }

  // Each system that the word is for reads it, or says why not.
  void for_systems(const input_word& word, input_file& file) {
    std::string first;
    bool somebody = false;
    for (const law_table& t : all_law_tables()) {
      if (!word.system.empty() ? word.system != t.system : !selected(o_, t.system)) continue;
      if (word.system.empty() && has_own(t.system)) continue;
      const std::string why = taken_by(t, word, file);
      if (!why.empty() && (!word.system.empty() || by_name(o_, t.system))) throw failure(exit_code::usage, why);
      somebody = somebody || why.empty();
      if (first.empty()) first = why;
      if (!why.empty()) out_.notes += "copycost: " + std::string(t.system) + " goes without the input: " + why + "\n";
    }
    if (!somebody && !first.empty()) throw failure(exit_code::usage, first);
  }
  // Another word names the system.
  bool has_own(std::string_view system) const {
    return std::ranges::any_of(o_.inputs, [&](const std::string& w) { return parse_input_word(w).system == system; });
  }

  // Empty, or why the system cannot read it. What a system makes of a directory becomes an input of that system alone.
  std::string taken_by(const law_table& t, const input_word& word, input_file& file) {
    if (file.directory && t.read_directory != nullptr) {
      try {
        const std::string said = t.read_directory(word.path, most_bytes());
        const std::uint64_t number = file.number;
        input_file made = input_of_bytes(file.name, std::as_bytes(std::span(said)), true);
        made.number = number;
        t.check_input(made);
        if (word.system.empty())
          out_.set.add(std::string(t.system), std::move(made));
        else
          file = std::move(made);
        return {};
      } catch (const failure& e) {
        if (e.code == exit_code::usage) return e.what();
        throw;
      }
    }
    if (t.refuses_input != nullptr)
      if (std::string why = t.refuses_input(file); !why.empty()) return why;
    if (t.check_input != nullptr) t.check_input(file);
    return {};
  }

  const options& o_;
  input_door door_{most_bytes()};
  fitted_inputs out_;
};

std::optional<fitted_inputs>& opened() {
  static std::optional<fitted_inputs> inputs;
  return inputs;
}

}  // namespace

fitted_inputs fit_inputs(const options& o) { return fitting(o).read(); }

void open_inputs(const options& o) {
  if (o.inputs.empty() || opened()) return;
  opened() = fit_inputs(o);
  std::fputs(opened()->notes.c_str(), stderr);
  set_input(opened()->set);
}

const fitted_inputs& opened_inputs() {
  if (!opened()) opened().emplace();
  return *opened();
}

std::string refused_by(std::string_view system, const input_file& in) {
  for (const law_table& t : all_law_tables())
    if (t.system == system && t.refuses_input != nullptr) return t.refuses_input(in);
  return {};
}

void check_inputs_are_read(const fitted_inputs& inputs, std::span<const cell> cells, const std::string& profile) {
  for (const fitted_inputs::given& g : inputs.words) {
    const bool read = std::ranges::any_of(cells, [&](const cell& c) {
      const input_file* in = inputs.set.of(c.system->name);
      return reads_input(c.at) && in != nullptr && in->number == g.number;
    });
    const auto held = [&](const input_set::entry& e) { return e.file.number == g.number; };
    if (!read && std::ranges::any_of(inputs.set.all(), held))
      throw failure(exit_code::usage, "--input " + g.word + ": no selected cell of profile " + profile +
                                          " reads it: expected a selection with a cell that has input:1");
  }
}

}  // namespace copycost
