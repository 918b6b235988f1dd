// SPDX-License-Identifier: Apache-2.0
// Goal: what workloads say of themselves is true of the work that they do: limits are lower bounds, floors copy what a
// copying design copies, over as many bytes. Method: every cell of every system; prices that are written down here
// instead of measured; the promises of `copy`, which the ledger proves; and where a design that shares reads its
// payload.
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "harness/core/instrument.h"
#include "harness/core/registry.h"
#include "harness/core/stage.h"
#include "harness/ledger/witness/heap_payload.h"
#include "harness/limits/limits.h"
#include "property_tests/catch.h"
#include "property_tests/harness/stats/approx.h"
#include "property_tests/scenarios/declared_work.h"

namespace copycost {
namespace {

constexpr ownership kOwnerships[] = {ownership::unsaid, ownership::copies, ownership::counted, ownership::region};

// One cell for each workload and parameters, whichever design it is of.
std::vector<cell> groups() {
  std::map<std::string, cell> out;
  for (const profile p : {profile::smoke, profile::quick, profile::full, profile::soak})
    for (const cell& c : cells_of(p)) out.emplace(c.group(), c);
  std::vector<cell> all;
  for (const auto& [name, c] : out) all.push_back(c);
  return all;
}

// A machine on paper, in nanoseconds: near memory is quicker than far memory, and nothing is free.
double price(const limits::limit_id& id) {
  const auto size = static_cast<double>(id.size);
  const limits::walk w = id.size > 0 ? limits::walk_of(id) : limits::walk{};
  const auto span = static_cast<double>(w.buffers * w.buffer_bytes), alive = static_cast<double>(id.alive) * size;
  const double far = 1 + std::log2(1 + (span + alive) / 65536) / 8;  // up to twice as slow
  if (id.name == "handle_move") return 0.4;
  if (id.name == "read_hot") return 1 + size * 0.010;
  if (id.name == "write_hot") return 1 + size * 0.012;
  if (id.name == "memcpy_hot") return 2 + size * 0.015;
  if (id.name == "memcpy_cold") return 10 + size * 0.08;
  if (id.name == "malloc_free") return 10;
  if (id.name == "malloc_memcpy_free") return 12 + size * 0.015 * far;
  if (id.name == "malloc_memcpy_read_free") return 13 + size * 0.025 * far;
  if (id.name == "refcount_pair") return 4;
  if (id.name == "refcount_pair_2t") return 18;
  if (id.name == "atomic_exchange") return 2;
  if (id.name == "cache_line_round_trip") return 110;
  if (id.name == "syscall") return 150;
  if (id.name == "vector_append") return 3 + size * 0.35;  // pages that are touched for the first time
  if (id.name == "overwrite_fdatasync") return 100'000 + size * 0.3;
  if (id.name == "append_fdatasync") return 110'000 + size * 0.5;
  FAIL("no price for " << id.name);
  return 0;
}
double price(const limit_sum& sum) {
  double ns = 0;
  for (const limit_term& t : sum) ns += t.times * price(t.id());
  return ns;
}

std::string text(const limit_sum& sum) {
  std::string out;
  for (const limit_term& t : sum) {
    std::ostringstream one;
    if (t.times != 1) one << t.times << " x ";
    one << limits::to_string(t.id());
    out += (out.empty() ? "" : " + ") + one.str();
  }
  return out;
}

struct declared {
  const char* what;
  limit_sum sum;
};
std::vector<declared> all_of(const cell& c) {
  std::vector<declared> out = {{"limit", c.workload->limit(c.at)}, {"floor", c.workload->floor(c.at)}};
  for (const ownership o : kOwnerships) out.push_back({"reference", c.workload->reference(c.at, o)});
  return out;
}

TEST_CASE("bounds: every term is a known probe that can be asked what it is asked, a positive number of times") {
  for (const cell& c : groups())
    for (const auto& [what, sum] : all_of(c))
      for (const limit_term& t : sum) {
        INFO(c.group() << ": " << what << ": " << limits::to_string(t.id()));
        CHECK(limits::known(t.name));
        CHECK((std::isfinite(t.times) && t.times > 0));
        const bool walked = t.alive != 0 || t.span != 0 || t.buffer != 0 || t.from != 0;
        CHECK((!walked || limits::walks(t.name)));
        CHECK(t.size <= std::uint64_t{256} << 20);
        CHECK(price(t.id()) > 0);
      }
}

TEST_CASE("bounds: a limit is made of work that nobody is spared, whoever owns the bytes") {
  const std::set<std::string_view> kOwnerless = {
      "handle_move", "read_hot", "write_hot", "memcpy_hot", "syscall", "overwrite_fdatasync", "cache_line_round_trip"};
  for (const cell& c : groups())
    for (const limit_term& t : c.workload->limit(c.at)) {
      INFO(c.group() << ": " << t.name);
      CHECK(kOwnerless.contains(t.name));
    }
}

TEST_CASE("bounds: a limit is not above the floor of a copy, nor above what any way of owning costs at best") {
  int floors = 0, references = 0;
  for (const cell& c : groups()) {
    const limit_sum limit = c.workload->limit(c.at);
    for (const auto& [what, sum] : all_of(c)) {
      if (sum.empty() || std::string_view(what) == "limit") continue;
      INFO(c.group() << ": limit " << text(limit) << ", " << what << ' ' << text(sum));
      CHECK(price(limit) <= price(sum));
      (std::string_view(what) == "floor" ? floors : references) += 1;
    }
  }
  CHECK(floors > 50);
  CHECK(references > 150);
}

TEST_CASE("bounds: the limits of one cell of each workload, by hand") {
  std::set<std::string> found;
  for (const cell& c : groups())
    if (const auto at = copycost::declared::limits_by_hand().find(c.group());
        at != copycost::declared::limits_by_hand().end()) {
      INFO(c.group());
      CHECK(text(c.workload->limit(c.at)) == at->second);
      found.insert(c.group());
    }
  for (const auto& [name, limit] : copycost::declared::limits_by_hand()) {
    INFO(name);
    const bool peer_or_machine = name.find("threads") != std::string::npos;  // cells that some machines lack
    CHECK((found.contains(name) || peer_or_machine));
  }
}

// What the floor copies, and into how many blocks.
struct copied {
  double bytes = 0, blocks = 0;
};
copied copied_by(const limit_sum& floor) {
  copied all;
  for (const limit_term& t : floor) {
    all.bytes += t.times * static_cast<double>(t.size);
    all.blocks += t.times;
  }
  return all;
}
const promise* promise_of(const cell& c) {
  for (const promise& p : c.design->promises)
    if (p.workload == c.workload->traits.name) return &p;
  return nullptr;
}

TEST_CASE("bounds: a floor copies as many bytes into as many blocks as `copy` promises, and the ledger proves") {
  int compared = 0;
  std::set<std::string> seen;
  for (const profile p : {profile::quick, profile::full})
    for (const cell& c : cells_of(p)) {
      const limit_sum floor = c.workload->floor(c.at);
      const promise* kept = promise_of(c);
      if (kept != nullptr && kept->kind != bound::exact) continue;  // a bound is no figure to compare with
      if (c.design->name != "copy" || floor.empty() || kept == nullptr || !seen.insert(c.name()).second) continue;
      INFO(c.name() << ": " << text(floor));
      const copied by = copied_by(floor);
      CHECK(by.bytes == approx(kept->copied(c.at)));
      CHECK(by.blocks == approx(kept->allocs(c.at)));
      ++compared;
    }
  CHECK(compared > 60);
}

// Notes which payload bytes are used. Designs that share hand out the producer's own.
class touched_bytes final : public instrument {
 public:
  std::string_view kind() const override { return "touched"; }
  watching watches() const override { return watching::identity; }
  std::span<std::byte> lend_payload(std::size_t size) override { return payload_.lend(size); }
  void release_payloads() override { payload_.clear(); }
  void consumed(std::span<const std::byte> where) override { places_.emplace(where.data(), where.size()); }
  std::uint64_t distinct() const {
    std::uint64_t sum = 0;
    const std::byte* end = nullptr;
    for (const auto& [begin, size] : places_) {
      const std::byte* const from = end != nullptr && begin < end ? end : begin;
      if (begin + size > from) {
        sum += static_cast<std::uint64_t>(begin + size - from);
        end = begin + size;
      }
    }
    return sum;
  }

