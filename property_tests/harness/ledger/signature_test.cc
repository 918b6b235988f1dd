// SPDX-License-Identifier: Apache-2.0
// Goal: every instance of payload in writable memory is found, and none that the producer wrote. Method: instances put
// into memory of every kind; what was lent and produced; mappings twice and side by side.
#include "harness/ledger/signature.h"

#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/core/stage.h"
#include "harness/ledger/hooks/hooks.h"
#include "harness/ledger/ledger_instruments.h"
#include "harness/ledger/witness/pattern.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"

namespace copycost {
namespace {

constexpr std::size_t kSize = 4096;
unsigned char g_static_place[kSize];

void write_at(void* target, std::uint16_t epoch, std::size_t size = kSize) { pattern::write(target, size, epoch, 3); }
std::uint64_t instances(std::uint16_t epoch, std::vector<std::span<const std::byte>> produced = {}) {
  return signature_bytes(epoch, produced);
}
std::span<const std::byte> bytes_at(const void* at, std::size_t size = kSize) {
  return {static_cast<const std::byte*>(at), size};
}

struct mapped {
  explicit mapped(std::size_t size_, int flags, int fd = -1, void* where = nullptr) : size(size_) {
    at = static_cast<std::byte*>(mmap(where, size, PROT_READ | PROT_WRITE, flags, fd, 0));
    REQUIRE(at != MAP_FAILED);
  }
  ~mapped() { munmap(at, size); }
  mapped(const mapped&) = delete;
  mapped& operator=(const mapped&) = delete;
  std::byte* at;
  std::size_t size;
};

TEST_CASE("signature: instances on the heap, the stack, in static and in mapped memory are found") {
  const std::uint16_t epoch = next_epoch();
  CHECK(instances(epoch) == 0);
  const auto heap = std::make_unique<unsigned char[]>(kSize);
  write_at(heap.get(), epoch);
  CHECK(instances(epoch) == kSize);
  unsigned char stack[512];
  write_at(stack, epoch, sizeof stack);
  CHECK(instances(epoch) == kSize + 512);
  write_at(g_static_place, epoch);
  const mapped own(kSize, MAP_PRIVATE | MAP_ANONYMOUS);
  write_at(own.at, epoch);
  CHECK(instances(epoch) == 3 * kSize + 512);
  asm volatile("" : : "r"(stack) : "memory");
}

TEST_CASE("signature: what was lent is no copy, and neither is what the producer wrote elsewhere") {
  const std::uint16_t epoch = next_epoch();
  const auto lent = payload_region::instance().lend(3 * kSize);
  write_at(lent.data(), epoch, lent.size());
  CHECK(instances(epoch) == 0);
  const auto own = std::make_unique<unsigned char[]>(2 * kSize);
  write_at(own.get(), epoch);
  CHECK(instances(epoch, {bytes_at(own.get())}) == 0);
  std::memcpy(own.get() + kSize, own.get(), kSize);  // a copy beside what was produced
  CHECK(instances(epoch, {bytes_at(own.get())}) == kSize);
  CHECK(instances(epoch, {bytes_at(own.get()), bytes_at(own.get() + 1000, 2000), bytes_at(own.get())}) ==
        kSize);  // reported twice
  payload_region::instance().clear();
}

// Found as a copy of one block in a run of all cells: guards had cut the heap's mapping in the middle of it.
TEST_CASE("signature: regression: what the producer wrote across the boundary of two mappings is no copy") {
  const std::uint16_t epoch = next_epoch();
  const mapped own(2 * kSize, MAP_PRIVATE | MAP_ANONYMOUS);
  write_at(own.at, epoch, own.size);
  REQUIRE(madvise(own.at + kSize, kSize, MADV_DONTFORK) == 0);  // a mapping of its own
  CHECK(instances(epoch) >= 2 * kSize - 64);
  CHECK(instances(epoch, {bytes_at(own.at, own.size)}) == 0);
}

TEST_CASE("signature: a segment that is mapped twice is read once") {
  const int fd = memfd_create("signature-test", MFD_CLOEXEC);
  REQUIRE(ftruncate(fd, 2 * kSize) == 0);
  const mapped one(2 * kSize, MAP_SHARED, fd), two(2 * kSize, MAP_SHARED, fd);
  const std::uint16_t epoch = next_epoch();
  write_at(one.at, epoch);
  CHECK(two.at[0] == one.at[0]);  // both mappings are present
  CHECK(instances(epoch) == kSize);
  CHECK(instances(epoch, {bytes_at(one.at)}) == 0);
  CHECK(instances(epoch, {bytes_at(two.at)}) == 0);  // whichever of the mappings the producer wrote through
  close(fd);
}

TEST_CASE("regression: a segment's payload is found by a process that has not looked at it yet") {
  const mapped segment(64 * kSize, MAP_SHARED | MAP_ANONYMOUS);
  const std::uint16_t epoch = next_epoch();
  REQUIRE(test::run_child([&] {
            write_at(segment.at + 40 * kSize, epoch);
            return 0;
          }) == 0);
  CHECK(instances(epoch) == kSize);
  CHECK(instances(epoch, {bytes_at(segment.at + 40 * kSize)}) == 0);
}

// Whether the kernel shows one mapping that holds both addresses.
bool one_mapping(const void* a, const void* b) {
  for (const std::string& line : split(read_file("/proc/self/maps"), '\n')) {
    unsigned long long begin = 0, end = 0;
    if (std::sscanf(line.c_str(), "%llx-%llx", &begin, &end) != 2) continue;
    const auto within = [&](const void* p) {
      return reinterpret_cast<std::uintptr_t>(p) >= begin && reinterpret_cast<std::uintptr_t>(p) < end;
    };
    if (within(a) || within(b)) return within(a) && within(b);
  }
  return false;
}

TEST_CASE("signature: memory right beside the watched region is searched, also when the kernel joins the two") {
  const auto lent = payload_region::instance().lend(kSize), region = payload_region::instance().reserved();
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  int joined = 0;
  for (std::byte* beside : {region.data() - 16 * kSize, region.data() + region.size()}) {
    void* got = mmap(beside, 16 * kSize, PROT_READ | PROT_WRITE, kFlags, -1, 0);
    if (got == MAP_FAILED) continue;  // something lies there already
    const std::uint16_t epoch = next_epoch();
    write_at(lent.data(), epoch);
    write_at(beside, epoch);
    joined += one_mapping(beside, beside < region.data() ? region.data() : region.data() + region.size() - 1) ? 1 : 0;
    CHECK(instances(epoch) == kSize);
    munmap(beside, 16 * kSize);
  }
  if (joined == 0) WARN("the kernel joined no mapping with the region here");
  payload_region::instance().clear();
}

// Two runs, one of them under a tool that loads libraries of its own, must allocate the same.
TEST_CASE("signature: what a scan allocates does not depend on how many mappings there are") {
  if (cch_thread == nullptr) {
    WARN("no hooks in this process: nothing can be counted");
    return;
  }
  const auto allocated_by_scan = [] {
    cch_counts before{}, after{};
    cch_thread(&before);
    (void)instances(next_epoch());
    cch_thread(&after);
    return after.allocs - before.allocs;
  };
  const std::uint64_t few = allocated_by_scan();
  std::vector<std::unique_ptr<mapped>> many;  // every second page closed, so that the kernel cannot join them
  for (int i = 0; i < 1500; ++i) {
    many.push_back(std::make_unique<mapped>(2 * kSize, MAP_PRIVATE | MAP_ANONYMOUS));
    REQUIRE(mprotect(many.back()->at, kSize, PROT_NONE) == 0);
  }
  CHECK(allocated_by_scan() == few);
  CHECK(few == 0);
}

TEST_CASE("signature: memory without access is left alone") {
  const mapped closed(4 * kSize, MAP_PRIVATE | MAP_ANONYMOUS);
  const std::uint16_t epoch = next_epoch();
  write_at(closed.at, epoch);
  REQUIRE(mprotect(closed.at, closed.size, PROT_NONE) == 0);
  CHECK(instances(epoch) == 0);
}

TEST_CASE("inspect: a place produced before the window opens hides no copy") {
  inspect_instrument by;
  const std::uint16_t epoch = next_epoch();
  by.episode_epoch(epoch);
  const auto own = std::make_unique<unsigned char[]>(kSize), other = std::make_unique<unsigned char[]>(kSize);
  write_at(own.get(), epoch);
  by.produced(bytes_at(own.get()));
  role_record r;
  by.opened(r);
  std::memcpy(other.get(), own.get(), kSize);
  by.closing(r);
  CHECK(r.counts[kSignatureBytes] == kSize);
  by.release_payloads();
}

TEST_CASE("inspect: what was there before the window opens is not counted as its copy") {
  inspect_instrument by;
  const std::uint16_t epoch = next_epoch();
  by.episode_epoch(epoch);
  const auto before = std::make_unique<unsigned char[]>(kSize), after = std::make_unique<unsigned char[]>(kSize);
  write_at(before.get(), epoch);
  role_record r;
  by.opened(r);
  write_at(after.get(), epoch, 1024);
  by.closing(r);
  CHECK(r.counts[kSignatureBytes] == 1024);
  by.release_payloads();
}

TEST_CASE("inspect: a consumer that reads where the producer wrote is at home, elsewhere is foreign") {
  inspect_instrument by;
  by.episode_epoch(next_epoch());
  const auto lent = by.lend_payload(kSize);
  const auto own = std::make_unique<std::byte[]>(kSize), other = std::make_unique<std::byte[]>(kSize);
  role_record r;
  by.opened(r);
  by.produced(bytes_at(own.get()));
  by.consumed(lent.subspan(100, 50));
  by.consumed(bytes_at(own.get() + 8, 64));
  by.consumed({});
  by.consumed(bytes_at(other.get(), 300));
  by.consumed(bytes_at(own.get() + kSize - 10, 20));  // beyond the end of what was produced
  by.closing(r);
  CHECK(r.counts[kConsumedBytes] == 50 + 64 + 300 + 20);
  CHECK(r.counts[kLentBytes] == 50);
  CHECK(r.counts[kForeignBytes] == 300 + 20);
  by.release_payloads();
}

// A copy of 256 bytes leaves them in vector registers, and the dynamic linker saved those on the stack when a waiting
// thread called a function for the first time: 192 bytes too many, on a busy machine, now and then.
TEST_CASE("regression: no function is bound while a window is open") {
  bool at_start = false;
  for (const ElfW(Dyn)* d = _DYNAMIC; d->d_tag != DT_NULL; ++d)
    at_start = at_start || (d->d_tag == DT_FLAGS_1 && (d->d_un.d_val & DF_1_NOW) != 0);
  CHECK(at_start);
}

}  // namespace
}  // namespace copycost
