// SPDX-License-Identifier: Apache-2.0
// Goal: what an operation allocates, copies, asks of the kernel and keeps is counted exactly, and nothing of what
// stands around it. Method: toys with known work in front of the count instrument.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <thread>

#include "harness/core/observe.h"
#include "harness/core/stage.h"
#include "harness/ledger/hooks/hooks.h"
#include "harness/ledger/ledger_instruments.h"
#include "harness/ledger/witness/counters.h"
#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

bool hooks_here() {
  if (cch_is_active != nullptr && cch_is_active() != 0) return true;
  WARN("no hooks in this process: nothing can be counted");
  return false;
}

std::byte* allocated(std::size_t size) {
  auto* p = static_cast<std::byte*>(::operator new(size));
  escape(p);
  return p;
}

void copy_call(void* to, const void* from, std::size_t size) {
  asm volatile("" : "+r"(size));
  std::memcpy(to, from, size);
  escape(to);
}

// One batch of `work` between open and close.
template <class Work>
role_record counted(
    Work work, std::function<void(window&)> setup = [](window&) {}) {
  static made::cell_table toys("toy");
  static const design_entry& only = toys.add("counted");
  made::g_form = {};
  made::g_script = {};
  made::g_script.setup = std::move(setup);
  made::g_script.run = [&](window& w, unsigned, std::uint64_t) {
    std::free(std::malloc(100));  // around the window: not counted
    w.open();
    if constexpr (std::is_invocable_v<Work, window&>)
      work(w);
    else
      work();
    w.close();
    std::free(std::malloc(100));
  };
  count_instrument by;
  stage play(toys.at(only.name), by);
  play.setup();
  play.run(1);
  const role_record r = play.records()[0];
  play.finish();
  return r;
}

TEST_CASE("count: an empty window counts nothing at all") {
  if (!hooks_here()) return;
  const role_record r = counted([] {});
  for (std::size_t i = kAllocs; i <= kSubFreedBytes; ++i) {
    CAPTURE(i);
    CHECK(r.counts[i] == 0);
  }
  CHECK(r.counts[kPeak] == 0);
  CHECK((r.own.copied_bytes == 0 && r.own.copies == 0 && r.own.refcount_ops == 0));
}

TEST_CASE("count: allocations and frees, with their requested bytes") {
  if (!hooks_here()) return;
  const role_record r = counted([] {
    for (int i = 0; i < 10; ++i) ::operator delete(allocated(33));
    static std::byte* kept;
    kept = allocated(1000);
    escape(kept);
  });
  CHECK(r.counts[kAllocs] == 11);
  CHECK(r.counts[kFrees] == 10);
  CHECK(r.counts[kAllocBytes] == 330 + 1000);
  CHECK(r.counts[kFreedBytes] == 330);
}

TEST_CASE("count: nothing of what happens in a pause, and all of what happens around it") {
  if (!hooks_here()) return;
  const role_record r = counted([](window& w) {
    static const std::byte from[64] = {};
    static std::byte to[64];
    ::operator delete(allocated(33));
    for (int i = 0; i < 2; ++i) {
      counted_copy(to, from, 20);
      w.pause();
      ::operator delete(allocated(1000));
      counted_copy(to, from, 64);
      w.resume();
      ::operator delete(allocated(5));
    }
  });
  CHECK(r.counts[kAllocs] == 3);
  CHECK(r.counts[kFrees] == 3);
  CHECK(r.counts[kAllocBytes] == 33 + 2 * 5);
  CHECK((r.own.copied_bytes == 2 * 20 && r.own.copies == 2));
}

TEST_CASE("count: the peak is that of the window, above what was live before") {
  if (!hooks_here()) return;
  const role_record r = counted([] {
    std::byte *one = allocated(5000), *two = allocated(3000);
    ::operator delete(one), ::operator delete(two);
    ::operator delete(allocated(6000));
  });
  CHECK(r.counts[kPeak] == 8000);
}

TEST_CASE("count: copies of payload, by the primitive and by any other call; other copies apart") {
  if (!hooks_here()) return;
  std::span<std::byte> lent;
  static std::array<std::byte, 4096> to, elsewhere;
  const role_record r = counted(
      [&] {
        counted_copy(to.data(), lent.data(), 1000);
        counted_copy(to.data(), lent.data(), 7);
        counted_copy(to.data(), lent.data(), 0);
        copy_call(to.data(), lent.data() + 5, 300);
        copy_call(to.data(), elsewhere.data(), 600);  // no payload
      },
      [&](window& w) { lent = w.payload(4096, 1); });
  CHECK((r.own.copies == 2 && r.own.small_copies == 1));
  CHECK(r.own.copied_bytes == 1007);
  CHECK(r.counts[kPayloadCopyBytes] == 1007 + 300);
  CHECK(r.counts[kCopyBytes] == 1007 + 300 + 600);
}

TEST_CASE("count: a copy of a copy is payload too, and so is payload behind a header") {
  if (!hooks_here()) return;
  std::span<std::byte> lent;
  static std::array<std::byte, 4096> first, second, framed;
  const role_record r = counted(
      [&] {
        copy_call(first.data(), lent.data(), 1000);
        copy_call(framed.data() + 40, first.data(), 1000);
        copy_call(second.data(), framed.data(), 1040);
      },
      [&](window& w) { lent = w.payload(4096, 1); });
  CHECK(r.counts[kPayloadCopyBytes] == 3000);
}

TEST_CASE("count: bytes that the kernel moved and the calls that asked for it") {
  if (!hooks_here()) return;
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  const role_record r = counted([&] {
    std::array<char, 512> bytes{};
    REQUIRE(write(ends[1], bytes.data(), 500) == 500);
    REQUIRE(read(ends[0], bytes.data(), bytes.size()) == 500);
    REQUIRE(read(-1, bytes.data(), bytes.size()) == -1);
  });
  CHECK(r.counts[kKernelBytes] == 1000);
  CHECK(r.counts[kSyscalls] == 3);
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("count: reference counts that were reported") {
  const role_record r = counted([] {
    count_refcount_op();
    count_refcount_op(3);
  });
  CHECK(r.own.refcount_ops == 4);
}

TEST_CASE("count: memory of an arena stands apart from the heap") {
  if (!hooks_here()) return;
  static std::array<std::byte, 4096> arena;
  const role_record r = counted([] {
    cch_report_alloc(arena.data(), 100);
    cch_report_alloc(arena.data() + 200, 50);
    cch_report_free(arena.data(), 100);
  });
  CHECK((r.counts[kSubAllocs] == 2 && r.counts[kSubAllocBytes] == 150));
  CHECK((r.counts[kSubFrees] == 1 && r.counts[kSubFreedBytes] == 100));
  CHECK(r.counts[kAllocs] == 0);
}

TEST_CASE("count: every role counts what its own thread did") {
  if (!hooks_here()) return;
  static made::cell_table toys("toy");
  static const design_entry& only = toys.add("threads");
  made::g_form = {.threads = 3};
  made::g_script = {};
  made::g_script.run = [](window& w, unsigned role, std::uint64_t n) {
    w.open();
    for (std::uint64_t i = 0; i < n * (role + 1); ++i) ::operator delete(allocated(10));
    w.close();
  };
  count_instrument by;
  stage play(toys.at(only.name), by);
  play.setup();
  play.run(100);
  for (unsigned role = 0; role < 3; ++role) {
    CHECK(play.records()[role].counts[kAllocs] == 100 * (role + 1));
    CHECK(play.records()[role].counts[kFreedBytes] == 1000 * (role + 1));
  }
  play.finish();
}

}  // namespace
}  // namespace copycost
