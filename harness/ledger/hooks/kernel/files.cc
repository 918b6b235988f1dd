// SPDX-License-Identifier: Apache-2.0
//
// System calls on files and waits: counted, one each. A wait on a futex (mutexes, condition variables) is made within
// libc and cannot be interposed.
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdarg>

#include "harness/ledger/hooks/kernel/count.h"
#include "harness/ledger/hooks/next_call.h"
#include "harness/ledger/hooks/visibility.h"

namespace copycost::hooks {
namespace {

constinit next_call<int(const char*, int, mode_t)> g_open{"open64"};
constinit next_call<int(int, const char*, int, mode_t)> g_openat{"openat64"};
constinit next_call<int(const char*, int)> g_open_2{"__open64_2"};
constinit next_call<int(int, const char*, int)> g_openat_2{"__openat64_2"};
constinit next_call<int(int)> g_close{"close"};
constinit next_call<int(const char*, unsigned)> g_memfd_create{"memfd_create"};
constinit next_call<int(int, off_t)> g_ftruncate{"ftruncate64"};
constinit next_call<int(int)> g_fsync{"fsync"};
constinit next_call<int(int)> g_fdatasync{"fdatasync"};
constinit next_call<int(pollfd*, nfds_t, int)> g_poll{"poll"};
constinit next_call<int(pollfd*, nfds_t, int, size_t)> g_poll_chk{"__poll_chk"};
constinit next_call<int(int, epoll_event*, int, int)> g_epoll_wait{"epoll_wait"};

[[gnu::constructor]] void find_file_calls() {
  find_all(g_open, g_openat, g_open_2, g_openat_2, g_close, g_memfd_create, g_ftruncate, g_fsync, g_fdatasync, g_poll,
           g_poll_chk, g_epoll_wait);
}

// The mode that follows the flags, where the flags say that there is one.
mode_t mode_of(int flags, std::va_list rest) {
  const bool has_mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return has_mode ? va_arg(rest, mode_t) : 0;
}

// Before a call that may be a cancellation point, so that a cancelled call is counted too.
template <class Next, class... Arguments>
inline int counted(Next& next, Arguments... arguments) {
  count_syscall();
  return next(arguments...);
}

}  // namespace
}  // namespace copycost::hooks

using namespace copycost::hooks;

CCH_HOOK int open(const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return counted(g_open, path, flags, mode);
}
CCH_HOOK int open64(const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return counted(g_open, path, flags, mode);
}
CCH_HOOK int openat(int directory, const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return counted(g_openat, directory, path, flags, mode);
}
CCH_HOOK int openat64(int directory, const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return counted(g_openat, directory, path, flags, mode);
}

// What programs compiled with _FORTIFY_SOURCE call.
CCH_HOOK int __open_2(const char* path, int flags) { return counted(g_open_2, path, flags); }
CCH_HOOK int __open64_2(const char* path, int flags) { return counted(g_open_2, path, flags); }
CCH_HOOK int __openat_2(int directory, const char* path, int flags) {
  return counted(g_openat_2, directory, path, flags);
}
CCH_HOOK int __openat64_2(int directory, const char* path, int flags) {
  return counted(g_openat_2, directory, path, flags);
}
CCH_HOOK int __poll_chk(pollfd* files, nfds_t count, int timeout_ms, size_t room) {
  return counted(g_poll_chk, files, count, timeout_ms, room);
}

CCH_HOOK int close(int fd) { return counted(g_close, fd); }
CCH_HOOK int memfd_create(const char* name, unsigned flags) noexcept { return counted(g_memfd_create, name, flags); }
CCH_HOOK int ftruncate(int fd, off_t size) noexcept { return counted(g_ftruncate, fd, size); }
CCH_HOOK int ftruncate64(int fd, off_t size) noexcept { return counted(g_ftruncate, fd, size); }
CCH_HOOK int fsync(int fd) { return counted(g_fsync, fd); }
CCH_HOOK int fdatasync(int fd) { return counted(g_fdatasync, fd); }
CCH_HOOK int poll(pollfd* files, nfds_t count, int timeout_ms) { return counted(g_poll, files, count, timeout_ms); }
CCH_HOOK int epoll_wait(int fd, epoll_event* events, int count, int timeout_ms) {
  return counted(g_epoll_wait, fd, events, count, timeout_ms);
}
