// SPDX-License-Identifier: Apache-2.0
#include "impls/common/shm_segment.h"

#include <sys/mman.h>

#include <algorithm>
#include <string>

#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/memory_file.h"

using namespace copycost;

namespace {

constexpr std::size_t kBytes = shm_segment::kBytesMin;

shm_segment made(bool prefault = false) {
  auto s = shm_segment::create({kBytes, prefault});
  REQUIRE(s.ok());
  return std::move(s).value();
}
shm_segment attached(int fd) {
  auto s = shm_segment::attach(fd);
  REQUIRE(s.ok());
  return std::move(s).value();
}

// A file of zeros without a name, with `words` at its beginning.
struct file : test::memory_file {
  explicit file(std::size_t bytes, std::initializer_list<std::uint64_t> words = {}) : memory_file(bytes) {
    for (std::uint64_t at = 0; const std::uint64_t w : words) put(std::exchange(at, at + sizeof w), w);
  }
};

// The error of attaching to `fd`, whose line is checked for being one line.
shm_error refusal(int fd) {
  const auto s = shm_segment::attach(fd);
  REQUIRE(!s.ok());
  const std::string line = to_string(s.error());
  CHECK(line.rfind("shared memory: ", 0) == 0);
  CHECK(line.find('\n') == std::string::npos);
  return s.error();
}

}  // namespace

TEST_CASE("what one attachment writes the other reads", "[shm_segment]") {
  const bool prefault = GENERATE(false, true);
  const shm_segment a = made(prefault);
  const shm_segment b = attached(a.descriptor());
  REQUIRE(a.bytes() == kBytes);
  REQUIRE(b.bytes() == kBytes);
  CHECK(a.base() != b.base());
  CHECK(b.is_same_file(a.descriptor()));
  CHECK(!b.is_same_file(made().descriptor()));
  CHECK(std::all_of(b.base() + shm_segment::kHeaderBytes, b.base() + kBytes,
                    [](std::byte x) { return x == std::byte{0}; }));
  a.base()[kBytes - 1] = std::byte{42};
  CHECK(b.base()[kBytes - 1] == std::byte{42});
}

TEST_CASE("a segment that we made cannot be resized", "[shm_segment]") {
  const shm_segment s = made();
  CHECK(ftruncate(s.descriptor(), 4096) != 0);
  CHECK(ftruncate(s.descriptor(), 2 * kBytes) != 0);
}

TEST_CASE("a file of zeros becomes a segment, and what it becomes is found by the next one", "[shm_segment]") {
  const file f(kBytes);
  { const shm_segment first = attached(f.fd); }
  std::uint64_t magic = 0;
  REQUIRE(pread(f.fd, &magic, sizeof magic, 0) == sizeof magic);
  CHECK(magic == shm_segment::kMagic);
  const shm_segment second = attached(f.fd);
  CHECK(second.bytes() == kBytes);
}

TEST_CASE("what is not a segment is refused with the reason", "[shm_segment]") {
  SECTION("no descriptor") { CHECK(refusal(-1).code == shm_error::system); }
  SECTION("too small") {
    const shm_error e = refusal(file(4096).fd);
    CHECK(e.code == shm_error::truncated);
    CHECK(e.expected == kBytes);
    CHECK(e.got == 4096);
  }
  SECTION("something else") { CHECK(refusal(file(kBytes, {42}).fd).code == shm_error::bad_magic); }
  SECTION("another version") {
    const shm_error e = refusal(file(kBytes, {shm_segment::kMagic, 7, kBytes}).fd);
    CHECK(e.code == shm_error::unsupported_version);
    CHECK(e.got == 7);
  }
  SECTION("cut off") {
    const shm_error e = refusal(file(kBytes, {shm_segment::kMagic, shm_segment::kVersion, 2 * kBytes}).fd);
    CHECK(e.code == shm_error::truncated);
    CHECK(e.expected == 2 * kBytes);
    CHECK(e.got == kBytes);
  }
  SECTION("too little asked for") { CHECK(shm_segment::create({4096, false}).error().code == shm_error::truncated); }
}

TEST_CASE("a slot belongs to one attachment at a time", "[shm_segment]") {
  const shm_segment a = made();
  {
    const shm_segment b = attached(a.descriptor());
    REQUIRE(b.claim(3));
    CHECK(!a.claim(3));
    CHECK(a.claim(4));
    CHECK(a.is_claimed_elsewhere(3));
    CHECK(!a.is_claimed_elsewhere(4));  // its own
    CHECK(b.is_claimed_elsewhere(4));
    b.unclaim(3);
    CHECK(!a.is_claimed_elsewhere(3));
    REQUIRE(b.claim(3));
  }
  CHECK(!a.is_claimed_elsewhere(3));  // b is gone
  CHECK(a.claim(3));
}

TEST_CASE("the kernel gives a killed process's slot back", "[shm_segment]") {
  const shm_segment a = made();
  const file ready(4096);
  const pid_t pid = test::start_child([&] {
    auto b = shm_segment::attach(a.descriptor());
    if (!b || !b->claim(5)) return 1;
    if (write(ready.fd, "x", 1) != 1) return 2;
    for (;;) pause();
  });
  char byte = 0;
  while (pread(ready.fd, &byte, 1, 0) == 1 && byte == 0) usleep(100);
  CHECK(a.is_claimed_elsewhere(5));
  CHECK(test::kill_child(pid) == 1000 + SIGKILL);
  CHECK(!a.is_claimed_elsewhere(5));
}

TEST_CASE("a forked child has neither the memory nor, after its parent, the slot", "[shm_segment]") {
  const shm_segment a = made();
  CHECK(a.is_mapped_here());
  CHECK(test::run_child([&] { return a.is_mapped_here() ? 1 : 0; }) == 0);
  const int end = test::run_child([&] {
    signal(SIGSEGV, SIG_DFL);  // a sanitizer's or Catch's handler would write a page about it
    return static_cast<int>(*const_cast<const volatile std::byte*>(a.base()));
  });
  CHECK(end == 1000 + SIGSEGV);
}
