// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the hooks share: a counted window, programs to run, traces to parse.
// Windows are read from the thread's or the process's counters; nothing of the test framework runs inside them.
#pragma once
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "harness/ledger/hooks/hooks.h"
#include "property_tests/scratch.h"

namespace hooks_test {

// Keeps the compiler from removing or inlining what is under test.
template <class T>
T* escape(T* p) {
  asm volatile("" : "+r"(p)::"memory");
  return p;
}
inline std::size_t escape(std::size_t n) {
  asm volatile("" : "+r"(n));
  return n;
}

inline cch_counts difference(const cch_counts& before, const cch_counts& after) {
  // All of its members are counts.
  cch_counts out{};
  constexpr std::size_t kMembers = sizeof out / sizeof(std::uint64_t);
  for (std::size_t i = 0; i < kMembers; ++i)
    reinterpret_cast<std::uint64_t*>(&out)[i] =
        reinterpret_cast<const std::uint64_t*>(&after)[i] - reinterpret_cast<const std::uint64_t*>(&before)[i];
  return out;
}

// What `work` counts on this thread.
template <class Work>
cch_counts counted(const Work& work) {
  cch_counts before;
  cch_counts after;
  cch_thread(&before);
  work();
  cch_thread(&after);
  return difference(before, after);
}

// What `work` counts on all threads.
template <class Work>
cch_counts counted_everywhere(const Work& work) {
  cch_counts before;
  cch_counts after;
  cch_total(&before);
  work();
  cch_total(&after);
  return difference(before, after);
}

using scratch = copycost::scratch_dir;

struct outcome {
  int status;        // exit status, or 128 + signal
  std::string text;  // standard output and error
};

inline outcome run(const std::string& command) {
  outcome result = {-1, {}};
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return result;
  char piece[4096];
  for (std::size_t got = 0; (got = fread(piece, 1, sizeof piece, pipe)) > 0;) result.text.append(piece, got);
  const int status = pclose(pipe);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

// A program that is built next to the library.
inline std::string program(const char* name) {
  Dl_info info = {};
  if (dladdr(reinterpret_cast<const void*>(&cch_total), &info) == 0) return name;
  return (std::filesystem::canonical(info.dli_fname).parent_path() / name).string();
}

// The number that follows "name": in a line of JSON.
inline std::int64_t json_number(const std::string& text, const std::string& name) {
  const std::size_t at = text.find("\"" + name + "\": ");
  return at == std::string::npos ? INT64_MIN : std::strtoll(text.c_str() + at + name.size() + 4, nullptr, 10);
}

inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

struct heap_totals {
  std::int64_t allocs = 0, bytes = 0, frees = 0, peak = 0, live = 0, live_blocks = 0;
  void allocated(std::int64_t size) {
    ++allocs;
    bytes += size;
    live += size;
    ++live_blocks;
    if (live > peak) peak = live;
  }
  void freed(std::int64_t size) {
    ++frees;
    live -= size;
    --live_blocks;
  }
};

// The totals of heaptrack's raw format, as its preload library writes it: "+ size trace pointer", "- pointer".
inline heap_totals raw_totals(const std::string& path) {
  heap_totals totals;
  std::map<std::string, std::int64_t> live;
  std::istringstream lines(contents(path));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string type, size, node, pointer;
    fields >> type;
    if (type == "+") {
      fields >> size >> node >> pointer;
      live[pointer] = std::stoll(size, nullptr, 16);
      totals.allocated(live[pointer]);
    } else if (type == "-") {
      fields >> pointer;
      const auto known = live.find(pointer);
      if (known == live.end()) continue;
      totals.freed(known->second);
      live.erase(known);
    }
  }
  return totals;
}

}  // namespace hooks_test
