// SPDX-License-Identifier: Apache-2.0
// Copies are counted with all their bytes; payload among them is known by address and by content.
#include <strings.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <vector>

#include "harness/ledger/witness/pattern.h"
#include "property_tests/catch.h"
#include "property_tests/harness/hooks/support.h"

using namespace hooks_test;
namespace pattern = copycost::pattern;

extern "C" {
void* __memcpy_chk(void*, const void*, std::size_t, std::size_t);
void* __memmove_chk(void*, const void*, std::size_t, std::size_t);
void* __mempcpy_chk(void*, const void*, std::size_t, std::size_t);
}

namespace {

using copy_function = std::function<void(void*, const void*, std::size_t)>;

// Called through a pointer that the compiler cannot see through, so that it is a call.
void call_memcpy(void* to, const void* from, std::size_t size) {
  void* (*volatile copy)(void*, const void*, std::size_t) = std::memcpy;
  copy(to, from, size);
}

const std::pair<const char*, copy_function> kCopies[] = {
    {"memcpy", call_memcpy},
    {"memmove",
     [](void* to, const void* from, std::size_t n) {
       void* (*volatile copy)(void*, const void*, std::size_t) = std::memmove;
       copy(to, from, n);
     }},
    {"mempcpy",
     [](void* to, const void* from, std::size_t n) {
       void* (*volatile copy)(void*, const void*, std::size_t) = mempcpy;
       if (copy(to, from, n) != static_cast<char*>(to) + n) std::abort();
     }},
    {"bcopy",
     [](void* to, const void* from, std::size_t n) {
       void (*volatile copy)(const void*, void*, std::size_t) = bcopy;
       copy(from, to, n);
     }},
    {"__memcpy_chk", [](void* to, const void* from, std::size_t n) { __memcpy_chk(to, from, n, n); }},
    {"__memmove_chk", [](void* to, const void* from, std::size_t n) { __memmove_chk(to, from, n, n + 1); }},
    {"__mempcpy_chk",
     [](void* to, const void* from, std::size_t n) {
       if (__mempcpy_chk(to, from, n, SIZE_MAX) != static_cast<char*>(to) + n) std::abort();
     }},
};

// Forgets ranges and epoch, whatever happens in a test.
struct payload_scope {
  ~payload_scope() {
    cch_payload_clear();
    cch_payload_epoch(0);
  }
};

std::vector<unsigned char> noise(std::size_t size) {
  std::mt19937 random(7);
  std::vector<unsigned char> bytes(size);
  for (unsigned char& b : bytes) b = static_cast<unsigned char>(random());
  return bytes;
}

std::uint64_t payload_of(const void* from, std::size_t size) {
  static unsigned char target[1 << 16];
  return counted([&] { call_memcpy(target, from, size); }).payload_copy_bytes;
}

}  // namespace

TEST_CASE("every copy function counts its bytes once and copies them") {
  const std::vector<unsigned char> from = noise(5000);
  for (const auto& named : kCopies) {
    const copy_function& copy = named.second;
    for (const std::size_t size : {0u, 1u, 15u, 16u, 200u, 5000u}) {
      std::vector<unsigned char> to(size + 1, 0xEE);
      const cch_counts c = counted([&] { copy(to.data(), from.data(), size); });
      CAPTURE(named.first, size);
      CHECK(c.copy_calls == 1);
      CHECK(c.copy_bytes == size);
      CHECK(c.payload_copy_bytes == 0);
      CHECK(c.allocs == 0);
      CHECK(std::equal(to.begin(), to.begin() + static_cast<std::ptrdiff_t>(size), from.begin()));
      CHECK(to[size] == 0xEE);
    }
  }
}

TEST_CASE("a checked copy into too little room ends the process, as libc's does") {
  void* (*const checked[])(void*, const void*, std::size_t, std::size_t) = {__memcpy_chk, __memmove_chk, __mempcpy_chk};
  for (const auto copy : checked) {
    const pid_t child = fork();
    if (child == 0) {
      char to[16];
      if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(1);
      std::signal(SIGABRT, SIG_DFL);  // the test framework has a handler of its own
      copy(to, "0123456789", 10, 5);
      _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT));
  }
}

