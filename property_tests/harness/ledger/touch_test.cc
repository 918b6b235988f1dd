// SPDX-License-Identifier: Apache-2.0
// Goal: a payload byte that is read while it must not be is seen, by whichever thread, and the program goes on. Method:
// guarded pages, touched one by one; a child for what ends a process.
#include "harness/ledger/touch.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "harness/core/failure.h"
#include "harness/core/stage.h"
#include "harness/ledger/ledger_instruments.h"
#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

constexpr std::size_t kPage = 4096;

std::byte read_one(const std::byte* at) { return *const_cast<const volatile std::byte*>(at); }

TEST_CASE("touch: each page that is read counts once, and its content is there") {
  const auto payload = payload_region::instance().lend(8 * kPage - 1);
  const auto pages = payload_region::instance().lent();
  REQUIRE(pages.size() == 8 * kPage);
  payload[5 * kPage + 17] = std::byte{42};
  guard_payload(pages);
  CHECK(read_one(&payload[5 * kPage + 17]) == std::byte{42});
  CHECK(read_one(&payload[5 * kPage + 18]) == std::byte{0});
  (void)read_one(&payload[0]);
  (void)read_one(&payload[8 * kPage - 2]);
  CHECK(release_payload() == 3);
  (void)read_one(&payload[kPage]);  // given back: no fault
  payload_region::instance().clear();
}

TEST_CASE("touch: nothing read is nothing seen, and releasing twice is harmless") {
  (void)payload_region::instance().lend(kPage);
  guard_payload(payload_region::instance().lent());
  CHECK(release_payload() == 0);
  CHECK(release_payload() == 0);
  payload_region::instance().clear();
  guard_payload(payload_region::instance().lent());  // nothing was lent
  CHECK(release_payload() == 0);
}

TEST_CASE("touch: several threads are seen, and a page counts once however many read it at the same moment") {
  constexpr unsigned kThreads = 4, kPagesEach = 64;
  (void)payload_region::instance().lend(kThreads * kPagesEach * kPage - 1);
  const auto pages = payload_region::instance().lent();
  for (const bool shared : {false, true}) {
    guard_payload(pages);
    std::vector<std::thread> readers;
    for (unsigned t = 0; t < kThreads; ++t)
      readers.emplace_back([&, t] {
        for (unsigned p = 0; p < kPagesEach; ++p)
          (void)read_one(pages.data() + ((shared ? 0 : t) * kPagesEach + p) * kPage);
      });
    for (std::thread& r : readers) r.join();
    CAPTURE(shared);
    CHECK(release_payload() == (shared ? kPagesEach : kThreads * kPagesEach));
  }
  payload_region::instance().clear();
}

TEST_CASE("touch: a fault elsewhere still ends the process as it would have") {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGSEGV, SIG_DFL);
    (void)payload_region::instance().lend(kPage);
    guard_payload(payload_region::instance().lent());
    void* closed = mmap(nullptr, kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)read_one(static_cast<std::byte*>(closed));
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV));
}

TEST_CASE("touch: an episode that fails inside its window gives the payload back, and the next one can be watched") {
  static made::table toys("toy");
  static const design_entry& only = toys.add("failing");
  std::span<std::byte> lent;
  made::g_script = {}, made::g_form = {};
  made::g_script.setup = [&](window& w) { lent = w.payload(kPage, 1); };
  made::g_script.run = [](window& w, unsigned, std::uint64_t) {
    w.open();
    throw failure(exit_code::internal, "the operation failed");
  };
  {
    touch_instrument by;
    stage play(toys.at(only.name), by);
    play.setup();
    CHECK_THROWS_AS(play.run(1), failure);
  }
  made::g_script.run = [&](window& w, unsigned, std::uint64_t) {
    w.open();
    (void)read_one(lent.data());
    w.close();
  };
  touch_instrument by;
  stage play(toys.at(only.name), by);
  play.setup();
  play.run(1);
  CHECK(play.records()[0].counts[kTouchedPages] == 1);
  play.finish();
}

}  // namespace
}  // namespace copycost
