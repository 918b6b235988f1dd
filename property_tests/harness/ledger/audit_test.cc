// SPDX-License-Identifier: Apache-2.0
// Goal: an audit says of a design what the design did, by every witness that can see it. Method: toy designs that
// share, copy, copy in secret, keep, and fail.
#include "harness/ledger/audit.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <vector>

#include "harness/ledger/hooks/hooks.h"
#include "harness/ledger/witness/counters.h"
#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

constexpr std::size_t kSize = 4096;

bool hooks_here() {
  std::string why;
  if (ledger_ready(why) && cch_under_heaptrack() == 0) return true;
  WARN(why);
  return false;
}

// What one operation of a toy does with the payload; answers where its consumer reads.
using operation = std::span<const std::byte> (*)(std::span<const std::byte> payload);
std::vector<std::unique_ptr<std::byte[]>> g_kept;
std::array<std::array<std::byte, kSize>, 2> g_to;  // by role

std::span<const std::byte> share(std::span<const std::byte> payload) {
  count_refcount_op(2);
  return payload.subspan(100, 50);
}
std::span<const std::byte> clone(std::span<const std::byte> payload) {
  g_kept.push_back(std::make_unique_for_overwrite<std::byte[]>(payload.size()));
  counted_copy(g_kept.back().get(), payload.data(), payload.size());
  return {g_kept.back().get(), payload.size()};
}
// A word loop that no counter of calls sees, and the consumer is shown the original.
std::span<const std::byte> secret_copy(std::span<const std::byte> payload) {
  g_kept.push_back(std::make_unique_for_overwrite<std::byte[]>(payload.size()));
  auto* to = reinterpret_cast<volatile std::uint64_t*>(g_kept.back().get());
  const auto* from = reinterpret_cast<const std::uint64_t*>(payload.data());
  for (std::size_t i = 0; i < payload.size() / 8; ++i) to[i] = from[i];
  return payload;
}
std::span<const std::byte> secret_byte(std::span<const std::byte> payload) {
  escape(static_cast<std::size_t>(payload[17]));
  return payload;
}

constexpr std::size_t kBig = 64 * 1024;
bool g_design_reads = false;

cell cell_of(std::string_view design, operation op, std::uint64_t live = 0, bool zero_copy = true,
             std::size_t size = kSize, bool design_reads = false) {
  static made::cell_table toys("toy", [] {
    workload_entry e = made::scripted_workload("one");
    e.audit_ops = [](const params&) { return std::uint64_t{8}; };
    e.design_reads = [](const params&) { return g_design_reads; };
    return e;
  }());
  g_design_reads = design_reads;
  g_kept.clear();
  g_kept.reserve(64);  // so that keeping allocates nothing but the copy
  made::g_form = {};
  made::g_script = {};
  static std::span<std::byte> lent;
  static std::uint64_t done;
  made::g_script.live_payload_bytes = live;
  made::g_script.setup = [size](window& w) {
    lent = w.payload(size, 1);
    done = 0;
  };
  made::g_script.run = [op](window& w, unsigned, std::uint64_t n) {
    observed(w, [&](auto& see) {
      w.open();
      for (std::uint64_t i = 0; i < n; ++i) {
        see.handle(lent.first(1));
        see.handle(op(lent));
      }
      w.close();
    });
    done += n;
  };
  made::g_script.finish = [size](window& w) { return tally{done, done, done * size, w.results()}; };
  toys.add(design).zero_copy = zero_copy;
  return toys.at(design);
}

TEST_CASE("audit: a design that shares copies nothing, and every witness agrees") {
  if (!hooks_here()) return;
  const audit_row row = audit(cell_of("share", share));
  CHECK(row.error.empty());
  CHECK((row.ops == 8 && row.allocs == 0 && row.copied == 0 && row.refcount_ops == 2));
  CHECK((row.seen.primitive.kind == sight::exact && row.seen.primitive.bytes_per_op == 0));
  CHECK((row.seen.interposed.kind == sight::exact && row.seen.interposed.bytes_per_op == 0));
  CHECK((row.seen.signature.kind == sight::lower_bound && row.seen.signature.bytes_per_op == 0));
  CHECK((row.seen.identity.kind == sight::exact && row.seen.identity.bytes_per_op == 0));
  CHECK((row.seen.touch.kind == sight::exact && row.seen.touch.bytes_per_op == 0));
}

TEST_CASE("audit: a design that clones says so in allocations, copies and what it keeps") {
  if (!hooks_here()) return;
  const audit_row row = audit(cell_of("clone", clone, 8 * kSize, false));
  CHECK(row.error.empty());
  CHECK((row.allocs == 1 && row.alloc_bytes == kSize && row.copied == kSize));
  CHECK((row.seen.primitive.bytes_per_op == kSize && row.seen.interposed.bytes_per_op == kSize));
  CHECK(row.seen.signature.bytes_per_op == kSize);
  CHECK(row.retained_bytes == 8 * kSize);
  CHECK(row.retained_over_live() == 1);
  CHECK(row.peak_live_bytes == 8 * kSize);
}