TEST_CASE("memmove within one buffer moves in both directions") {
  void* (*volatile move)(void*, const void*, std::size_t) = std::memmove;
  for (const int shift : {-9, -1, 1, 9}) {
    std::vector<unsigned char> bytes = noise(300);
    const std::vector<unsigned char> original = bytes;
    move(bytes.data() + 50 + shift, bytes.data() + 50, 200);
    CAPTURE(shift);
    CHECK(std::equal(original.begin() + 50, original.begin() + 250, bytes.begin() + 50 + shift));
  }
}

TEST_CASE("a copy from a registered range is a copy of payload") {
  const payload_scope scope;
  const std::vector<unsigned char> payload = noise(1000);
  const std::vector<unsigned char> other = noise(1000);
  REQUIRE(cch_payload_add(payload.data(), payload.size()) == 0);
  CHECK(payload_of(payload.data(), 1000) == 1000);
  CHECK(payload_of(payload.data() + 500, 3) == 3);
  CHECK(payload_of(other.data(), 1000) == 0);
  cch_payload_clear();
  CHECK(payload_of(payload.data(), 1000) == 0);
}

TEST_CASE("of a copy that reaches out of its range, the part inside is payload") {
  const payload_scope scope;
  const std::vector<unsigned char> bytes = noise(1000);
  REQUIRE(cch_payload_add(bytes.data() + 100, 200) == 0);
  REQUIRE(cch_payload_add(bytes.data() + 400, 50) == 0);
  CHECK(payload_of(bytes.data(), 1000) == 250);
  CHECK(payload_of(bytes.data() + 250, 100) == 50);
  CHECK(payload_of(bytes.data() + 300, 100) == 0);
}

TEST_CASE("the table of ranges is finite and says so") {
  const payload_scope scope;
  const std::vector<unsigned char> bytes(100);
  for (int i = 0; i < 64; ++i) REQUIRE(cch_payload_add(bytes.data() + i, 1) == 0);
  CHECK(cch_payload_add(bytes.data() + 64, 1) == ENOSPC);
  CHECK(cch_payload_add(nullptr, 1) == EINVAL);
  CHECK(cch_payload_add(bytes.data(), 0) == EINVAL);
  CHECK(payload_of(bytes.data() + 63, 1) == 1);
}

TEST_CASE("payload is recognised by content through any number of copies, and nothing else is") {
  const payload_scope scope;
  constexpr std::uint16_t kEpoch = 77;
  std::vector<unsigned char> payload(4000);
  pattern::write(payload.data(), payload.size(), kEpoch, 5);
  const std::vector<unsigned char> second = payload;
  std::vector<unsigned char> framed = noise(4040);
  std::memcpy(framed.data() + 40, payload.data(), 1000);
  std::memset(framed.data() + 1040, 0, 3000);

  CHECK(payload_of(second.data(), 4000) == 0);  // no epoch is set yet
  cch_payload_epoch(kEpoch);
  CHECK(payload_of(payload.data(), 4000) == 4000);
  CHECK(payload_of(second.data(), 4000) == 4000);
  CHECK(payload_of(second.data() + 13, 321) == 321);
  CHECK(payload_of(framed.data(), 4040) == 1000);
  CHECK(payload_of(noise(4000).data(), 4000) == 0);
  CHECK(payload_of(payload.data(), 15) == 0);  // too short to be searched
  cch_payload_epoch(kEpoch + 1);
  CHECK(payload_of(payload.data(), 4000) == 0);
}

TEST_CASE("a realloc that moves is a copy of what it keeps; one that stays is none") {
  const payload_scope scope;
  constexpr std::uint16_t kEpoch = 901;
  cch_payload_epoch(kEpoch);
  void* block = escape(std::malloc(3000));
  pattern::write(block, 3000, kEpoch, 9);
  void* larger = nullptr;
  const cch_counts moved = counted([&] { larger = escape(std::realloc(block, 50000)); });
  CHECK(moved.copy_calls == 1);
  CHECK(moved.copy_bytes == 3000);
  CHECK(moved.payload_copy_bytes == 3000);

  void* same = nullptr;
  const cch_counts stayed = counted([&] { same = escape(std::realloc(larger, 49000)); });
  CHECK(same == larger);
  CHECK(stayed.copy_calls == 0);
  CHECK(stayed.allocs == 1);

  void* smaller = nullptr;
  const cch_counts shrunk = counted([&] { smaller = escape(std::realloc(same, 100)); });
  CHECK(shrunk.copy_bytes == 100);
  CHECK(shrunk.payload_copy_bytes == 100);
  std::free(smaller);
}
