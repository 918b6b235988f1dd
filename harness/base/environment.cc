// SPDX-License-Identifier: Apache-2.0
#include "harness/base/environment.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "harness/base/check.h"
#include "harness/base/sanitizer.h"

namespace copycost {
namespace {

// Ours; who and where the user is; how a terminal is drawn on; how git finds whom to trust.
constexpr std::string_view kKept[] = {"PATH",
                                      "HOME",
                                      "USER",
                                      "LOGNAME",
                                      "TMPDIR",
                                      "TERM",
                                      "COLUMNS",
                                      "NO_COLOR",
                                      "XDG_CONFIG_HOME",
                                      "GIT_CONFIG_GLOBAL",
                                      "SUDO_UID",
                                      "GIT_CONFIG_SYSTEM",
                                      "GIT_CONFIG_NOSYSTEM"};
constexpr std::string_view kOurs = "COPYCOST_";

// Loaders, allocators, tools and interpreters: what changes how a program runs without a word of the program.
constexpr std::string_view kTelling[] = {"LD_",           "GLIBC_",
                                         "MALLOC_",       "MIMALLOC_",
                                         "JEMALLOC_",     "JE_",
                                         "TCMALLOC_",     "HEAPPROFILE",
                                         "CPUPROFILE",    "BENCHMARK_",
                                         "OMP_",          "GOMP_",
                                         "GIT_DIR",       "GIT_WORK_TREE",
                                         "GIT_CONFIG",    "GIT_INDEX",
                                         "GIT_OBJECT",    "GIT_ALTERNATE",
                                         "GIT_NAMESPACE", "MPL",
                                         "MATPLOTLIBRC",  "PYTHONPATH",
                                         "PYTHONHOME",    "PYTHONSTARTUP",
                                         "GCONV_PATH",    "LIBC_FATAL_STDERR_"};

std::string_view name_of(std::string_view entry) { return entry.substr(0, entry.find('=')); }

// What can be shown on a line and kept in a file of text.
void tell(std::string_view entry, short_text& to) {
  constexpr std::size_t kShownMax = 120;
  to.list({});
  for (const char c : entry.substr(0, kShownMax)) to.add(c >= ' ' && c <= '~' ? std::string_view(&c, 1) : "?");
  if (entry.size() > kShownMax) to.add("...");
}

bool is_sanitizer(std::string_view name) { return name.ends_with("SAN_OPTIONS"); }

}  // namespace

bool is_kept(std::string_view name) {
  return name.starts_with(kOurs) || std::ranges::find(kKept, name) != std::end(kKept) ||
         (kSanitized && is_sanitizer(name));
}

bool is_telling(std::string_view name) {
  return is_sanitizer(name) ||
         std::ranges::any_of(kTelling, [&](std::string_view start) { return name.starts_with(start); });
}

const char* detail::take_from_environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): it does not change once threads run
  ::unsetenv(name);                       // NOLINT(concurrency-mt-unsafe)
  return value;
}

std::string environment(std::string_view name) {
  COPYCOST_REQUIRE(is_kept(name));
  const char* value = std::getenv(std::string(name).c_str());  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr ? value : "";
}

int leave_out(short_text& told) {
  if (environ == nullptr) return 0;
  char** kept = environ;
  int out = 0;
  for (char** one = environ; *one != nullptr; ++one) {
    if (is_kept(name_of(*one))) {
      *kept++ = *one;
      continue;
    }
    ++out;
    if (is_telling(name_of(*one))) tell(*one, told);
  }
  *kept = nullptr;
  return out;
}

std::vector<std::string> environment_for_child(const std::vector<std::string>& more) {
  std::vector<std::string> out;
  for (char** one = environ; one != nullptr && *one != nullptr; ++one) {
    const std::string_view name = name_of(*one);
    const bool replaced = std::ranges::any_of(more, [&](const std::string& m) { return name_of(m) == name; });
    if (is_kept(name) && !replaced) out.emplace_back(*one);
  }
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

std::vector<std::string> program_folders() {
  std::string path = environment("PATH");
  if (path.empty()) path = "/usr/local/bin:/usr/bin:/bin";
  std::vector<std::string> out;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    if (folder.starts_with('/')) out.emplace_back(folder);
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
  }
  return out;
}

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  for (const std::string& folder : program_folders())
    if (std::string path = folder + "/" + name; ::access(path.c_str(), X_OK) == 0) return path;
  return {};
}

}  // namespace copycost
