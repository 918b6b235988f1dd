// SPDX-License-Identifier: Apache-2.0
#include "harness/limits/limits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <stdexcept>
#include <system_error>

#include "harness/limits/placement.h"
#include "property_tests/catch.h"

using namespace copycost;
using limits::depth;
using limits::limit_id;
using std::chrono::milliseconds;

namespace {

std::set<std::string> texts(depth how_deep) {
  std::set<std::string> all;
  for (const limit_id& id : limits::all(how_deep)) all.insert(to_string(id));
  return all;
}

}  // namespace

TEST_CASE("each limit gives a positive, finite time") {
  for (const limit_id& id : limits::all(depth::quick)) {
    INFO(to_string(id));
    limits::sample s;
    try {
      s = limits::measure(id, milliseconds(20));
    } catch (const std::system_error& busy) {  // two threads that never met say so
      CHECK((id.name == "refcount_pair_2t" && busy.code() == std::errc::timed_out));
      continue;
    }
    CHECK(s.ns > 0);
    CHECK(std::isfinite(s.ns));
    CHECK(s.best_ns > 0);
    CHECK(s.best_ns <= s.ns);
    CHECK(s.bytes_per_second >= 0);
    CHECK(std::isfinite(s.bytes_per_second));
    const bool moves_bytes =
        (id.size > 0 && id.name != "malloc_free") || id.name == "write_fdatasync" || id.name == "gather_break_even";
    CHECK((s.bytes_per_second > 0) == moves_bytes);
    CHECK((s.bytes > 0) == (id.name == "gather_break_even"));  // a size that is an answer
  }
  limits::release();
}

TEST_CASE("a warm copy of 16 MiB is not faster than any memory") {
  constexpr double kTwoTerabytes = 2e12;
  CHECK(limits::measure({"memcpy_hot", 16u << 20}, milliseconds(10)).bytes_per_second < kTwoTerabytes);
  CHECK(limits::measure({"memcpy_cold", 1u << 20}, milliseconds(10)).bytes_per_second < kTwoTerabytes);
  limits::release();
}

TEST_CASE("nothing is measured to be faster than a processor can do anything") {
  // A tenth of a nanosecond is less than a cycle: the operation would have been optimised away.
  for (const char* name : {"refcount_pair", "atomic_exchange", "syscall"}) {
    INFO(name);
    CHECK(limits::measure({name, 0}, milliseconds(2)).ns > 0.1);
  }
  CHECK(limits::measure({"memcpy_hot", 16}, milliseconds(2)).ns > 0.1);
  CHECK(limits::measure({"read_hot", 4096}, milliseconds(2)).ns > 4096 / 1000.0);  // a kilobyte in a nanosecond
  CHECK(limits::measure({"malloc_free", 64}, milliseconds(2)).ns > 0.1);
}