TEST_CASE("audit: an inlined copy that the design does not count is seen by signature and touch") {
  if (!hooks_here()) return;
  const audit_row row = audit(cell_of("secret", secret_copy));
  CHECK(row.error.empty());
  CHECK((row.seen.primitive.bytes_per_op == 0 && row.seen.interposed.bytes_per_op == 0));
  CHECK(row.seen.signature.bytes_per_op == kSize);
  CHECK((row.seen.touch.kind == sight::lower_bound && row.seen.touch.bytes_per_op == 1));
}

TEST_CASE("audit: one payload byte that is read in secret is seen by touch") {
  if (!hooks_here()) return;
  const audit_row row = audit(cell_of("byte", secret_byte));
  CHECK((row.seen.touch.kind == sight::lower_bound && row.seen.touch.bytes_per_op == 1));
}

TEST_CASE("audit: a consumer that is shown a copy is seen by identity") {
  if (!hooks_here()) return;
  const audit_row row = audit(cell_of("foreign", clone));
  CHECK((row.seen.identity.kind == sight::lower_bound && row.seen.identity.bytes_per_op == kSize));
  CHECK(row.seen.touch.kind == sight::lower_bound);  // it was read to make the copy
}

TEST_CASE("audit: bytes per operation are those of all roles' operations, by every witness") {
  if (!hooks_here()) return;
  const cell c = cell_of("two roles", secret_copy);
  made::g_form = {.threads = 2};
  static std::atomic<std::uint64_t> done;
  static std::span<std::byte> lent;
  made::g_script.setup = [](window& w) {
    lent = w.payload(kSize, 1);
    done = 0;
  };
  made::g_script.run = [](window& w, unsigned role, std::uint64_t n) {
    observed(w, [&](auto& see) {
      w.open();
      for (std::uint64_t i = 0; i < n; ++i) {
        counted_copy(g_to[role].data(), lent.data(), kSize);
        see.handle(lent);
        see.handle(g_to[role]);
      }
      w.close();
    });
    done += n;
  };
  made::g_script.finish = [](window& w) { return tally{done, done, done * kSize, w.results()}; };
  const audit_row row = audit(c);
  CHECK((row.ops == 16 && row.copied == kSize));
  CHECK(row.seen.identity.bytes_per_op == kSize);
  CHECK(row.seen.signature.bytes_per_op == kSize / 8);  // eight operations of a role write to the same place
}

// Designs that hide: what each does with the payload is wiped, in a thread, or gone before the operation ends.
void copy_by_loop(std::byte* to, std::span<const std::byte> from) {
  auto* out = reinterpret_cast<volatile std::uint64_t*>(to);
  const auto* in = reinterpret_cast<const std::uint64_t*>(from.data());
  for (std::size_t i = 0; i < from.size() / 8; ++i) out[i] = in[i];
}
void wipe(std::byte* at, std::size_t size) {
  for (std::size_t i = 0; i < size / 8; ++i) reinterpret_cast<volatile std::uint64_t*>(at)[i] = 0;
}
alignas(64) std::array<std::byte, kBig> g_scratch;

std::span<const std::byte> wiped_copy(std::span<const std::byte> payload) {
  copy_by_loop(g_scratch.data(), payload);
  wipe(g_scratch.data(), payload.size());
  return payload.first(1);
}
std::span<const std::byte> changed_copy(std::span<const std::byte> payload) {
  auto* out = reinterpret_cast<volatile std::uint64_t*>(g_scratch.data());
  const auto* in = reinterpret_cast<const std::uint64_t*>(payload.data());
  for (std::size_t i = 0; i < payload.size() / 8; ++i) out[i] = ~in[i];
  return payload.first(1);
}
std::span<const std::byte> copy_in_thread(std::span<const std::byte> payload) {
  std::thread([payload] { wiped_copy(payload); }).join();
  return payload.first(1);
}
std::span<const std::byte> copy_in_mapping(std::span<const std::byte> payload) {
  void* gone = mmap(nullptr, payload.size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  copy_by_loop(static_cast<std::byte*>(gone), payload);
  munmap(gone, payload.size());
  return payload.first(1);
}
std::span<const std::byte> copy_every_second(std::span<const std::byte> payload) {
  static unsigned turn = 0;
  return ++turn % 2 == 0 ? wiped_copy(payload) : payload.first(1);
}
std::span<const std::byte> through_a_pipe(std::span<const std::byte> payload) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const auto some = payload.first(1024);
  const bool moved = write(ends[1], some.data(), some.size()) > 0 && read(ends[0], g_scratch.data(), some.size()) > 0;
  close(ends[0]);
  close(ends[1]);
  return moved ? payload.first(1) : payload.first(0);
}

