// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/recount.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <type_traits>

#include "harness/base/failure.h"
#include "harness/core/rare.h"
#include "harness/core/stage.h"
#include "harness/judge/equality.h"

namespace copycost {
namespace {

// The preloaded hooks. By name and not as weak symbols, so that nothing of them is in the program.
struct hooks {
  int (*is_active)() = nullptr;
  void (*thread)(cch_counts*) = nullptr;
  void (*total)(cch_counts*) = nullptr;
  void (*payload_epoch)(std::uint16_t) = nullptr;
};

template <class F>
void find(F*& function, const char* name) {
  function = reinterpret_cast<F*>(dlsym(RTLD_DEFAULT, name));
}

const hooks& preloaded() {
  static const hooks all = [] {
    hooks h;
    find(h.is_active, "cch_is_active");
    find(h.thread, "cch_thread");
    find(h.total, "cch_total");
    find(h.payload_epoch, "cch_payload_epoch");
    return h;
  }();
  return all;
}

// A record has the counters in the order of their table.
using reading = std::array<std::uint64_t, std::size(kCounters)>;
static_assert(std::size(kCounters) <= std::extent_v<decltype(role_record::counts)>);

constinit bool g_single = false;  // the stage has one role; set before it starts

reading now() {
  cch_counts c{};
  if (const hooks& h = preloaded(); h.thread != nullptr) (g_single ? h.total : h.thread)(&c);
  reading out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = c.*kCounters[i].of;
  return out;
}

void subtract(role_record& r) {
  const reading at = now();
  for (std::size_t i = 0; i < at.size(); ++i) r.counts[i] = at[i] - r.counts[i];
}

std::int64_t open_files() {
  std::filesystem::directory_iterator all("/proc/self/fd");
  return std::distance(begin(all), end(all));
}

// One episode of one batch; the counts of its window are added up over the roles that are not scenery.
tally play(const cell& what, std::uint64_t n, std::int64_t period_ns, reading& sum) {
  recount_instrument by;
  stage_options options;
  options.period_ns = period_ns;
  stage s(what, by, options);
  s.setup();
  s.run(n);
  sum = {};
  for (const role_record& r : s.records().subspan(what.form().scenery))
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += r.counts[i];
  return s.finish();
}

recount_row::counted count_episode(const cell& what, std::uint64_t least, std::int64_t period_ns, std::uint64_t& n) {
  g_single = what.form().roles() == 1;
  reading sum;
  n = std::max(least, operations_for_rare(what, play(what, least, period_ns, sum)));
  play(what, n, period_ns, sum);
  cch_counts before{}, after{};
  const std::int64_t files = open_files();
  preloaded().total(&before);
  recount_row::counted out;
  out.ops = play(what, n, period_ns, sum).ops;
  preloaded().total(&after);
  for (std::size_t i = 0; i < sum.size(); ++i) out.window.*kCounters[i].of = sum[i];
  const auto difference = [](std::uint64_t came, std::uint64_t went) { return static_cast<std::int64_t>(came - went); };
  out.left.blocks = difference(after.allocs - before.allocs, after.frees - before.frees);
  out.left.bytes = difference(after.alloc_bytes - before.alloc_bytes, after.freed_bytes - before.freed_bytes);
  out.left.files = open_files() - files;
  return out;
}

}  // namespace

void recount_instrument::opened(role_record& r) {
  const reading at = now();
  std::copy(at.begin(), at.end(), r.counts);
}

void recount_instrument::closing(role_record& r) { subtract(r); }

void recount_instrument::resumed(role_record& r) { subtract(r); }

void recount_instrument::episode_epoch(std::uint16_t epoch) {
  if (preloaded().payload_epoch != nullptr) preloaded().payload_epoch(epoch);
}

recount_row recount(const cell& what, std::uint64_t least, std::int64_t period_ns) {
  recount_row row{what.name(), least, std::nullopt, ""};
  try {
    const hooks& h = preloaded();
    if (h.is_active == nullptr || h.is_active() == 0)
      throw failure(exit_code::internal, "the hooks are not preloaded, or are not first: nothing can be counted");
    std::uint64_t n = least;
    recount_row::counted found = count_episode(what, least, period_ns, n);
    row.n = n;
    const equality e = compare_with_oracle(what, n);
    found.digest = e.got;
    found.expected = e.expected;
    row.found = found;
    if (!e.equal()) row.error = e.why;
  } catch (const std::exception& e) {
    row.error = e.what();
  }
  return row;
}

}  // namespace copycost
