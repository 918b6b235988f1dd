// SPDX-License-Identifier: Apache-2.0
//
// A heaptrack trace in the interpreted format (file format 3 of heaptrack 1.3 and later), written directly while the
// program runs, so that heaptrack_print and heaptrack_gui open it without heaptrack_interpret. Its records:
//   v X I        version; command line; page size and number
//   s i t a      next string, instruction (with names), stack node (instruction, parent), allocation (size, node)
//   + - c R      an allocation, a free, milliseconds since the start, resident pages
//
// Lifetime: open() to finish(). Every call is the library's own work.
// Threads: one at a time: the caller holds a lock.
// Cost: hash look-ups for each frame; names are looked up when an instruction is first seen.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>

#include "harness/ledger/hooks/hooks.h"
#include "harness/ledger/hooks/trace/code_names.h"
#include "harness/ledger/hooks/trace/stack.h"
#include "harness/ledger/hooks/trace/text.h"

namespace copycost::hooks {

enum class block_kind : std::uint64_t { kHeap, kSub };

class trace_log {
 public:
  // Returns 0 or an errno value.
  int open(const char* path);
  void alloc(block_kind kind, const void* block, std::size_t size, const call_stack& stack);
  void free(block_kind kind, const void* block);
  // Ends the file. Returns 0 or an errno value.
  int finish();
  void abandon() { text_.abandon(); }
  const cch_trace_stats& stats() const { return stats_; }

 private:
  struct pair_key {
    std::uint64_t first, second;
    bool operator==(const pair_key&) const = default;
  };
  struct pair_hash {
    std::size_t operator()(const pair_key& key) const {
      const std::uint64_t mixed = (key.first ^ (key.second << 32 | key.second >> 32)) * 0x9E3779B97F4A7C15ull;
      return mixed ^ mixed >> 29;
    }
  };
  struct live_block {
    std::uint64_t info;
    std::size_t size;
  };
  using index_map = std::unordered_map<pair_key, std::uint64_t, pair_hash>;

  void header();
  void stamp(bool always);
  std::uint64_t string_index(const std::string& s);
  std::uint64_t instruction_index(std::uintptr_t instruction);
  std::uint64_t node_index(const call_stack& stack);

  trace_text text_;
  code_names names_;
  cch_trace_stats stats_ = {};
  std::uint64_t live_bytes_ = 0;
  std::uint64_t started_ms_ = 0;
  std::uint64_t stamped_ms_ = 0;
  std::unordered_map<std::string, std::uint64_t> strings_;
  std::unordered_map<std::uintptr_t, std::uint64_t> instructions_;
  index_map nodes_;                                             // (instruction, parent node)
  index_map infos_;                                             // (size, node)
  std::unordered_map<pair_key, live_block, pair_hash> blocks_;  // (address, kind)
};

}  // namespace copycost::hooks
