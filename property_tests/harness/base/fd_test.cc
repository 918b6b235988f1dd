// SPDX-License-Identifier: Apache-2.0
#include "harness/base/fd.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "property_tests/catch.h"

namespace copycost {
namespace {

owned_fd opened() { return owned_fd(memfd_create("test", MFD_CLOEXEC)); }
bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

TEST_CASE("owned_fd: it is closed once, by who has it last") {
  int number = -1;
  {
    owned_fd first = opened();
    REQUIRE(first.valid());
    number = first;
    const owned_fd second = std::move(first);
    CHECK_FALSE(first.valid());
    CHECK(second == number);
    CHECK(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("owned_fd: what it takes replaces what it had, itself excepted") {
  owned_fd one = opened(), two = opened();
  const int had = one, takes = two;
  one = std::move(two);
  CHECK_FALSE(is_open(had));
  CHECK((one == takes && is_open(takes)));
  owned_fd& same = one;
  one = std::move(same);
  CHECK((one == takes && is_open(takes)));
  const int given = one.release();
  CHECK_FALSE(one.valid());
  CHECK(is_open(given));
  one.reset(given);
  one.reset();
  CHECK_FALSE(is_open(given));
}

TEST_CASE("owned_fd: what failed before a close is still told") {
  {
    const owned_fd wrong(987654);  // close() fails with EBADF
    errno = ENOSPC;
  }
  CHECK(errno == ENOSPC);
}

}  // namespace
}  // namespace copycost
