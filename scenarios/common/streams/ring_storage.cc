// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "harness/base/check.h"
#include "harness/base/failure.h"
#include "scenarios/common/streams/ring_stream.h"

namespace copycost {
namespace {

[[noreturn]] void fail(const char* what, int code) {
  throw failure(exit_code::internal, std::string(what) + ": " + std::strerror(code));
}

struct flock lock_of(unsigned side, short type) {
  struct flock l {};
  l.l_type = type;
  l.l_whence = SEEK_SET;
  l.l_start = static_cast<off_t>(side);
  l.l_len = 1;
  return l;
}

// Another open file of the same segment: locks belong to open files.
int opened_again(int segment_fd) {
  const std::string path = "/proc/self/fd/" + std::to_string(segment_fd);
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) fail("cannot open a stream's segment", errno);
  return fd;
}

void* map(int fd, std::size_t bytes) {
  void* const memory =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, fd >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, fd, 0);
  if (memory == MAP_FAILED) fail("cannot map a stream's rings", errno);
  return memory;
}

bool is_capacity(std::size_t n) { return n >= 4096 && (n & (n - 1)) == 0; }

}  // namespace

ring_storage::ring_storage(std::size_t capacity) : capacity_(capacity), pid_(::getpid()) {
  COPYCOST_REQUIRE(is_capacity(capacity));
  memory_ = map(-1, ring_segment_bytes(capacity));
}

ring_storage::ring_storage(int segment_fd, unsigned side, std::size_t capacity)
    : capacity_(capacity), fd_(opened_again(segment_fd)), pid_(::getpid()) {
  COPYCOST_REQUIRE(is_capacity(capacity) && side < 2);
  struct stat file {};
  struct flock lock = lock_of(side, F_WRLCK);
  const char* what = nullptr;
  if (::fstat(fd_, &file) != 0)
    what = "cannot look at a stream's segment";
  else if (static_cast<std::uint64_t>(file.st_size) < ring_segment_bytes(capacity)) {
    what = "a stream's segment is too small";
    errno = EINVAL;
  } else if (::fcntl(fd_, F_OFD_SETLK, &lock) != 0)
    what = "somebody else has this end of the stream";
  if (what != nullptr) fail(what, errno);
  memory_ = map(fd_, ring_segment_bytes(capacity));
  rings().side[side].joined.store(1, std::memory_order_release);
}

ring_storage::~ring_storage() { ::munmap(memory_, ring_segment_bytes(capacity_)); }

bool ring_storage::is_gone(unsigned side) const {
  if (fd_ < 0 || rings().side[side].joined.load(std::memory_order_acquire) == 0) return false;
  struct flock lock = lock_of(side, F_WRLCK);
  return ::fcntl(fd_, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_UNLCK;
}

bool ring_storage::is_mine() const { return ::getpid() == pid_; }

}  // namespace copycost
