// SPDX-License-Identifier: Apache-2.0
// System calls are counted, with the bytes that they moved.
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <functional>

#include "property_tests/catch.h"
#include "property_tests/harness/hooks/support.h"

using namespace hooks_test;

extern "C" ssize_t __read_chk(int, void*, size_t, size_t);
extern "C" ssize_t __recv_chk(int, void*, size_t, size_t, int);
extern "C" int __open_2(const char*, int);

namespace {

char g_buffer[256];

struct transfer {
  const char* name;
  std::uint64_t bytes;
  std::function<ssize_t()> run;
};

void check(const transfer& t) {
  ssize_t result = -1;
  const cch_counts c = counted([&] { result = t.run(); });
  INFO(t.name);
  CHECK(result == static_cast<ssize_t>(t.bytes));
  CHECK(c.kernel_bytes == t.bytes);
  CHECK(c.syscalls == 1);
}

void check_call(const char* name, const std::function<void()>& call) {
  const cch_counts c = counted(call);
  INFO(name);
  CHECK(c.syscalls == 1);
  CHECK(c.kernel_bytes == 0);
}

}  // namespace

TEST_CASE("reads and writes of a file count their bytes") {
  const int fd = memfd_create("kernel_test", 0);
  REQUIRE(fd >= 0);
  iovec both[2] = {{g_buffer, 10}, {g_buffer + 100, 20}};
  const transfer transfers[] = {
      {"write", 100, [=] { return write(fd, g_buffer, 100); }},
      {"pwrite", 50, [=] { return pwrite(fd, g_buffer, 50, 0); }},
      {"pwrite64", 51, [=] { return pwrite64(fd, g_buffer, 51, 0); }},
      {"writev", 30, [&] { return writev(fd, both, 2); }},
      {"pwritev", 30, [&] { return pwritev(fd, both, 2, 0); }},
      {"pwritev64", 30, [&] { return pwritev64(fd, both, 2, 0); }},
      {"pread", 60, [=] { return pread(fd, g_buffer, 60, 0); }},
      {"pread64", 61, [=] { return pread64(fd, g_buffer, 61, 0); }},
      {"preadv", 30, [&] { return preadv(fd, both, 2, 0); }},
      {"preadv64", 30, [&] { return preadv64(fd, both, 2, 0); }},
      {"pread at the end", 5, [=] { return pread(fd, g_buffer, 100, 125); }},
  };
  for (const transfer& t : transfers) check(t);
  REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
  check({"read", 70, [=] { return read(fd, g_buffer, 70); }});
  check({"__read_chk", 7, [=] { return __read_chk(fd, g_buffer, 7, sizeof g_buffer); }});
  check({"readv", 30, [&] { return readv(fd, both, 2); }});
  close(fd);
}

