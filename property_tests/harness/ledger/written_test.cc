// SPDX-License-Identifier: Apache-2.0 Goal: the upper bound sees every page that the process writes, in whatever thread
// and by whatever means. Method: known pages, written in each way that hides from the other witnesses.
#include "harness/ledger/written.h"

#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

#include "harness/ledger/payload_region.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

constexpr std::size_t kPage = 4096, kPages = 16, kBytes = kPages * kPage;
constexpr std::uint64_t kOther = 6;  // stacks, and what the test itself writes

void write_each(std::byte* to) {
  for (std::size_t i = 0; i < kBytes; i += 64) static_cast<volatile std::byte*>(to)[i] = std::byte{1};
}
std::byte* mapped(int flags, int fd = -1) {
  void* p = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, flags, fd, 0);
  REQUIRE(p != MAP_FAILED);
  return static_cast<std::byte*>(p);
}

// Pages written by `work`.
std::uint64_t written_by(const std::function<void()>& work) {
  write_watch watch;
  watch.start();
  work();
  return watch.stop();
}

bool can_prove() {
  without_huge_pages();
  if (write_watch::means() != write_means::fresh_only) return true;
  WARN("this kernel protects nothing: the upper bound sees fresh pages only");
  return false;
}

struct way {
  const char* name;
  std::uint64_t other;  // pages, at most
  std::function<void()> write;
};
constexpr std::uint64_t kThread = 40;  // pages of a new thread: its stack, and what the allocator keeps for it

TEST_CASE("written: sixteen pages are sixteen pages, in memory that was there, however they are written") {
  if (!can_prove()) return;
  static std::byte* const heap = mapped(MAP_PRIVATE | MAP_ANONYMOUS);
  static std::byte* const from = mapped(MAP_PRIVATE | MAP_ANONYMOUS);
  const int fd = memfd_create("written_test", MFD_CLOEXEC);
  REQUIRE((fd >= 0 && ftruncate(fd, kBytes) == 0));
  static std::byte* const shared = mapped(MAP_SHARED, fd);
  for (std::byte* p : {heap, from, shared}) write_each(p);
  std::thread([] {}).join();  // what the first thread of a process makes is there
  const way ways[] = {
      {"a loop", kOther, [] { write_each(heap); }},
      {"a loop that wipes again", kOther,
       [] {
         write_each(heap);
         write_each(heap);
       }},
      {"memory that is shared", kOther, [] { write_each(shared); }},
      {"a thread that ends", kThread, [] { std::thread([] { write_each(heap); }).join(); }},
      {"the kernel, from a file", kOther, [fd] { CHECK(pread(fd, heap, kBytes, 0) == kBytes); }},
      {"the kernel, from ourselves", kOther,
       [] {
         const iovec to{heap, kBytes}, of{from, kBytes};
         CHECK(process_vm_readv(getpid(), &to, 1, &of, 1, 0) == kBytes);
       }},
  };
  for (const way& w : ways) {
    const std::uint64_t pages = written_by(w.write);
    CAPTURE(w.name, pages, to_string(write_watch::means()));
    CHECK((pages >= kPages && pages <= kPages + w.other));
  }
  for (std::byte* p : {heap, from, shared}) munmap(p, kBytes);
  close(fd);
}

// Found as a red row of 256 KiB: a page that was reserved and never used counted for coming and for its protection.
TEST_CASE("written: a page of a mapping that was there and never touched counts once") {
  without_huge_pages();
  for (const bool by_kernel : {false, true}) {
    std::byte* const fresh = mapped(MAP_PRIVATE | MAP_ANONYMOUS);
    const int fd = memfd_create("written_test", MFD_CLOEXEC);
    REQUIRE((fd >= 0 && ftruncate(fd, kBytes) == 0));
    const std::uint64_t pages = written_by([&] {
      if (by_kernel)
        CHECK(pread(fd, fresh, kBytes, 0) == kBytes);
      else
        write_each(fresh);
    });
    CAPTURE(by_kernel, pages, to_string(write_watch::means()));
    CHECK((pages >= kPages && pages <= kPages + kOther));
    munmap(fresh, kBytes);
    close(fd);
  }
}

TEST_CASE("written: a mapping that has come and gone is seen by every means") {
  without_huge_pages();
  for (const int flags : {0, MAP_POPULATE}) {
    const std::uint64_t pages = written_by([flags] {
      std::byte* const p = mapped(MAP_PRIVATE | MAP_ANONYMOUS | flags);
      write_each(p);
      munmap(p, kBytes);
    });
    CAPTURE(flags, pages);
    CHECK((pages >= kPages && pages <= kPages + kOther));
  }
}

TEST_CASE("written: reading what is there, and nothing at all, writes next to nothing") {
  if (!can_prove()) return;
  std::byte* const heap = mapped(MAP_PRIVATE | MAP_ANONYMOUS);
  write_each(heap);
  CHECK(written_by([] {}) <= 2);
  CHECK(written_by([heap] {
          for (std::size_t i = 0; i < kBytes; i += 64) (void)static_cast<const volatile std::byte*>(heap)[i];
        }) <= kOther);
  munmap(heap, kBytes);
}

TEST_CASE("written: lent payload is watched, too") {
  if (!can_prove()) return;
  const auto lent = payload_region::instance().lend(kBytes - 1);
  write_each(lent.data());
  const std::uint64_t pages = written_by([&] { write_each(lent.data()); });
  CHECK((pages >= kPages && pages <= kPages + kOther));
  payload_region::instance().clear();
}

TEST_CASE("written: two watches after another do not see each other's pages") {
  if (!can_prove()) return;
  std::byte* const heap = mapped(MAP_PRIVATE | MAP_ANONYMOUS);
  write_each(heap);
  CHECK(written_by([heap] { write_each(heap); }) >= kPages);
  CHECK(written_by([] {}) <= 2);
  CHECK(written_by([heap] { write_each(heap); }) >= kPages);
  munmap(heap, kBytes);
}

}  // namespace
}  // namespace copycost
