// SPDX-License-Identifier: Apache-2.0
#include "property_tests/impls/event_store/sync_watch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <mutex>
#include <set>
#include <utility>

namespace copycost::testing {
namespace {

std::mutex g_mutex;
std::set<std::pair<dev_t, ino_t>> g_dirty;  // guarded by g_mutex
synced g_state;                             // guarded by g_mutex

ssize_t wrote(int fd, ssize_t bytes) {
  struct stat s {};
  if (bytes <= 0 || fstat(fd, &s) != 0 || !S_ISREG(s.st_mode) || (fcntl(fd, F_GETFL) & O_DSYNC) != 0) return bytes;
  const std::lock_guard lock(g_mutex);
  g_dirty.emplace(s.st_dev, s.st_ino);
  return bytes;
}

int sync(int fd) {
  struct stat s {};
  if (fstat(fd, &s) != 0) return -1;
  const std::lock_guard lock(g_mutex);
  ++(S_ISDIR(s.st_mode) ? g_state.directories : g_state.files);
  g_dirty.erase({s.st_dev, s.st_ino});
  return 0;
}

}  // namespace

synced sync_state() {
  const std::lock_guard lock(g_mutex);
  g_state.dirty = g_dirty.size();
  return g_state;
}

void forget_dirty_files() {
  const std::lock_guard lock(g_mutex);
  g_dirty.clear();
}

}  // namespace copycost::testing

// The program's own functions stand before those of libc, for its libraries, too.
using copycost::testing::wrote;
extern "C" {
ssize_t write(int fd, const void* from, size_t size) { return wrote(fd, syscall(SYS_write, fd, from, size)); }
ssize_t writev(int fd, const iovec* from, int count) { return wrote(fd, syscall(SYS_writev, fd, from, count)); }
ssize_t pwrite(int fd, const void* from, size_t size, off_t at) {
  return wrote(fd, syscall(SYS_pwrite64, fd, from, size, at));
}
ssize_t pwrite64(int fd, const void* from, size_t size, off64_t at) { return pwrite(fd, from, size, at); }
ssize_t pwritev(int fd, const iovec* from, int count, off_t at) {
  return wrote(fd, syscall(SYS_pwritev, fd, from, count, at, 0));  // the offset's upper half is for 32-bit machines
}
ssize_t pwritev64(int fd, const iovec* from, int count, off64_t at) { return pwritev(fd, from, count, at); }
int fdatasync(int fd) { return copycost::testing::sync(fd); }
int fsync(int fd) { return copycost::testing::sync(fd); }
int sync_file_range(int, off64_t, off64_t, unsigned) { return 0; }
int msync(void*, size_t, int) { return 0; }
}
