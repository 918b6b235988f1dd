// SPDX-License-Identifier: Apache-2.0
//
// System calls that move bytes between the program and the kernel: each counts as one call and as the bytes that it
// returned. The _chk forms are what programs compiled with _FORTIFY_SOURCE call. Not seen: calls from within libc (the
// writes of stdio) and system calls without libc.
#include <fcntl.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "harness/ledger/hooks/kernel/count.h"
#include "harness/ledger/hooks/next_call.h"
#include "harness/ledger/hooks/visibility.h"

namespace copycost::hooks {
namespace {

constinit next_call<ssize_t(int, void*, size_t)> g_read{"read"};
constinit next_call<ssize_t(int, const void*, size_t)> g_write{"write"};
constinit next_call<ssize_t(int, void*, size_t, off_t)> g_pread{"pread64"};
constinit next_call<ssize_t(int, const void*, size_t, off_t)> g_pwrite{"pwrite64"};
constinit next_call<ssize_t(int, const iovec*, int)> g_readv{"readv"};
constinit next_call<ssize_t(int, const iovec*, int)> g_writev{"writev"};
constinit next_call<ssize_t(int, const iovec*, int, off_t)> g_preadv{"preadv64"};
constinit next_call<ssize_t(int, const iovec*, int, off_t)> g_pwritev{"pwritev64"};
constinit next_call<ssize_t(int, const void*, size_t, int)> g_send{"send"};
constinit next_call<ssize_t(int, void*, size_t, int)> g_recv{"recv"};
constinit next_call<ssize_t(int, const void*, size_t, int, const sockaddr*, socklen_t)> g_sendto{"sendto"};
constinit next_call<ssize_t(int, void*, size_t, int, sockaddr*, socklen_t*)> g_recvfrom{"recvfrom"};
constinit next_call<ssize_t(int, const msghdr*, int)> g_sendmsg{"sendmsg"};
constinit next_call<ssize_t(int, msghdr*, int)> g_recvmsg{"recvmsg"};
constinit next_call<ssize_t(int, const iovec*, int, off_t, int)> g_preadv2{"preadv64v2"};
constinit next_call<ssize_t(int, const iovec*, int, off_t, int)> g_pwritev2{"pwritev64v2"};
constinit next_call<int(int, mmsghdr*, unsigned, int)> g_sendmmsg{"sendmmsg"};
constinit next_call<int(int, mmsghdr*, unsigned, int, timespec*)> g_recvmmsg{"recvmmsg"};
constinit next_call<ssize_t(int, int, off_t*, size_t)> g_sendfile{"sendfile64"};
constinit next_call<ssize_t(int, off64_t*, int, off64_t*, size_t, unsigned)> g_splice{"splice"};
constinit next_call<ssize_t(int, int, size_t, unsigned)> g_tee{"tee"};
constinit next_call<ssize_t(int, const iovec*, size_t, unsigned)> g_vmsplice{"vmsplice"};
constinit next_call<ssize_t(int, off64_t*, int, off64_t*, size_t, unsigned)> g_copy_file_range{"copy_file_range"};
using process_vm = ssize_t(pid_t, const iovec*, unsigned long, const iovec*, unsigned long, unsigned long);
constinit next_call<process_vm> g_process_vm_readv{"process_vm_readv"};
constinit next_call<process_vm> g_process_vm_writev{"process_vm_writev"};
constinit next_call<ssize_t(int, void*, size_t, size_t)> g_read_chk{"__read_chk"};
constinit next_call<ssize_t(int, void*, size_t, off_t, size_t)> g_pread_chk{"__pread64_chk"};
constinit next_call<ssize_t(int, void*, size_t, size_t, int)> g_recv_chk{"__recv_chk"};
constinit next_call<ssize_t(int, void*, size_t, size_t, int, sockaddr*, socklen_t*)> g_recvfrom_chk{"__recvfrom_chk"};

[[gnu::constructor]] void find_transfers() {
  find_all(g_read, g_write, g_pread, g_pwrite, g_readv, g_writev, g_preadv, g_pwritev, g_send, g_recv, g_sendto,
           g_recvfrom, g_sendmsg, g_recvmsg, g_read_chk, g_pread_chk, g_recv_chk, g_recvfrom_chk, g_preadv2, g_pwritev2,
           g_sendmmsg, g_recvmmsg, g_sendfile, g_splice, g_tee, g_vmsplice, g_copy_file_range, g_process_vm_readv,
           g_process_vm_writev);
}

// Of calls that move several messages and return how many.
int count_messages(const mmsghdr* messages, int moved) {
  ssize_t bytes = moved < 0 ? -1 : 0;
  for (int i = 0; i < moved; ++i) bytes += messages[i].msg_len;
  count_moved(bytes);
  return moved;
}

}  // namespace
}  // namespace copycost::hooks

using namespace copycost::hooks;
static_assert(sizeof(off_t) == sizeof(off64_t), "one set of functions serves both names");

CCH_HOOK ssize_t read(int fd, void* to, size_t size) { return count_transfer(g_read(fd, to, size)); }
CCH_HOOK ssize_t write(int fd, const void* from, size_t size) { return count_transfer(g_write(fd, from, size)); }

CCH_HOOK ssize_t pread(int fd, void* to, size_t size, off_t at) { return count_transfer(g_pread(fd, to, size, at)); }
CCH_HOOK ssize_t pread64(int fd, void* to, size_t size, off_t at) { return count_transfer(g_pread(fd, to, size, at)); }
CCH_HOOK ssize_t pwrite(int fd, const void* from, size_t size, off_t at) {
  return count_transfer(g_pwrite(fd, from, size, at));
}
CCH_HOOK ssize_t pwrite64(int fd, const void* from, size_t size, off_t at) {
  return count_transfer(g_pwrite(fd, from, size, at));
}

