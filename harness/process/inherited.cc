// SPDX-License-Identifier: Apache-2.0
#include "harness/process/inherited.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "harness/base/environment.h"
#include "harness/process/loaded.h"
#include "harness/process/settings.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

constexpr const char* kMessage = "COPYCOST_INHERITED";

using member = short_text inherited_facts::*;
struct field {
  const char* name;
  member where;
  const char* as_it_should_be;
};
constexpr std::array kFields{
    field{"environment_left_out", &inherited_facts::environment, "nothing that changes a result"},
    field{"inherited_signals", &inherited_facts::signals, "default"},
    field{"streams_closed", &inherited_facts::streams, "none"},
    field{"resource_limits", &inherited_facts::limits, "none"},
    field{"priority", &inherited_facts::priority, "unknown"},
    field{"umask", &inherited_facts::umask, "unknown"},
    field{"working_directory", &inherited_facts::directory, "unknown"},
    field{"tool", &inherited_facts::tool, "none"},
    field{"preloaded", &inherited_facts::preloaded, "nothing"}};

inherited_facts g_facts;

// The program's own file by its name, so that it keeps its name; by the kernel's link where the file is gone.
void start_again(char** argv, const std::string& message) {
  std::vector<std::string> entries = environment_for_child({message});
  std::vector<char*> all;
  for (std::string& e : entries) all.push_back(e.data());
  all.push_back(nullptr);
  char path[4096];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path - 1);
  if (size > 0) {
    path[size] = 0;
    ::execve(path, argv, all.data());
  }
  ::execve("/proc/self/exe", argv, all.data());
}

void settle(char** argv, counted by_hooks) {
  const char* message = detail::take_from_environment(kMessage);
  const bool again = message != nullptr && detail::decode(message, ::getpid(), g_facts);
  inherited_facts found;
  bool stack_changed = false;
  const int out = leave_out(found.environment);
  found.streams = settle_streams();
  found.signals = settle_signals();
  found.limits = settle_limits(stack_changed);
  found.umask = settle_umask();
  found.priority = priority();
  found.directory = working_directory();
  found.tool = tool_in_process();
  found.preloaded = preloaded_by_system();
  if (found.tool.empty() && by_hooks == counted::maybe && hooks_in_process()) found.tool = "our own hooks";
  if (again) return;
  g_facts = found;
  if (!found.tool.empty() || (out == 0 && !stack_changed)) return;
  start_again(argv, std::string(kMessage) + "=" + detail::encode(found, ::getpid()));
  if (!g_facts.environment.empty())
    g_facts.environment.add("; in effect all the same: the program could not start again");
}

}  // namespace

void settle_inherited(char** argv, counted by_hooks) noexcept {
  try {
    settle(argv, by_hooks);
  } catch (const std::exception& e) {
    say(std::string("copycost: what was inherited is not known: ") + e.what() + "\n");
  }
}

const inherited_facts& inherited() { return g_facts; }

std::vector<std::pair<std::string, std::string>> to_fields(const inherited_facts& facts) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const field& f : kFields)
    out.emplace_back(f.name, (facts.*f.where).empty() ? f.as_it_should_be : (facts.*f.where).str());
  return out;
}

std::string detail::encode(const inherited_facts& facts, int pid) {
  std::string out = std::to_string(pid);
  for (const field& f : kFields) out += '\n' + (facts.*f.where).str();
  return out;
}

bool detail::decode(std::string_view text, int pid, inherited_facts& to) {
  const auto next = [&text] {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
  };
  if (std::ranges::count(text, '\n') != static_cast<std::ptrdiff_t>(kFields.size())) return false;
  if (next() != digits(static_cast<unsigned>(pid)).view()) return false;
  for (const field& f : kFields) to.*f.where = next();
  return true;
}

}  // namespace copycost
