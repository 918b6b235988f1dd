// SPDX-License-Identifier: Apache-2.0
//
// Reads a trace in heaptrack's interpreted format, for the tests of the writer: strictly, so that a record that
// heaptrack would misread is an error here. Every index is checked against what came before it.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "property_tests/harness/hooks/support.h"

namespace hooks_test {

struct parsed_trace {
  heap_totals totals;
  std::vector<std::string> strings{""};
  std::vector<std::vector<std::uint64_t>> instructions{{}};        // numbers of each i record
  std::vector<std::pair<std::uint64_t, std::uint64_t>> nodes{{}};  // instruction, parent
  std::vector<std::pair<std::uint64_t, std::uint64_t>> infos;      // size, node
  std::vector<std::int64_t> live_of_info;
  bool version = false, command = false, sound = true;

  explicit parsed_trace(const std::string& text) {
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = text.find('\n', begin);
      sound = sound && end != std::string::npos && take(text.substr(begin, end - begin));
      if (!sound) return;
      begin = end + 1;
    }
  }

  bool take(const std::string& line) {
    if (line.size() < 3 || line[1] != ' ') return false;
    if (line[0] == 'X') return command = true;
    char* rest = nullptr;
    std::vector<std::uint64_t> numbers;
    const char* at = line.c_str() + 2;
    if (line[0] == 's') {
      const std::uint64_t size = std::strtoull(at, &rest, 16);
      strings.emplace_back(rest + 1);
      return strings.back().size() == size;
    }
    for (; *at != '\0'; at = rest) {
      numbers.push_back(std::strtoull(at, &rest, 16));
      if (rest == at) return false;
    }
    return take(line[0], numbers);
  }

  bool take(char type, const std::vector<std::uint64_t>& n) {
    switch (type) {
      case 'v':
        return version = n.size() == 2 && n[1] == 3;
      case 'i':
        instructions.push_back(n);
        return n.size() >= 2 && n.size() <= 3 && n[1] < strings.size() && n.back() < strings.size();
      case 't':
        nodes.emplace_back(n[0], n[1]);
        return n.size() == 2 && n[0] > 0 && n[0] < instructions.size() && n[1] + 1 < nodes.size();
      case 'a':
        infos.emplace_back(n[0], n[1]);
        live_of_info.push_back(0);
        return n.size() == 2 && n[1] > 0 && n[1] < nodes.size();
      case '+':
        if (n.size() != 1 || n[0] >= infos.size()) return false;
        ++live_of_info[n[0]];
        totals.allocated(static_cast<std::int64_t>(infos[n[0]].first));
        return true;
      case '-':
        if (n.size() != 1 || n[0] >= infos.size()) return false;
        totals.freed(static_cast<std::int64_t>(infos[n[0]].first));
        return --live_of_info[n[0]] >= 0;
      default:
        return (type == 'c' || type == 'R') ? n.size() == 1 : type == 'I' && n.size() == 2;
    }
  }

  // Function names from the innermost frame outwards.
  std::vector<std::string> stack_of(std::uint64_t info) const {
    std::vector<std::string> names;
    for (std::uint64_t node = infos[info].second; node != 0; node = nodes[node].second) {
      const auto& instruction = instructions[nodes[node].first];
      names.push_back(instruction.size() > 2 ? strings[instruction[2]] : "?");
    }
    return names;
  }
};

}  // namespace hooks_test