TEST_CASE(
    "audit: a copy that is wiped, changed, made in a thread or in a mapping that is gone is seen by touch and by "
    "pages") {
  if (!hooks_here()) return;
  const struct {
    const char* name;
    operation op;
  } hidden[] = {{"wiped", wiped_copy},
                {"changed", changed_copy},
                {"thread", copy_in_thread},
                {"mapping", copy_in_mapping},
                {"second", copy_every_second}};
  for (const auto& one : hidden) {
    CAPTURE(one.name);
    for (const bool reads : {false, true}) {  // a design that has to read payload cannot be guarded
      const audit_row row = audit(cell_of(one.name, one.op, 0, true, kBig, reads));
      REQUIRE(row.error.empty());
      CHECK(row.copied == (reads ? 0 : row.copied));
      CHECK((row.seen.touch.kind == (reads ? sight::blind : sight::lower_bound)));
      CHECK((reads || !row.guarded.by.empty()));
      const auto over = [](const written_window& w) { return w.pages > w.allowed; };
      if (row.by != write_means::fresh_only) CHECK(std::any_of(row.written.begin(), row.written.end(), over));
      CHECK(row.known != proof::proved);
    }
  }
}

TEST_CASE(
    "audit: what shares 64 KiB and has to read them is proved by its pages; a small one says what it could hide") {
  if (!hooks_here()) return;
  const audit_row big = audit(cell_of("big", share, 0, true, kBig, true));
  if (big.by != write_means::fresh_only) CHECK((big.known == proof::proved && big.could_hide.empty()));
  const audit_row small = audit(cell_of("small", share, 0, true, 512, true));
  CHECK((small.known == proof::bounded && !small.could_hide.empty()));
  const audit_row guarded = audit(cell_of("guarded", share, 0, true, 512, false));
  CHECK((guarded.known == proof::proved && guarded.guarded.pages > 0));
  CHECK(guarded.covers.find("guarded") != std::string::npos);
}

TEST_CASE("audit: payload that goes through a pipe is in the kernel's bytes, and under touch a finding") {
  if (!hooks_here()) return;
  const audit_row row = audit(cell_of("pipe", through_a_pipe));
  CHECK((row.kernel_bytes == 2048 && row.syscalls == 4));
  CHECK(row.guarded.faulted_calls >= 8);
}

TEST_CASE("audit: what a thread of the design does is elsewhere, to the byte, and in no role") {
  if (!hooks_here()) return;
  const audit_row row =
      audit(cell_of("elsewhere", [](std::span<const std::byte> payload) -> std::span<const std::byte> {
        std::thread([payload] {
          counted_copy(g_scratch.data(), payload.data(), 100);
          escape(g_scratch.data());
          delete[] g_kept.emplace_back(std::make_unique_for_overwrite<std::byte[]>(77)).release();
          g_kept.pop_back();
          std::FILE* f = std::fopen("/proc/self/stat", "r");  // through libc, where no hook is
          char text[64];
          if (f != nullptr) {
            std::ignore = std::fread(text, 1, sizeof text, f);
            std::fclose(f);
          }
        }).join();
        return payload.first(1);
      }));
  REQUIRE(row.error.empty());
  CHECK(row.elsewhere.copied == 100);
  CHECK(row.elsewhere.allocs >= 1);
  CHECK(row.elsewhere.alloc_bytes >= 77);
  CHECK(row.elsewhere.kernel_bytes >= 64);
  CHECK(row.copied >= 0);
  CHECK(audit(cell_of("nowhere", share)).elsewhere.any() == false);
}

TEST_CASE("audit: memory that is mapped is counted, and an allocation in each 20,000th operation is seen") {
  if (!hooks_here()) return;
  const audit_row mapped =
      audit(cell_of("mapped", [](std::span<const std::byte> payload) -> std::span<const std::byte> {
        void* const p = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        munmap(p, 8192);
        return payload.first(1);
      }));
  CHECK(mapped.mapped_bytes == 8192);
  static unsigned turn;
  turn = 0;
  const audit_row rare = audit(cell_of(
      "rare",
      [](std::span<const std::byte> payload) -> std::span<const std::byte> {
        if (++turn % 20'000 == 0) {
          const auto made = std::make_unique<int>();
          escape(made.get());
        }
        return payload.first(1);
      },
      0, true, 256));
  CHECK(rare.allocs == 0);
  CHECK(rare.later_ops == 65'536);
  CHECK(rare.later_allocs > 0);
}

TEST_CASE("audit: a cell that fails is a row with its reason, and the next cell is audited") {
  if (!hooks_here()) return;
  const audit_row failed = audit(cell_of("failing", [](std::span<const std::byte>) -> std::span<const std::byte> {
    throw std::runtime_error("no room");
  }));
  CHECK(failed.error == "no room");
  CHECK(audit(cell_of("next", share)).error.empty());
}

TEST_CASE("audit: the same cell twice gives the same counts") {
  if (!hooks_here()) return;
  const audit_row one = audit(cell_of("again1", clone, 0, false)), two = audit(cell_of("again2", clone, 0, false));
  CHECK((one.allocs == two.allocs && one.alloc_bytes == two.alloc_bytes && one.copied == two.copied &&
         one.peak_live_bytes == two.peak_live_bytes));
}

TEST_CASE("audit: sights have the names that the results use") {
  CHECK(to_string(sight::exact) == "exact");
  CHECK(to_string(sight::lower_bound) == "lower_bound");
  CHECK(to_string(sight::blind) == "blind");
  CHECK(to_string(sight::not_applicable) == "n/a");
}

}  // namespace
}  // namespace copycost
