// SPDX-License-Identifier: Apache-2.0
// Goal: an audit says of a design what the design did, by every witness that can see it. Method: toy designs that
// share, copy, copy in secret, keep, and fail.
#include "harness/ledger/audit.h"

#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include "harness/core/counters.h"
#include "harness/ledger/hooks/hooks.h"
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

cell cell_of(std::string_view design, operation op, std::uint64_t live = 0, bool zero_copy = true) {
  static made::table toys("toy", [] {
    workload_entry e = made::scripted_workload("one");
    e.audit_ops = [](const params&) { return std::uint64_t{8}; };
    return e;
  }());
  g_kept.clear();
  g_kept.reserve(64);  // so that keeping allocates nothing but the copy
  made::g_form = {};
  made::g_script = {};
  static std::span<std::byte> lent;
  static std::uint64_t done;
  done = 0;
  made::g_script.live_payload_bytes = live;
  made::g_script.setup = [](window& w) { lent = w.payload(kSize, 1); };
  made::g_script.run = [op](window& w, unsigned, std::uint64_t n) {
    observed(w, [&](auto& see) {
      w.open();
      for (std::uint64_t i = 0; i < n; ++i) see.handle(lent.first(1)), see.handle(op(lent));
      w.close();
    });
    done = n;
  };
  made::g_script.finish = [](window& w) { return tally{done, done, done * kSize, w.results()}; };
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
  CHECK(row.seen.touch.kind == sight::blind);  // not asked where identity has already told
}

TEST_CASE("audit: bytes per operation are those of all roles' operations, by every witness") {
  if (!hooks_here()) return;
  const cell c = cell_of("two roles", secret_copy);
  made::g_form = {.threads = 2};
  static std::atomic<std::uint64_t> done;
  static std::span<std::byte> lent;
  made::g_script.setup = [](window& w) { lent = w.payload(kSize, 1), done = 0; };
  made::g_script.run = [](window& w, unsigned role, std::uint64_t n) {
    observed(w, [&](auto& see) {
      w.open();
      for (std::uint64_t i = 0; i < n; ++i) {
        counted_copy(g_to[role].data(), lent.data(), kSize);
        see.handle(lent), see.handle(g_to[role]);
      }
      w.close();
    });
    done += n;
  };
  made::g_script.finish = [](window& w) { return tally{done, done, done * kSize, w.results()}; };
  const audit_row row = audit(c);
  CHECK((row.ops == 16 && row.copied == kSize));
  CHECK(row.seen.identity.bytes_per_op == kSize);
  CHECK(row.seen.signature.bytes_per_op == kSize);
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
