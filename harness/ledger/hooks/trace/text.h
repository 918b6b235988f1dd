// SPDX-License-Identifier: Apache-2.0
//
// The text of a trace file, plain or gzip by its name: lines of hexadecimal numbers and sized strings.
//
// Lifetime: open() to finish() or abandon().
// Threads: one at a time; every call is the library's own work.
// Cost: bytes into a buffer of 64 KiB, written when full. The first write that fails is remembered for finish().
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/ledger/hooks/trace/pending_file.h"

struct gzFile_s;

namespace copycost::hooks {

class trace_text {
 public:
  // Returns 0 or an errno value.
  int open(const char* path);

  // "c n n n\n", all numbers in lower-case hexadecimal.
  template <class... Numbers>
  void line(char type, Numbers... numbers) {
    put(type);
    (number(static_cast<std::uint64_t>(numbers)), ...);
    put('\n');
  }
  void number(std::uint64_t value);  // " 1f"
  void put(char c) {
    if (used_ == sizeof buffer_) flush();
    buffer_[used_++] = c;
  }
  void text(std::string_view s);

  // Writes what is left; the file appears under its name. Returns 0 or the errno value of whatever failed.
  int finish();
  // Closes the descriptor and writes nothing: for a forked child, whose parent goes on writing.
  void abandon();

 private:
  void flush();

  pending_file file_;
  gzFile_s* gzip_ = nullptr;
  int error_ = 0;
  std::size_t used_ = 0;
  char buffer_[1 << 16] = {};
};

}  // namespace copycost::hooks
