// SPDX-License-Identifier: Apache-2.0
//
// Finds processes that a program started, by /proc. Waits for what is to come; a test that waits in vain fails by its
// time limit. Thread-safe. Cost: reads the names of all processes a thousand times a second.
#pragma once
#include <unistd.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <string>

namespace copycost::cli_test {

// The number of a process whose parent is `parent` and whose name begins with `name`; 0: none now.
inline pid_t child_now(pid_t parent, const std::string& name) {
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string number = entry.path().filename();
    if (std::isdigit(static_cast<unsigned char>(number[0])) == 0) continue;
    std::ifstream file(entry.path() / "stat");
    std::string text;
    std::getline(file, text);
    const std::size_t open = text.find('('), close = text.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close + 4 > text.size()) continue;
    const bool named = text.compare(open + 1, std::min(name.size(), std::size_t{15}), name.substr(0, 15)) == 0;
    if (named && std::stoi(text.substr(close + 4)) == parent && text[close + 2] != 'Z') return std::stoi(number);
  }
  return 0;
}

// The same, waited for; ends the waiting when the parent is no more, with 0.
inline pid_t child_of(pid_t parent, const std::string& name) {
  while (true) {
    if (const pid_t found = child_now(parent, name); found != 0) return found;
    std::ifstream file("/proc/" + std::to_string(parent) + "/stat");
    std::string number, program, state;
    if (!(file >> number >> program >> state) || state == "Z") return 0;
    ::usleep(1000);
  }
}

// Waits until a process is no more, or is only remembered.
inline void wait_until_gone(pid_t id) {
  while (true) {
    std::ifstream file("/proc/" + std::to_string(id) + "/stat");
    std::string text;
    if (!std::getline(file, text)) return;
    const std::size_t close = text.rfind(')');
    if (close == std::string::npos || text[close + 2] == 'Z') return;
    ::usleep(1000);
  }
}

}  // namespace copycost::cli_test
