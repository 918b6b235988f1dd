// SPDX-License-Identifier: Apache-2.0
// Goal: a payload byte that is read while it must not be is seen, by whichever thread, and the program goes on. Method:
// guarded pages, touched one by one; a child for what ends a process.
#include "harness/ledger/touch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <thread>
#include <vector>

#include "harness/base/failure.h"
#include "harness/core/stage.h"
#include "harness/ledger/ledger_instruments.h"
#include "harness/ledger/witness/pattern.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

constexpr std::size_t kPage = 4096;

// The pages that were lent, as one place of payload.
payload_places lent_places() {
  const auto lent = payload_region::instance().lent();
  const auto begin = reinterpret_cast<std::uintptr_t>(lent.data());
  payload_places out;
  if (!lent.empty()) out.push_back({begin, begin + lent.size(), true});
  return out;
}

std::byte read_one(const std::byte* at) { return *const_cast<const volatile std::byte*>(at); }

TEST_CASE("touch: each page that is read counts once, and its content is there") {
  const auto payload = payload_region::instance().lend(8 * kPage - 1);
  const auto pages = payload_region::instance().lent();
  REQUIRE(pages.size() == 8 * kPage);
  payload[5 * kPage + 17] = std::byte{42};
  guard_payload(lent_places());
  CHECK(read_one(&payload[5 * kPage + 17]) == std::byte{42});
  CHECK(read_one(&payload[5 * kPage + 18]) == std::byte{0});
  (void)read_one(&payload[0]);
  (void)read_one(&payload[8 * kPage - 2]);
  CHECK(release_payload().pages == 3);
  (void)read_one(&payload[kPage]);  // given back: no fault
  payload_region::instance().clear();
}

TEST_CASE("touch: nothing read is nothing seen, and releasing twice is harmless") {
  (void)payload_region::instance().lend(kPage);
  guard_payload(lent_places());
  CHECK(release_payload().pages == 0);
  CHECK(release_payload().pages == 0);
  payload_region::instance().clear();
  guard_payload(lent_places());  // nothing was lent
  CHECK(release_payload().pages == 0);
}

// A record as a store has it: 40 bytes of head, 64 of payload, on a page with others.
struct record {
  std::uint64_t head[5];
  std::byte payload[64];
};
struct record_page {
  explicit record_page(std::uint16_t epoch) {
    for (std::uint64_t i = 0; i < records.size(); ++i) {
      records[i].head[0] = i;
      pattern::write(records[i].payload, sizeof records[i].payload, epoch, i);
    }
  }
  std::vector<record, page_allocator<record>> records =
      std::vector<record, page_allocator<record>>(kPage / sizeof(record));
};

TEST_CASE("touch: heads beside payload may be read and written, and payload written; nobody has told where it lies") {
  const std::uint16_t epoch = next_epoch();
  record_page held(epoch);
  guard_payload(find_payload(epoch));
  std::uint64_t sum = 0;
  for (record& r : held.records) {
    sum += r.head[0];
    r.head[1] = sum;
  }
  std::memset(held.records[3].payload, 7, sizeof held.records[3].payload);
  const touched t = release_payload();
  CHECK(sum == held.records.size() * (held.records.size() - 1) / 2);
  CHECK(held.records[5].head[1] == 15);
  CHECK((t.pages == 0 && t.guarded >= 1 && t.all && t.instruction == 0));
}