TEST_CASE("sends and receives count their bytes") {
  int pair[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  iovec part = {g_buffer, 33};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  check({"send", 40, [&] { return send(pair[0], g_buffer, 40, 0); }});
  check({"sendto", 41, [&] { return sendto(pair[0], g_buffer, 41, 0, nullptr, 0); }});
  check({"sendmsg", 33, [&] { return sendmsg(pair[0], &message, 0); }});
  check({"recv", 10, [&] { return recv(pair[1], g_buffer, 10, 0); }});
  check({"__recv_chk", 4, [&] { return __recv_chk(pair[1], g_buffer, 4, sizeof g_buffer, 0); }});
  check({"recvfrom", 11, [&] { return recvfrom(pair[1], g_buffer, 11, 0, nullptr, nullptr); }});
  check({"recvmsg", 33, [&] { return recvmsg(pair[1], &message, 0); }});
  close(pair[0]);
  close(pair[1]);
}

TEST_CASE("a call that fails is a call without bytes") {
  ssize_t result = 0;
  const cch_counts c = counted([&] {
    errno = 0;
    result = write(-1, g_buffer, 10);
  });
  CHECK(result == -1);
  CHECK(errno == EBADF);
  CHECK(c.syscalls == 1);
  CHECK(c.kernel_bytes == 0);
}

TEST_CASE("calls without payload are counted one each") {
  const scratch directory;
  const std::string path = directory.file("file");
  const std::string parent = std::filesystem::path(path).parent_path();
  int fd = -1, at = -1, epoll = -1;
  void* mapped = nullptr;
  check_call("open", [&] { fd = open(path.c_str(), O_CREAT | O_RDWR, 0600); });
  REQUIRE(fd >= 0);
  CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  check_call("openat", [&] { at = openat(AT_FDCWD, parent.c_str(), O_RDONLY | O_DIRECTORY); });
  check_call("close", [&] { close(at); });
  check_call("open64", [&] { at = open64(path.c_str(), O_RDONLY); });
  close(at);
  check_call("openat64", [&] { at = openat64(AT_FDCWD, path.c_str(), O_RDONLY); });
  close(at);
  check_call("__open_2", [&] { at = __open_2(path.c_str(), O_RDONLY); });
  close(at);
  check_call("ftruncate", [&] { REQUIRE(ftruncate(fd, 8192) == 0); });
  check_call("ftruncate64", [&] { REQUIRE(ftruncate64(fd, 8192) == 0); });
  check_call("mmap", [&] { mapped = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0); });
  REQUIRE(mapped != MAP_FAILED);
  check_call("msync", [&] { REQUIRE(msync(mapped, 8192, MS_SYNC) == 0); });
  check_call("madvise", [&] { REQUIRE(madvise(mapped, 8192, MADV_NORMAL) == 0); });
  check_call("mprotect", [&] { REQUIRE(mprotect(mapped, 8192, PROT_READ) == 0); });
  check_call("munmap", [&] { REQUIRE(munmap(mapped, 8192) == 0); });
  check_call("fsync", [&] { REQUIRE(fsync(fd) == 0); });
  check_call("fdatasync", [&] { REQUIRE(fdatasync(fd) == 0); });
  pollfd waiting = {fd, POLLIN, 0};
  check_call("poll", [&] { REQUIRE(poll(&waiting, 1, 0) == 1); });
  epoll = epoll_create1(0);
  epoll_event event = {};
  check_call("epoll_wait", [&] { REQUIRE(epoll_wait(epoll, &event, 1, 0) == 0); });
  check_call("memfd_create", [&] { at = memfd_create("memory", 0); });
  CHECK(at >= 0);
  close(at);
  close(epoll);
  close(fd);
}

TEST_CASE("the allocator's own system calls are not the program's") {
  const cch_counts c = counted([] {
    for (int i = 0; i < 20; ++i) {
      void* block = escape(std::malloc(100u << 20));  // beyond what the allocator caches
      static_cast<char*>(block)[0] = 1;
      std::free(block);
    }
  });
  CHECK(c.allocs == 20);
  CHECK(c.syscalls == 0);
}

TEST_CASE("detours are counted: bytes that go through the kernel and come back, by whatever call") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  char from[64] = "payload", to[64];
  const iovec here{to, sizeof to}, there{from, sizeof from};
  check({"process_vm_readv", 64, [&] { return process_vm_readv(getpid(), &here, 1, &there, 1, 0); }});
  check({"process_vm_writev", 64, [&] { return process_vm_writev(getpid(), &there, 1, &here, 1, 0); }});
  check({"vmsplice", 64, [&] { return vmsplice(ends[1], &there, 1, 0); }});
  check({"read by number", 64, [&] { return syscall(SYS_read, ends[0], to, sizeof to); }});
  const int fd = memfd_create("detour", 0);
  REQUIRE((fd >= 0 && write(fd, from, sizeof from) == 64));
  off_t at = 0;
  check({"sendfile", 64, [&] { return sendfile(ends[1], fd, &at, 64); }});
  int others[2];
  REQUIRE(pipe(others) == 0);
  check({"splice", 64, [&] { return splice(ends[0], nullptr, others[1], nullptr, 64, 0); }});
  close(others[0]);
  close(others[1]);
  check({"preadv2", 64, [&] { return preadv2(fd, &here, 1, 0, 0); }});
  close(fd);
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("address space is counted: mmap, mremap, brk and munmap, and a call that could not touch its memory") {
  cch_counts c = counted([] {
    void* p = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    p = mremap(p, 8192, 16384, MREMAP_MAYMOVE);
    munmap(p, 16384);
  });
  CHECK((c.mapped_bytes == 16384 && c.unmapped_bytes == 16384 && c.syscalls == 3));
  c = counted([] {
    sbrk(4096);
    sbrk(-4096);
  });
  CHECK((c.mapped_bytes == 4096 && c.unmapped_bytes == 4096));
  void* closed = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  c = counted([&] { CHECK(write(ends[1], closed, 10) == -1); });
  CHECK((c.faulted_calls == 1 && c.kernel_bytes == 0));
  close(ends[0]);
  close(ends[1]);
  munmap(closed, 4096);
}
