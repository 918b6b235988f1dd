// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/process_account.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "harness/ledger/hooks/hooks.h"
#include "harness/ledger/witness/counters.h"

namespace copycost {
namespace {

// Bytes that this process gave to and took from read, write and their relatives, in whatever way it called them, and
// those that this reading is about to add; 0 where the kernel does not say. 0 as well while a trace is
// written: that and the search for stacks (libunwind asks a pipe what it may read) move bytes of their own.
struct io_bytes {
  std::uint64_t moved = 0, own = 0;
};
io_bytes read_io() {
  static const int fd = open("/proc/self/io", O_RDONLY | O_CLOEXEC);
  char text[512];
  if (cch_is_tracing != nullptr && cch_is_tracing() != 0) return {};
  const ssize_t n = fd >= 0 ? pread(fd, text, sizeof text - 1, 0) : -1;
  if (n <= 0) return {};
  text[n] = 0;
  const auto number = [&](const char* name) -> std::uint64_t {
    const char* at = std::strstr(text, name);
    return at != nullptr ? std::strtoull(at + std::strlen(name), nullptr, 10) : 0;
  };
  return {number("rchar: ") + number("wchar: "), static_cast<std::uint64_t>(n)};
}

process_counts_read read_all() {
  cch_counts c{};
  if (cch_total != nullptr) cch_total(&c);
  return {.allocs = c.allocs,
          .alloc_bytes = c.alloc_bytes,
          .payload_copied = c.payload_copy_bytes,
          .own_copied = g_process_counts.copied_bytes.load(std::memory_order_relaxed),
          .kernel_bytes = c.kernel_bytes,
          .syscalls = c.syscalls};
}

void add(process_counts_read& to, const process_counts_read& now, const process_counts_read& before) {
  to.allocs += now.allocs - before.allocs;
  to.alloc_bytes += now.alloc_bytes - before.alloc_bytes;
  to.payload_copied += now.payload_copied - before.payload_copied;
  to.own_copied += now.own_copied - before.own_copied;
  to.kernel_bytes += now.kernel_bytes - before.kernel_bytes;
  to.syscalls += now.syscalls - before.syscalls;
}

std::uint64_t over(std::uint64_t all, std::uint64_t part) { return all > part ? all - part : 0; }

}  // namespace

// The file first and last: its reading is a system call of this process, too.
void process_account::begin() {
  const io_bytes io = read_io();
  io_begin_ = io.moved + io.own;
  begin_ = read_all();
}

void process_account::end() {
  add(process_, read_all(), begin_);
  io_ += over(read_io().moved, io_begin_);
}

void process_account::role(const process_counts_read& did) { add(roles_, did, {}); }

process_account::elsewhere process_account::rest() const {
  const std::uint64_t unseen = over(io_, process_.kernel_bytes);
  return {over(process_.allocs, roles_.allocs), over(process_.alloc_bytes, roles_.alloc_bytes),
          std::max(over(process_.payload_copied, roles_.payload_copied), over(process_.own_copied, roles_.own_copied)),
          over(process_.kernel_bytes, roles_.kernel_bytes) + unseen, over(process_.syscalls, roles_.syscalls)};
}

}  // namespace copycost
