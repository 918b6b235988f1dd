// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/laws/draw.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <limits>

#include "harness/core/fault.h"

namespace copycost::event_store::properties {
namespace {

std::atomic<std::uint64_t> clock_now{0};

}  // namespace

sequence draw_checkpoint(const std::string& name, bounds b) {
  const sequence middle = b.first + b.count() / 2;
  return draw_one_of(name, {kStart, b.first - 1, b.first, b.first + 1, middle, b.end - 2, b.last(), b.end, b.end + 1,
                            b.first - 2, b.end + 1000, b.first - 1000, kStart - 1, kStart / 2, 0});
}

std::size_t draw_limit(const std::string& name, std::uint64_t size) {
  return static_cast<std::size_t>(draw_one_of(name, {kAll, 0, 1, 2, size / 2, size, size + 1, kAll - 1, kAll / 2}));
}

void set_clock(std::uint64_t ms) { clock_now.store(ms, std::memory_order_relaxed); }
std::uint64_t clock_ms() { return clock_now.load(std::memory_order_relaxed); }

store_options small_options() {
  store_options o;
  o.segment_bytes = 4096;
  o.event_bytes_max = 1024;
  o.memory_bytes_max = std::size_t{16} << 20;
  o.now_ms = &clock_ms;
  set_clock(1'700'000'000'000);
  return o;
}

store_options draw_options() {
  store_options o = small_options();
  constexpr sequence k32 = sequence{1} << 32, k63 = sequence{1} << 63;
  o.first = draw_one_of("first sequence", {0, 1, 7, k32 - 3, k63 - 2, kStart - 100'000});
  o.seed = draw_number("seed of ids", 0, 9);
  if (draw_number("larger segments", 0, 3) == 1) {
    o.segment_bytes = 8192;
    o.event_bytes_max = 2048;
  }
  return o;
}

home::home() : dir_("law", memory_folder()), path_(dir_.path().string()) {}

std::string_view entity_name(unsigned i) {
  static const std::string kAllNames[kNames] = {
      "a", "ab", "b", "abc", "item-1", "item-10", "item-100", "A", "a ", " a", std::string("a\0", 2),
      std::string("a\0b", 3), "\u00E9\u20AC\U0001F600", std::string(64, 'n') + "1", std::string(64, 'n') + "2",
      std::string(200, 'x'),
      // Pairs with the same 32 bits of a hash: wyhash's mixing step, the standard library's, FNV-1a.
      "item-11871", "item-95268", "item-44988", "item-51739", "item-352798", "item-1023240"};
  return kAllNames[i];
}

namespace {

std::string random_name(rng& random) {
  static const std::string kSome[] = {"", "", "", "x", "dep-7", std::string("z\0z", 3), "\u20AC", std::string(31, 's')};
  return kSome[random.below(std::size(kSome))];
}

std::size_t random_payload(rng& random, std::size_t base, const style& s) {
  const std::size_t room = s.record_max - base;
  std::size_t size = random.below(40);
  if (!s.small) switch (random.below(10)) {
      case 0:
        size = room;
        break;
      case 1:
        size = room - std::min<std::size_t>(room, random.below(10));
        break;
      case 2:
      case 3: {  // records of 64 to 1024 bytes with their pad: so many of them fill a segment exactly
        const std::size_t padded_size = std::size_t{64} << random.below(5);
        if (padded_size > base + 8) size = padded_size - base - random.below(8);
        break;
      }
      default:
        break;
    }
  if (random.below(8) == 0) size = 0;
  return std::min(size, room);
}

}  // namespace

owned_draft random_draft(rng& random, const style& s) {
  owned_draft d;
  d.what = static_cast<kind>(random.below(kKinds));
  static const char* const kOtherKinds[] = {"modified", "created", "renamed", "claimed"};  // names of the eleven too
  if (random.below(4) == 0) d.what = kind::other;
  if (d.what == kind::other) d.kind_name = kOtherKinds[random.below(std::size(kOtherKinds))];
  if (d.what != kind::worker_unhealthy || random.below(2) == 0)
    d.entity = entity_name(static_cast<unsigned>(random.below(s.names)));
  d.related = random_name(random);
  d.source = random_name(random);
  switch (random.below(6)) {
    case 0:
      d.time = std::numeric_limits<std::int64_t>::min();
      break;
    case 1:
      d.time = std::numeric_limits<std::int64_t>::max();
      break;
    default:
      d.time = static_cast<std::int64_t>(random.below(2000)) - 1000;
  }
  d.payload = random_bytes(random_payload(random, d.record_bytes(), s), random);
  return d;
}

std::vector<owned_draft> random_batch(rng& random, std::size_t events, const style& s) {
  std::vector<owned_draft> all;
  for (std::size_t i = 0; i < events; ++i) all.push_back(random_draft(random, s));
  return all;
}

std::size_t random_batch_size(rng& random) {
  switch (random.below(8)) {
    case 0:
    case 1:
      return 2 + random.below(4);
    case 2:
      return 8 + random.below(16);
    default:
      return 1;
  }
}

owned_draft event_of_number(std::uint64_t seed, std::uint64_t number, const style& s) {
  rng random(seed * 1'000'003 + number);
  owned_draft d = random_draft(random, s);
  d.time = static_cast<std::int64_t>(number);
  return d;
}

}  // namespace copycost::event_store::properties
