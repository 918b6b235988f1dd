// SPDX-License-Identifier: Apache-2.0
//
// System calls by number: syscall() counts as a call, and those that move bytes as these. What a program asks of the
// kernel by an instruction of its own is not seen here (a lint keeps our designs from it).
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>

#include "harness/ledger/hooks/kernel/count.h"
#include "harness/ledger/hooks/next_call.h"
#include "harness/ledger/hooks/visibility.h"

namespace copycost::hooks {
namespace {

constinit next_call<long(long, long, long, long, long, long, long)> g_syscall{"syscall"};

[[gnu::constructor]] void find_direct() { find_all(g_syscall); }

// Calls that answer how many bytes they moved.
bool moves_bytes(long number) {
  switch (number) {
    case SYS_read:
    case SYS_write:
    case SYS_pread64:
    case SYS_pwrite64:
    case SYS_readv:
    case SYS_writev:
    case SYS_preadv:
    case SYS_pwritev:
    case SYS_preadv2:
    case SYS_pwritev2:
    case SYS_sendto:
    case SYS_recvfrom:
    case SYS_sendmsg:
    case SYS_recvmsg:
    case SYS_sendfile:
    case SYS_splice:
    case SYS_tee:
    case SYS_vmsplice:
    case SYS_copy_file_range:
    case SYS_process_vm_readv:
    case SYS_process_vm_writev:
    case SYS_getrandom:
      return true;
    default:
      return false;
  }
}

}  // namespace
}  // namespace copycost::hooks

using namespace copycost::hooks;

CCH_HOOK long syscall(long number, ...) noexcept {
  std::va_list rest;
  va_start(rest, number);
  long argument[6];
  for (long& one : argument) one = va_arg(rest, long);
  va_end(rest);
  const long result = g_syscall(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
  if (moves_bytes(number)) {
    count_moved(result);
  } else {
    count_syscall();
    const bool maps = number == SYS_mmap && result != -1;
    if (maps) count_mapped(static_cast<std::size_t>(argument[1]));
    if (number == SYS_munmap && result == 0) count_unmapped(static_cast<std::size_t>(argument[1]));
  }
  return result;
}
