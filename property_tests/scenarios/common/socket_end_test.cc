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
#include "property_tests/child.h"
#include "property_tests/memory_file.h"

namespace copycost {
namespace {

std::vector<std::byte> rising(std::size_t size) {
  std::vector<std::byte> out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(i * 31 >> 3);
  return out;
}

TEST_CASE("socket_end: a message larger than the socket's buffer arrives whole") {
  const test::memory_file file(socket_end::kSegmentBytes);
  const int fd = file.fd;
  const auto head = rising(16), body = rising(3'000'000);
  socket_end mine(fd, 0);
  const pid_t child = test::start_child([&] {
    socket_end its(fd, 1);
    std::vector<std::byte> got(head.size() + body.size());
    its.receive(got);
    const bool same =
        std::equal(head.begin(), head.end(), got.begin()) && std::equal(body.begin(), body.end(), got.begin() + 16);
    return same ? 0 : 3;
  });
  mine.send(head, body);
  CHECK(test::end_of(child) == 0);
}

TEST_CASE("socket_end: a peer that dies ends the stream on both sides") {
  const test::memory_file file(socket_end::kSegmentBytes);
  const int fd = file.fd;
  socket_end mine(fd, 0);
  const pid_t silent = test::start_child([&] {
    socket_end its(fd, 1);
    return 0;
  });
  CHECK(test::end_of(silent) == 0);
  const auto body = rising(1000);
  CHECK_THROWS_AS(
      [&] {
        for (int i = 0; i < 3; ++i) mine.send({}, body);
      }(),
      failure);
  std::vector<std::byte> into(1);
  CHECK_THROWS_AS(mine.receive(into), failure);
}

TEST_CASE("socket_end: hanging up fails the peer at once") {
  const test::memory_file file(socket_end::kSegmentBytes);
  const int fd = file.fd;
  socket_end mine(fd, 0);
  const pid_t child = test::start_child([&] {
    socket_end its(fd, 1);
    std::vector<std::byte> into(10);
    try {
      its.receive(into);
    } catch (const failure&) {
      return 2;
    }
    return 0;
  });
  mine.hang_up();
  CHECK(test::end_of(child) == 2);
}

}  // namespace
}  // namespace copycost
