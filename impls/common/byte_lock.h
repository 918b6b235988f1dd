// SPDX-License-Identifier: Apache-2.0
//
// Locks on single bytes of an open file, not on its content: a process that holds one is alive. The kernel releases the
// lock when the last process that has the open file is gone, however it ended. A new process that happens to get the
// same process number does not hold it.
//
// A lock belongs to the open file: a duplicate of the descriptor shares it, a second open() of the same file does not.
// A child made by fork() shares it too, until it ends or starts another program.
//
// Threads: safe; no state.
// Cost: a system call each, some 0.3 us.
// Source: fcntl(2), "Open file description locks".
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace copycost {

namespace detail {
inline int byte_lock(int fd, int command, short type, unsigned byte, struct flock& out) {
  out = {};
  out.l_type = type;
  out.l_whence = SEEK_SET;
  out.l_start = static_cast<off_t>(byte);
  out.l_len = 1;
  int answer = 0;
  do answer = fcntl(fd, command, &out);
  while (answer != 0 && errno == EINTR);
  return answer;
}
}  // namespace detail

// Waits for the byte. False: errno says why.
inline bool wait_for_byte(int fd, unsigned byte) {
  struct flock lock;
  return detail::byte_lock(fd, F_OFD_SETLKW, F_WRLCK, byte, lock) == 0;
}
// Takes the byte, also when this open file has it already; false: another open file has it.
inline bool lock_byte(int fd, unsigned byte) {
  struct flock lock;
  return detail::byte_lock(fd, F_OFD_SETLK, F_WRLCK, byte, lock) == 0;
}
inline void unlock_byte(int fd, unsigned byte) {
  struct flock lock;
  detail::byte_lock(fd, F_OFD_SETLK, F_UNLCK, byte, lock);
}
// Whether another open file has it. When the kernel does not answer, its owner is taken for alive: late to reclaim,
// never wrong.
inline bool is_byte_locked_elsewhere(int fd, unsigned byte) {
  struct flock lock;
  return detail::byte_lock(fd, F_OFD_GETLK, F_WRLCK, byte, lock) != 0 || lock.l_type != F_UNLCK;
}

}  // namespace copycost