 private:
  heap_payload payload_;
  std::set<std::pair<const std::byte*, std::size_t>> places_;
};

TEST_CASE("bounds: a floor walks over as many distinct bytes as the workload, and cuts them where it does") {
  int compared = 0;
  for (const cell& c : cells_of(profile::full)) {
    const limit_sum floor = c.workload->floor(c.at);
    if (c.system->name != "chunk" || c.design->name != "slice" || floor.empty()) continue;
    if (c.workload->copied_cap(c.at) > 0) continue;  // a clone: what is read is not what was copied
    REQUIRE(floor.size() == 1);
    const limits::walk w = limits::walk_of(floor[0].id());
    const std::uint64_t walked = w.buffers * w.pieces * floor[0].size;
    if (w.buffers > 100'000) continue;  // a minute of payload; larger ones of the kind are there
    INFO(c.name() << ": " << text(floor));
    touched_bytes by;
    stage play(c, by);
    play.setup();
    for (int batch = 0; batch < 2; ++batch) play.run(std::max<std::uint64_t>(1, (w.buffers + 1) / 2));
    CHECK(by.distinct() == walked);  // the second batch goes on where the first one ended
    play.finish();
    ++compared;
  }
  CHECK(compared > 50);
}

}  // namespace
}  // namespace copycost
