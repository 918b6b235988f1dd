// SPDX-License-Identifier: Apache-2.0
#include "harness/process/inherited.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/process/environment.h"
#include "harness/process/loaded.h"
#include "harness/process/settings.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

constexpr const char* kMessage = "COPYCOST_INHERITED";
constexpr std::size_t kValueMax = 100;  // a longer value says no more

using member = std::string inherited_facts::*;
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

// What can be shown on a line and kept in a file of text.
std::string printable(std::string text) {
  if (text.size() > kValueMax) text = text.substr(0, kValueMax) + "...";
  for (char& c : text)
    if (std::iscntrl(static_cast<unsigned char>(c)) != 0 || (static_cast<unsigned char>(c) & 0x80) != 0) c = '?';
  return text;
}

std::string told(std::vector<std::string> entries) {
  std::erase_if(entries, [](const std::string& e) { return !is_telling(e.substr(0, e.find('='))); });
  std::ranges::sort(entries);
  std::string out;
  for (const std::string& e : entries) out += (out.empty() ? "" : ", ") + printable(e);
  return out;
}

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

void settle(char** argv) {
  const std::string message = detail::raw_environment(kMessage);
  detail::change_environment(kMessage, nullptr);
  const bool again = detail::decode(message, ::getpid(), g_facts);
  const std::vector<std::string> out = leave_out();
  inherited_facts found;
  bool stack_changed = false;
  found.environment = told(out);
  found.streams = settle_streams(), found.signals = settle_signals(), found.limits = settle_limits(stack_changed);
  found.umask = settle_umask(), found.priority = priority(), found.directory = working_directory();
  found.tool = tool_in_process(), found.preloaded = preloaded_by_system();
  if (again) return;
  g_facts = found;
  if (!found.tool.empty() || (out.empty() && !stack_changed)) return;
  start_again(argv, std::string(kMessage) + "=" + detail::encode(found, ::getpid()));
  if (!g_facts.environment.empty())
    g_facts.environment += "; in effect all the same: the program could not start again";
}

}  // namespace

void settle_inherited(char** argv) noexcept {
  try {
    settle(argv);
  } catch (const std::exception& e) {
    say(std::string("copycost: what was inherited is not known: ") + e.what() + "\n");
  }
}

const inherited_facts& inherited() { return g_facts; }

std::vector<std::pair<std::string, std::string>> to_fields(const inherited_facts& facts) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const field& f : kFields)
    out.emplace_back(f.name, (facts.*f.where).empty() ? f.as_it_should_be : facts.*f.where);
  return out;
}

std::string detail::encode(const inherited_facts& facts, int pid) {
  std::string out = std::to_string(pid);
  for (const field& f : kFields) out += '\n' + facts.*f.where;
  return out;
}

bool detail::decode(const std::string& text, int pid, inherited_facts& to) {
  std::vector<std::string> parts(1);
  for (const char c : text) c == '\n' ? void(parts.emplace_back()) : parts.back().push_back(c);
  if (parts.size() != kFields.size() + 1 || parts[0] != std::to_string(pid)) return false;
  for (std::size_t i = 0; i < kFields.size(); ++i) to.*kFields[i].where = parts[i + 1];
  return true;
}

}  // namespace copycost
