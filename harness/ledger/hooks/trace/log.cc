// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/trace/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace copycost::hooks {
namespace {

constexpr std::uint64_t kStampEveryMs = 10;
constexpr std::uint64_t kHeaptrackVersion = 0x10400;  // 1.4.0; readers check the file format only
constexpr std::uint64_t kFileFormat = 3;

std::uint64_t now_ms() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000000;
}

std::string read_file(const char* path) {
  std::string all;
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return all;
  char piece[4096];
  for (ssize_t got = 0; (got = ::read(fd, piece, sizeof piece)) > 0;) all.append(piece, static_cast<std::size_t>(got));
  ::close(fd);
  return all;
}

// The second number of /proc/self/statm.
std::uint64_t resident_pages() {
  const std::string statm = read_file("/proc/self/statm");
  const std::size_t space = statm.find(' ');
  return space == std::string::npos ? 0 : std::strtoull(statm.c_str() + space, nullptr, 10);
}

}  // namespace

int trace_log::open(const char* path) {
  if (const int error = text_.open(path)) return error;
  started_ms_ = now_ms();
  header();
  return 0;
}

void trace_log::header() {
  text_.line('v', kHeaptrackVersion, kFileFormat);
  std::string command = read_file("/proc/self/cmdline");
  while (!command.empty() && command.back() == '\0') command.pop_back();
  for (char& c : command)
    if (c == '\0' || c == '\n') c = ' ';  // the record is one line
  text_.text("X ");
  text_.text(command);
  text_.put('\n');
  text_.line('I', sysconf(_SC_PAGESIZE), sysconf(_SC_PHYS_PAGES));
}

void trace_log::stamp(bool always) {
  const std::uint64_t elapsed = now_ms() - started_ms_;
  if (!always && elapsed < stamped_ms_ + kStampEveryMs) return;
  stamped_ms_ = elapsed;
  text_.line('c', elapsed);
  text_.line('R', resident_pages());
}

std::uint64_t trace_log::string_index(const std::string& s) {
  if (s.empty()) return 0;
  const auto [entry, added] = strings_.try_emplace(s, strings_.size() + 1);
  if (added) {
    text_.put('s');
    text_.number(s.size());
    text_.put(' ');
    text_.text(s);
    text_.put('\n');
  }
  return entry->second;
}

std::uint64_t trace_log::instruction_index(std::uintptr_t instruction) {
  const auto [entry, added] = instructions_.try_emplace(instruction, instructions_.size() + 1);
  if (added) {
    const code_name name = names_.find(instruction);
    const std::uint64_t object = string_index(name.object);
    const std::uint64_t function = string_index(name.function);
    if (function == 0)
      text_.line('i', instruction, object);
    else
      text_.line('i', instruction, object, function);
  }
  return entry->second;
}

// Outermost frame first: a node is an instruction below a parent node, and 0 is the root. A stack that could not be
// walked is one instruction at address 0.
std::uint64_t trace_log::node_index(const call_stack& stack) {
  std::uint64_t parent = 0;
  const auto step = [&](std::uintptr_t instruction) {
    const std::uint64_t index = instruction_index(instruction);
    const auto [entry, added] = nodes_.try_emplace({index, parent}, nodes_.size() + 1);
    if (added) text_.line('t', index, parent);
    parent = entry->second;
  };
  const auto frames = stack.frames();
  for (std::size_t i = frames.size(); i > 0; --i) step(reinterpret_cast<std::uintptr_t>(frames[i - 1]));
  if (frames.empty()) step(0);
  return parent;
}

void trace_log::alloc(block_kind kind, const void* block, std::size_t size, const call_stack& stack) {
  stamp(false);
  const std::uint64_t node = node_index(stack);
  const auto [info, added] = infos_.try_emplace({size, node}, infos_.size());  // 0-based, unlike the others
  if (added) text_.line('a', size, node);
  text_.line('+', info->second);
  blocks_[{reinterpret_cast<std::uintptr_t>(block), static_cast<std::uint64_t>(kind)}] = {info->second, size};
  ++stats_.allocs;
  stats_.alloc_bytes += size;
  live_bytes_ += size;
  if (live_bytes_ > stats_.peak_bytes) stats_.peak_bytes = live_bytes_;
}

void trace_log::free(block_kind kind, const void* block) {
  const auto known = blocks_.find({reinterpret_cast<std::uintptr_t>(block), static_cast<std::uint64_t>(kind)});
  if (known == blocks_.end()) {
    ++stats_.unknown_frees;
    return;
  }
  stamp(false);
  text_.line('-', known->second.info);
  ++stats_.frees;
  stats_.freed_bytes += known->second.size;
  live_bytes_ -= known->second.size;
  blocks_.erase(known);
}

int trace_log::finish() {
  stamp(true);
  stats_.leaked_bytes = live_bytes_;
  stats_.leaked_blocks = blocks_.size();
  return text_.finish();
}

}  // namespace copycost::hooks
