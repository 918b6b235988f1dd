// SPDX-License-Identifier: Apache-2.0
// Goal: bytes arrive whole and in order, and a peer that is gone is a failure and not a wait. Method: a forked child.
#include "scenarios/common/socket_end.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <numeric>
#include <vector>

#include "harness/base/failure.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

int segment() {
  const int fd = memfd_create("test", 0);
  REQUIRE(ftruncate(fd, socket_end::kSegmentBytes) == 0);
  return fd;
}

std::vector<std::byte> rising(std::size_t size) {
  std::vector<std::byte> out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(i * 31 >> 3);
  return out;
}

// Runs `child` in a process of its own and answers its exit code.
template <class Child>
pid_t start(Child child) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  int code = 1;
  try {
    code = child();
  } catch (const failure&) {
    code = 2;
  }
  _exit(code);
}
int code_of(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_CASE("socket_end: a message larger than the socket's buffer arrives whole") {
  const int fd = segment();
  const auto head = rising(16), body = rising(3'000'000);
  socket_end mine(fd, 0);
  const pid_t child = start([&] {
    socket_end its(fd, 1);
    std::vector<std::byte> got(head.size() + body.size());
    its.receive(got);
    const bool same =
        std::equal(head.begin(), head.end(), got.begin()) && std::equal(body.begin(), body.end(), got.begin() + 16);
    return same ? 0 : 3;
  });
  mine.send(head, body);
  CHECK(code_of(child) == 0);
  close(fd);
}

TEST_CASE("socket_end: a peer that dies ends the stream on both sides") {
  const int fd = segment();
  socket_end mine(fd, 0);
  const pid_t silent = start([&] {
    socket_end its(fd, 1);
    return 0;
  });
  CHECK(code_of(silent) == 0);
  const auto body = rising(1000);
  CHECK_THROWS_AS(
      [&] {
        for (int i = 0; i < 3; ++i) mine.send({}, body);
      }(),
      failure);
  std::vector<std::byte> into(1);
  CHECK_THROWS_AS(mine.receive(into), failure);
  close(fd);
}

TEST_CASE("socket_end: hanging up fails the peer at once") {
  const int fd = segment();
  socket_end mine(fd, 0);
  const pid_t child = start([&] {
    socket_end its(fd, 1);
    std::vector<std::byte> into(10);
    its.receive(into);
    return 0;
  });
  mine.hang_up();
  CHECK(code_of(child) == 2);
  close(fd);
}

}  // namespace
}  // namespace copycost
