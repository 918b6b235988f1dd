// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/trace/pending_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace copycost::hooks {

int pending_file::open(const char* path) {
  if (std::strlen(path) >= sizeof path_) return ENAMETOOLONG;
  std::snprintf(path_, sizeof path_, "%s", path);
  std::snprintf(temporary_, sizeof temporary_, "%s.%ld.tmp", path, static_cast<long>(getpid()));
  fd_ = ::open(temporary_, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  return fd_ < 0 ? errno : 0;
}

int pending_file::write(const char* text, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(fd_, text, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text += written;
    size -= static_cast<std::size_t>(written);
  }
  return 0;
}

int pending_file::commit() {
  const int closed = ::close(fd_) == 0 ? 0 : errno;
  fd_ = -1;
  const int result = closed != 0 ? closed : std::rename(temporary_, path_) == 0 ? 0 : errno;
  if (result != 0) ::unlink(temporary_);
  return result;
}

void pending_file::discard() {
  abandon();
  ::unlink(temporary_);
}

void pending_file::abandon() {
  ::close(fd_);
  fd_ = -1;
}

}  // namespace copycost::hooks
