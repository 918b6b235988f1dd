// SPDX-License-Identifier: Apache-2.0
#include "harness/limits/limits.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <stdexcept>

#include "harness/limits/placement.h"
#include "harness/limits/probes.h"

namespace copycost::limits {
namespace {

constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * kKiB;

// Sizes to show. The deep list of a family contains the shallower ones.
struct sizes {
  std::span<const std::uint64_t> smoke, quick, full;
};

constexpr std::uint64_t kHotFull[] = {16,        64,         256,      1 * kKiB, 4 * kKiB, 16 * kKiB,
                                      64 * kKiB, 256 * kKiB, 1 * kMiB, 4 * kMiB, 16 * kMiB};
constexpr std::uint64_t kHotQuick[] = {64, 1 * kKiB, 4 * kKiB, 64 * kKiB, 1 * kMiB, 16 * kMiB};
constexpr std::uint64_t kHotSmoke[] = {64, 4 * kKiB, 1 * kMiB};
constexpr std::uint64_t kColdFull[] = {64, 256, 1 * kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB, 1 * kMiB, 4 * kMiB};
constexpr std::uint64_t kColdQuick[] = {64, 4 * kKiB, 64 * kKiB, 1 * kMiB};
constexpr std::uint64_t kColdSmoke[] = {4 * kKiB};
constexpr std::uint64_t kBlockFull[] = {16, 64, 256, 1 * kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB, 256 * kKiB, 1 * kMiB};
constexpr std::uint64_t kBlockQuick[] = {64, 1 * kKiB, 4 * kKiB, 64 * kKiB, 1 * kMiB};
constexpr std::uint64_t kBlockSmoke[] = {64, 4 * kKiB};
constexpr std::uint64_t kOffsetFull[] = {1 * kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB};
constexpr std::uint64_t kOffsetQuick[] = {4 * kKiB, 64 * kKiB};
constexpr std::uint64_t kOffsetSmoke[] = {4 * kKiB};
constexpr std::uint64_t kUnsized[] = {0};

constexpr sizes kHot{kHotSmoke, kHotQuick, kHotFull};
constexpr sizes kCold{kColdSmoke, kColdQuick, kColdFull};
constexpr sizes kBlock{kBlockSmoke, kBlockQuick, kBlockFull};
constexpr sizes kOffset{kOffsetSmoke, kOffsetQuick, kOffsetFull};
constexpr sizes kPipe{kOffsetSmoke, kOffsetQuick, kOffsetQuick};
constexpr sizes kAlways{kUnsized, kUnsized, kUnsized};
constexpr std::uint64_t kAppendFull[] = {4 * kKiB, 64 * kKiB, 1 * kMiB}, kAppendQuick[] = {4 * kKiB};
constexpr std::uint64_t kRecordFull[] = {64, 128, 1 * kKiB}, kRecordQuick[] = {128};
constexpr sizes kAppend{{}, kAppendQuick, kAppendFull};
constexpr sizes kRecord{{}, kRecordQuick, kRecordFull};
constexpr sizes kCopied{{}, kOffsetQuick, kOffsetFull};
constexpr sizes kFromQuick{{}, kUnsized, kUnsized};

// Larger operations would measure how long the kernel takes to find the memory, not what a copy costs.
constexpr std::uint64_t kSizeMax = 256 * kMiB;

struct entry {
  std::string_view name;
  detail::probe* run;  // null: it walks
  const sizes& shown;
  bool two_processors;
  std::string_view about;
  detail::walking_probe* walk = nullptr;
  bool sized() const { return shown.full[0] != 0; }
};

constexpr std::array kCatalogue{
    entry{"memcpy_hot", detail::memcpy_hot, kHot, false, "memcpy between two warm buffers at benign addresses"},
    entry{"memcpy_cold", detail::memcpy_cold, kCold, false,
          "memcpy between random places of a region far larger than the L2 cache"},
    entry{"memcpy_page_offset", detail::memcpy_page_offset, kOffset, false,
          "memcpy with the target 8 bytes past the source modulo the page, as an 8-byte header gives"},
    entry{"handle_move", detail::handle_move, kAlways, false,
          "a place and a size in two registers, and a turn of a loop: the least that an operation can be"},
    entry{"write_hot", detail::write_hot, kHot, false, "memset of a warm buffer"},
    entry{"read_hot", detail::read_hot, kHot, false,
          "reading every byte of a warm buffer, as a sum of 64-bit words in the widest vectors"},
    entry{"read_cold", detail::read_cold, kCold, false,
          "reading every byte at random places of a region far larger than the L2 cache"},
    entry{"malloc_free", detail::malloc_free, kBlock, false,
          "malloc, write of the first byte and free, one block at a time"},
    entry{"malloc_memcpy_free", nullptr, kBlock, false,
          "malloc, memcpy and free, one or `alive` blocks at a time, walking over `span` bytes: the floor of a copy",
          detail::malloc_memcpy_free},
    entry{"malloc_memcpy_read_free", nullptr, kCopied, false,
          "`alive` blocks copied as above, then all read, then all freed: the floor of copies for several readers",
          detail::malloc_memcpy_read_free},
    entry{"refcount_pair", detail::refcount_pair, kAlways, false,
          "atomic increment and decrement of a count that no other thread uses"},
    entry{"refcount_pair_2t", detail::refcount_pair_2t, kAlways, true,
          "the same while a second thread does it to the same count, for each thread"},
    entry{"atomic_exchange", detail::atomic_exchange, kAlways, false,
          "sequentially consistent exchange of a word that no other thread uses"},
    entry{"cache_line_round_trip", detail::cache_line_round_trip, kAlways, true,
          "one word there and back between two processors that both spin"},
    entry{"first_touch_anon", detail::first_touch_anon, kAlways, false,
          "first write to a 4 KiB page of private anonymous memory"},
    entry{"first_touch_memfd", detail::first_touch_memfd, kAlways, false,
          "first write to a 4 KiB page of a new shared memory file"},
    entry{"syscall", detail::system_call, kAlways, false, "getppid through syscall(): into the kernel and out again"},
    entry{"socketpair_round_trip", detail::socketpair_round_trip, kAlways, false,
          "one byte there and back through a Unix stream socket between two threads that block"},
    entry{"pipe_copy", detail::pipe_copy, kPipe, false,
          "write to a pipe and read from it in one thread: two copies by the kernel"},
    entry{"gather_break_even", detail::gather_break_even, kAlways, false,
          "a payload sent and received behind a head: of the size up to which copying it costs less than a part of its "
          "own"},
    entry{
        "write_fdatasync", detail::write_fdatasync, kFromQuick, false,
        "pwrite of 4 KiB over existing blocks and fdatasync, in the file system of the directory for temporary files"},
    entry{"overwrite_fdatasync", detail::overwrite_fdatasync, kAppend, false,
          "the same over bytes that are there, in the file system of the directory for temporary files"},
    entry{"append_fdatasync", detail::append_fdatasync, kAppend, false,
          "pwrite at the end of a file and fdatasync, in the file system of the directory for temporary files"},
    entry{"vector_append", detail::vector_append, kRecord, false,
          "push_back of a record into a fresh std::vector with room for all 32 MiB of them"},
};

const entry* find(std::string_view name) {
  const auto at = std::find_if(kCatalogue.begin(), kCatalogue.end(), [&](const entry& e) { return e.name == name; });
  return at == kCatalogue.end() ? nullptr : &*at;
}

std::span<const std::uint64_t> shown_at(const entry& e, depth how_deep) {
  switch (how_deep) {
    case depth::smoke:
      return e.shown.smoke;
    case depth::quick:
      return e.shown.quick;
    case depth::full:
      break;
  }
  return e.shown.full;
}

// Copies of 1 KiB out of ever more bytes: what a copy costs depends on how near they are.
constexpr std::uint64_t kWalked = 1 * kKiB;
constexpr std::uint64_t kSpanFull[] = {8 * kKiB, 64 * kKiB, 512 * kKiB, 4 * kMiB, 16 * kMiB, 64 * kMiB};
constexpr std::uint64_t kSpanQuick[] = {8 * kKiB, 64 * kKiB, 4 * kMiB};
std::span<const std::uint64_t> spans_at(depth how_deep) {
  if (how_deep == depth::smoke) return {};
  return how_deep == depth::quick ? std::span<const std::uint64_t>(kSpanQuick) : kSpanFull;
}

void require_walk(const entry& e, const limit_id& id) {
  if (id.alive == 0 && id.span == 0 && id.buffer == 0 && id.from == 0) return;
  const bool fits = e.walk != nullptr && id.alive <= kSizeMax / id.size && id.span <= kSizeMax &&
                    id.buffer <= kSizeMax && id.from <= kSizeMax - id.size;
  if (fits) return;
  throw std::invalid_argument("limit " + to_string(id) +
                              ": blocks that are alive at once, or bytes that are walked over, "
                              "are not measured for this one, or not so many");
}

void require_size(const entry& e, std::uint64_t size) {
  const bool cold = e.run == detail::memcpy_cold || e.run == detail::read_cold;
  const std::uint64_t low = e.sized() ? 1 : 0;
  const std::uint64_t high = !e.sized() ? 0 : cold ? detail::cold_size_max() : kSizeMax;
  if (size >= low && size <= high) return;
  const std::string expected = e.sized() ? "1 to " + std::to_string(high) + " bytes" : "no size";
  throw std::invalid_argument("limit " + std::string(e.name) + ": size " + std::to_string(size) + " given, " +
                              expected + " expected");
}

}  // namespace

std::string to_string(const limit_id& id) {
  std::string text = id.name;
  if (id.size != 0) text += "/size:" + std::to_string(id.size);
  if (id.alive != 0) text += "/alive:" + std::to_string(id.alive);
  if (id.span != 0) text += "/span:" + std::to_string(id.span);
  if (id.buffer != 0) text += "/buffer:" + std::to_string(id.buffer);
  if (id.from != 0) text += "/from:" + std::to_string(id.from);
  return text;
}

std::vector<limit_id> all(depth how_deep) {
  const bool two = detail::two_processors().has_value();
  std::vector<limit_id> shown;
  for (const entry& e : kCatalogue) {
    if (e.two_processors && !two) continue;
    for (const std::uint64_t size : shown_at(e, how_deep)) shown.push_back({std::string(e.name), size});
    if (e.walk != detail::malloc_memcpy_free) continue;
    for (const std::uint64_t span : spans_at(how_deep)) shown.push_back({std::string(e.name), kWalked, 0, span});
  }
  return shown;
}

bool known(std::string_view name) { return find(name) != nullptr; }

std::string_view about(std::string_view name) {
  const entry* e = find(name);
  return e ? e->about : std::string_view();
}

bool walks(std::string_view name) {
  const entry* e = find(name);
  return e != nullptr && e->walk != nullptr;
}

// Pages that are written for the first time, twice where something is copied.
double cost_ns(const limit_id& id, std::chrono::nanoseconds budget) {
  constexpr double kNsPerByte = 0.8;
  const double bytes = static_cast<double>(2 * id.size + std::max(id.span, id.alive * id.size));
  return static_cast<double>(budget.count()) + kNsPerByte * bytes;
}

std::string where(std::string_view name) {
  return name.ends_with("_fdatasync") ? detail::durable_place() : std::string();
}

sample measure(const limit_id& id, std::chrono::nanoseconds budget) {
  const entry* e = find(id.name);
  if (!e) throw std::invalid_argument("limit " + id.name + ": unknown, `copycost limits` shows the known ones");
  if (budget.count() <= 0) throw std::invalid_argument("limit " + id.name + ": a budget above zero is expected");
  require_size(*e, id.size);
  require_walk(*e, id);
  return e->walk != nullptr ? e->walk(id, budget) : e->run(id.size, budget);
}

void release() { detail::release_cold_region(); }

}  // namespace copycost::limits