CCH_HOOK ssize_t readv(int fd, const iovec* to, int n) { return count_transfer(g_readv(fd, to, n)); }
CCH_HOOK ssize_t writev(int fd, const iovec* from, int n) { return count_transfer(g_writev(fd, from, n)); }
CCH_HOOK ssize_t preadv(int fd, const iovec* to, int n, off_t at) { return count_transfer(g_preadv(fd, to, n, at)); }
CCH_HOOK ssize_t preadv64(int fd, const iovec* to, int n, off_t at) { return count_transfer(g_preadv(fd, to, n, at)); }
CCH_HOOK ssize_t pwritev(int fd, const iovec* from, int n, off_t at) {
  return count_transfer(g_pwritev(fd, from, n, at));
}
CCH_HOOK ssize_t pwritev64(int fd, const iovec* from, int n, off_t at) {
  return count_transfer(g_pwritev(fd, from, n, at));
}

CCH_HOOK ssize_t send(int fd, const void* from, size_t size, int flags) {
  return count_transfer(g_send(fd, from, size, flags));
}
CCH_HOOK ssize_t recv(int fd, void* to, size_t size, int flags) { return count_transfer(g_recv(fd, to, size, flags)); }
CCH_HOOK ssize_t sendto(int fd, const void* from, size_t size, int flags, const sockaddr* address, socklen_t length) {
  return count_transfer(g_sendto(fd, from, size, flags, address, length));
}
CCH_HOOK ssize_t recvfrom(int fd, void* to, size_t size, int flags, sockaddr* address, socklen_t* length) {
  return count_transfer(g_recvfrom(fd, to, size, flags, address, length));
}
CCH_HOOK ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  return count_transfer(g_sendmsg(fd, message, flags));
}
CCH_HOOK ssize_t recvmsg(int fd, msghdr* message, int flags) { return count_transfer(g_recvmsg(fd, message, flags)); }

CCH_HOOK ssize_t __read_chk(int fd, void* to, size_t size, size_t room) {
  return count_transfer(g_read_chk(fd, to, size, room));
}
CCH_HOOK ssize_t __pread_chk(int fd, void* to, size_t size, off_t at, size_t room) {
  return count_transfer(g_pread_chk(fd, to, size, at, room));
}
CCH_HOOK ssize_t __pread64_chk(int fd, void* to, size_t size, off_t at, size_t room) {
  return count_transfer(g_pread_chk(fd, to, size, at, room));
}
CCH_HOOK ssize_t __recv_chk(int fd, void* to, size_t size, size_t room, int flags) {
  return count_transfer(g_recv_chk(fd, to, size, room, flags));
}
CCH_HOOK ssize_t __recvfrom_chk(int fd, void* to, size_t size, size_t room, int flags, sockaddr* address,
                                socklen_t* length) {
  return count_transfer(g_recvfrom_chk(fd, to, size, room, flags, address, length));
}

CCH_HOOK ssize_t preadv2(int fd, const iovec* to, int n, off_t at, int flags) {
  return count_transfer(g_preadv2(fd, to, n, at, flags));
}
CCH_HOOK ssize_t preadv64v2(int fd, const iovec* to, int n, off_t at, int flags) {
  return count_transfer(g_preadv2(fd, to, n, at, flags));
}
CCH_HOOK ssize_t pwritev2(int fd, const iovec* from, int n, off_t at, int flags) {
  return count_transfer(g_pwritev2(fd, from, n, at, flags));
}
CCH_HOOK ssize_t pwritev64v2(int fd, const iovec* from, int n, off_t at, int flags) {
  return count_transfer(g_pwritev2(fd, from, n, at, flags));
}
CCH_HOOK int sendmmsg(int fd, mmsghdr* messages, unsigned n, int flags) {
  return count_messages(messages, g_sendmmsg(fd, messages, n, flags));
}
CCH_HOOK int recvmmsg(int fd, mmsghdr* messages, unsigned n, int flags, timespec* patience) {
  return count_messages(messages, g_recvmmsg(fd, messages, n, flags, patience));
}
CCH_HOOK ssize_t sendfile(int to, int from, off_t* at, size_t size) noexcept {
  return count_transfer(g_sendfile(to, from, at, size));
}
CCH_HOOK ssize_t sendfile64(int to, int from, off64_t* at, size_t size) noexcept {
  return count_transfer(g_sendfile(to, from, at, size));
}
CCH_HOOK ssize_t splice(int from, off64_t* at, int to, off64_t* to_at, size_t size, unsigned flags) {
  return count_transfer(g_splice(from, at, to, to_at, size, flags));
}
CCH_HOOK ssize_t tee(int from, int to, size_t size, unsigned flags) {
  return count_transfer(g_tee(from, to, size, flags));
}
CCH_HOOK ssize_t vmsplice(int fd, const iovec* from, size_t n, unsigned flags) {
  return count_transfer(g_vmsplice(fd, from, n, flags));
}
CCH_HOOK ssize_t copy_file_range(int from, off64_t* at, int to, off64_t* to_at, size_t size, unsigned flags) {
  return count_transfer(g_copy_file_range(from, at, to, to_at, size, flags));
}
CCH_HOOK ssize_t process_vm_readv(pid_t of, const iovec* to, unsigned long n, const iovec* from, unsigned long m,
                                  unsigned long flags) noexcept {
  return count_transfer(g_process_vm_readv(of, to, n, from, m, flags));
}
CCH_HOOK ssize_t process_vm_writev(pid_t of, const iovec* from, unsigned long n, const iovec* to, unsigned long m,
                                   unsigned long flags) noexcept {
  return count_transfer(g_process_vm_writev(of, from, n, to, m, flags));
}