TEST_CASE("sizes that no list shows can be measured too") {
  for (const limit_id& id :
       {limit_id{"memcpy_hot", 1}, limit_id{"memcpy_hot", 4097}, limit_id{"read_hot", 7},
        limit_id{"malloc_memcpy_free", 3}, limit_id{"malloc_memcpy_free", 300, 50}, limit_id{"pipe_copy", 100'001}}) {
    INFO(to_string(id));
    CHECK(limits::measure(id, milliseconds(2)).ns > 0);
  }
}

TEST_CASE("unknown names, impossible sizes and budgets are refused in one line that names them") {
  const auto message = [](const limit_id& id, std::chrono::nanoseconds budget) -> std::string {
    try {
      (void)limits::measure(id, budget);
      return "no exception";
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
  };
  CHECK(message({"memcpy_lukewarm", 64}, milliseconds(2)).find("memcpy_lukewarm") != std::string::npos);
  CHECK(message({"", 0}, milliseconds(2)).find("unknown") != std::string::npos);
  CHECK(message({"memcpy_hot", 0}, milliseconds(2)).find("size 0 given") != std::string::npos);
  CHECK(message({"memcpy_hot", std::uint64_t{1} << 40}, milliseconds(2)).find("expected") != std::string::npos);
  CHECK(message({"memcpy_cold", std::uint64_t{1} << 30}, milliseconds(2)).find("expected") != std::string::npos);
  CHECK(message({"refcount_pair", 64}, milliseconds(2)).find("no size expected") != std::string::npos);
  CHECK(message({"memcpy_hot", 64, 2}, milliseconds(2)).find("alive") != std::string::npos);
  CHECK(message({"memcpy_hot", 64, 0, 4096}, milliseconds(2)).find("span:4096") != std::string::npos);
  CHECK(message({"malloc_memcpy_free", 64, 0, std::uint64_t{1} << 40}, milliseconds(2)).find("span") !=
        std::string::npos);
  CHECK(message({"malloc_memcpy_free", 64, std::uint64_t{1} << 40}, milliseconds(2)).find("alive") !=
        std::string::npos);
  CHECK(message({"syscall", 0}, milliseconds(0)).find("budget") != std::string::npos);
}

TEST_CASE("every name is known, says what it is, and an unknown one says nothing") {
  for (const limit_id& id : limits::all(depth::full)) {
    INFO(id.name);
    CHECK(limits::known(id.name));
    CHECK(limits::about(id.name).size() > 20);
    CHECK(limits::about(id.name).find('\n') == std::string_view::npos);
  }
  CHECK_FALSE(limits::known("memcpy"));
  CHECK(limits::about("memcpy").empty());
}

TEST_CASE("each depth shows every limit once, and contains the shallower one") {
  const auto smoke = texts(depth::smoke), quick = texts(depth::quick), full = texts(depth::full);
  CHECK(smoke.size() == limits::all(depth::smoke).size());
  CHECK(quick.size() == limits::all(depth::quick).size());
  CHECK(full.size() == limits::all(depth::full).size());
  CHECK(std::includes(quick.begin(), quick.end(), smoke.begin(), smoke.end()));
  CHECK(std::includes(full.begin(), full.end(), quick.begin(), quick.end()));
  CHECK(smoke.size() < quick.size());
  CHECK(quick.size() < full.size());
}

TEST_CASE("limits are named as cells are") {
  CHECK(to_string(limit_id{"memcpy_hot", 4096}) == "memcpy_hot/size:4096");
  CHECK(to_string(limit_id{"malloc_memcpy_free", 256, 64}) == "malloc_memcpy_free/size:256/alive:64");
  CHECK(to_string(limit_id{"refcount_pair", 0}) == "refcount_pair");
  CHECK(to_string(limit_id{"malloc_memcpy_free", 1024, 0, 65536, 8192, 16}) ==
        "malloc_memcpy_free/size:1024/span:65536/buffer:8192/from:16");
}

TEST_CASE("a walk covers its span once, in order, and then begins anew") {
  const auto walked = [](const limit_id& id) {
    const limits::walk w = limits::walk_of(id);
    return std::array{w.buffers, w.buffer_bytes, w.pieces};
  };
  using three = std::array<std::uint64_t, 3>;
  CHECK(walked({"x", 100}) == three{1, 100, 1});                       // the same bytes again and again
  CHECK(walked({"x", 1024, 0, 65536}) == three{1, 65536, 64});         // one buffer, cut into pieces
  CHECK(walked({"x", 1024, 0, 65536, 16384}) == three{4, 16384, 16});  // four of them
  CHECK(walked({"x", 2048, 0, 4096, 0, 1024}) == three{1, 4096, 1});   // the middle half
  CHECK(walked({"x", 16, 0, 32 * 100, 32, 8}) == three{100, 32, 1});   // the middle halves of many
  CHECK(walked({"x", 256, 0, 1}) == three{1, 256, 1});                 // never fewer bytes than one operation has
}

TEST_CASE("with one processor, limits that need two are not shown and are refused") {
  const auto allowed = limits::detail::allowed_processors();
  REQUIRE_FALSE(allowed.empty());
  const limits::detail::pinned here(allowed.front());
  for (const char* name : {"refcount_pair_2t", "cache_line_round_trip"}) {
    INFO(name);
    CHECK(texts(depth::full).count(name) == 0);
    CHECK_THROWS_AS(limits::measure({name, 0}, milliseconds(2)), std::system_error);
  }
  CHECK(limits::measure({"socketpair_round_trip", 0}, milliseconds(2)).ns > 0);
}

TEST_CASE("a durable write says where it was measured, the others have no place") {
  CHECK(limits::where("write_fdatasync").find(" (") != std::string::npos);
  CHECK(limits::where("memcpy_hot").empty());
}