// To a process that may not write a file the kernel calls all pages of its mapping present, also those behind the end.
TEST_CASE("regression: pages behind the end of somebody else's file are not read") {
  const std::uint16_t epoch = next_epoch();
  CHECK(test::run_child([epoch] {
          constexpr uid_t kNobody = 65534;
          const int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
          if (mmap(nullptr, 64 * kPage, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED) return 1;
          if (geteuid() == 0 && (setuid(kNobody) != 0 || prctl(PR_SET_DUMPABLE, 1) != 0)) return 2;
          for (const int crash : {SIGBUS, SIGSEGV}) std::signal(crash, SIG_DFL);
          return find_payload(epoch).empty() ? 0 : 3;
        }) == 0);
}

TEST_CASE("touch: one payload byte between heads is seen, wherever it lies and whoever reads it") {
  const std::uint16_t epoch = next_epoch();
  record_page held(epoch);
  for (const bool in_thread : {false, true}) {
    guard_payload(find_payload(epoch));
    const auto read = [&] { (void)read_one(&held.records.back().payload[8]); };
    if (in_thread)
      std::thread(read).join();
    else
      read();
    const touched t = release_payload();
    CHECK((t.pages == 1 && t.instruction != 0));
  }
}

// Regression: pages were released while a thread was at an instruction behind which it closed its page again; the next
// access ended the process.
TEST_CASE("touch: threads that read heads go on while pages are guarded and released") {
  const std::uint16_t epoch = next_epoch();
  record_page held(epoch);
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (unsigned t = 0; t < 2; ++t)
    readers.emplace_back([&held, &done, t] {
      while (!done.load())
        for (record& r : held.records) std::atomic_ref(r.head[2 + t]).fetch_add(1);
    });
  for (int k = 0; k < 300; ++k) {
    guard_payload(find_payload(epoch));
    std::this_thread::yield();
    CHECK(release_payload().pages == 0);
  }
  done.store(true);
  for (std::thread& r : readers) r.join();
}

TEST_CASE("touch: payload in memory that is mapped twice, once for reading only, is guarded in both") {
  const std::uint16_t epoch = next_epoch();
  const int fd = memfd_create("touch_test", MFD_CLOEXEC);
  REQUIRE((fd >= 0 && ftruncate(fd, kPage) == 0));
  auto* mine = static_cast<std::byte*>(mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  auto* others = static_cast<std::byte*>(mmap(nullptr, kPage, PROT_READ, MAP_SHARED, fd, 0));
  REQUIRE((mine != MAP_FAILED && others != MAP_FAILED));
  pattern::write(mine, kPage, epoch, 1);
  guard_payload(find_payload(epoch));
  (void)read_one(others + 100);  // not where a reader of heads would look ahead
  CHECK(release_payload().pages == 1);
  guard_payload(find_payload(epoch));
  (void)read_one(mine + 100);
  CHECK(release_payload().pages == 1);
  (void)read_one(others + 200);  // given back as it was
  munmap(mine, kPage);
  munmap(others, kPage);
  close(fd);
}

TEST_CASE("touch: several threads are seen, and a page counts once however many read it at the same moment") {
  constexpr unsigned kThreads = 4, kPagesEach = 64;
  (void)payload_region::instance().lend(kThreads * kPagesEach * kPage - 1);
  const auto pages = payload_region::instance().lent();
  for (const bool shared : {false, true}) {
    guard_payload(lent_places());
    std::vector<std::thread> readers;
    for (unsigned t = 0; t < kThreads; ++t)
      readers.emplace_back([&, t] {
        for (unsigned p = 0; p < kPagesEach; ++p)
          (void)read_one(pages.data() + ((shared ? 0 : t) * kPagesEach + p) * kPage);
      });
    for (std::thread& r : readers) r.join();
    CAPTURE(shared);
    CHECK(release_payload().pages == (shared ? kPagesEach : kThreads * kPagesEach));
  }
  payload_region::instance().clear();
}

TEST_CASE("touch: a fault elsewhere still ends the process as it would have") {
  const int end = test::run_child([] {
    signal(SIGSEGV, SIG_DFL);
    (void)payload_region::instance().lend(kPage);
    guard_payload(lent_places());
    void* closed = mmap(nullptr, kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)read_one(static_cast<std::byte*>(closed));
    return 0;
  });
  CHECK(end == 1000 + SIGSEGV);
}

TEST_CASE("touch: an episode that fails inside its window gives the payload back, and the next one can be watched") {
  static made::cell_table toys("toy");
  static const design_entry& only = toys.add("failing");
  std::span<std::byte> lent;
  made::g_script = {};
  made::g_form = {};
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
