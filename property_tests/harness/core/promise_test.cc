// SPDX-License-Identifier: Apache-2.0
// Goal: a promise that says a part twice, or not enough, does not compile; a family holds one promise a workload.
#include "harness/core/promise.h"

#include <string>
#include <type_traits>

#include "property_tests/catch.h"

namespace copycost {
namespace {

struct handle_moves {
  static constexpr workload_traits traits{.name = "handle_moves", .about = "moves handles"};
};
struct reads {
  static constexpr workload_traits traits{.name = "reads", .about = "reads", .payload = payload_use::read};
};
constexpr amount nothing = amounts::none, bytes = amounts::size;

template <class P>
concept takes_a_bound = requires(P p) {
  p.exact();
}
|| requires(P p) { p.at_most("why"); };
template <class P>
concept takes_allocs = requires(P p) {
  p.allocs(nothing);
}
|| requires(P p) { p.allocs_at_most(nothing, "why"); };
template <class P>
concept takes_copies = requires(P p) {
  p.copied(bytes);
};

constexpr auto begun = promised<reads>();
constexpr auto strict = begun.exact();
constexpr auto bounded = begun.at_most("a peer");
constexpr auto whole = strict.allocs(nothing).copied(bytes);

// A part is said once.
static_assert(takes_a_bound<decltype(begun)> && !takes_a_bound<decltype(strict)> && !takes_a_bound<decltype(bounded)>);
static_assert(takes_allocs<decltype(strict)> && !takes_allocs<decltype(whole)>);
static_assert(takes_copies<decltype(strict)> && !takes_copies<decltype(whole)>);
// It is a promise when it says how strict it is, what is allocated and what is copied.
static_assert(!std::is_convertible_v<decltype(begun), promise>);
static_assert(!std::is_convertible_v<decltype(strict), promise>);
static_assert(!std::is_convertible_v<decltype(strict.copied(bytes)), promise>);
static_assert(!std::is_convertible_v<decltype(begun.allocs(nothing).copied(bytes)), promise>);
static_assert(std::is_convertible_v<decltype(whole), promise>);

TEST_CASE("promise: its parts are what was said of the workload's type") {
  const promise p = promised<reads>()
                        .exact()
                        .allocs_at_most(amounts::one, "a segment now and then")
                        .copied(bytes)
                        .grows()
                        .retained_at_most(amounts::two)
                        .mapped(bytes, amounts::one);
  CHECK(p.workload == "reads");
  CHECK(p.of == &reads::traits);
  CHECK((p.kind == bound::exact && p.allocs_at_most && p.why == "a segment now and then"));
  CHECK((p.grows == growth::linear && p.retained_at_most));
  const params at{{"size", 7}};
  CHECK((p.allocs(at) == 1 && p.copied(at) == 7 && p.retained(at) == 2 && p.mapped(at) == 7 && p.syscalls(at) == 1));
  const promise q = promised<handle_moves>().at_most("two threads").allocs(nothing).copied(nothing);
  CHECK((q.kind == bound::at_most && q.why == "two threads" && q.grows == growth::constant && q.retained == nullptr));
}

std::string why(auto make) {
  try {
    (void)make();
    return "made";
  } catch (const failure& e) {
    return e.what();
  }
}

TEST_CASE("promise family: a design amends what is there, and a workload is promised once") {
  const promise moves = promised<handle_moves>().exact().allocs(nothing).copied(nothing);
  const promise read = promised<reads>().exact().allocs(nothing).copied(bytes);
  const promise_family family{moves, read};
  const std::vector<promise> own = family.amended({promised<reads>().exact().allocs(amounts::one).copied(bytes)});
  REQUIRE(own.size() == 2);
  CHECK(own[0].allocs == nothing);
  CHECK(own[1].allocs == static_cast<amount>(amounts::one));
  CHECK(why([&] { return promise_family{moves, moves}; }) == "promises.h: handle_moves is promised twice");
  CHECK(why([&] { return promise_family{moves}.amended({read}); }) ==
        "promises.h: reads amends a promise that its family does not make");
}

TEST_CASE("promise family: bounds and mappings of all, where a promise says nothing of its own") {
  const promise_family family{promised<handle_moves>().exact().allocs(nothing).copied(nothing),
                              promised<reads>().at_most("own").allocs(nothing).copied(bytes).mapped(bytes)};
  const std::vector<promise> mapped = family.with_mappings(amounts::one, amounts::two, "a region");
  CHECK((mapped[0].mapped == static_cast<amount>(amounts::one) && mapped[0].why == "a region"));
  CHECK((mapped[1].mapped == bytes && mapped[1].why == "own"));
  CHECK(mapped[1].syscalls == static_cast<amount>(amounts::two));
  for (const promise& p : std::vector<promise>(family.at_most("a peer")))
    CHECK((p.kind == bound::at_most && p.why == "a peer"));
}

constexpr workload_traits kPlain{.name = "w", .about = "a workload"};
constexpr workload_traits with(auto change) {
  workload_traits t = kPlain;
  change(t);
  return t;
}
static_assert(why_not(kPlain).empty());
static_assert(!why_not(workload_traits{.name = "w", .about = ""}).empty());
static_assert(!why_not(with([](workload_traits& t) { t.with = beside::kernel; })).empty());  // and nothing is read

TEST_CASE("workload traits: what cannot be said of one workload is refused with a sentence") {
  workload_traits t = kPlain;
  t.payload = payload_use::read;
  t.with = beside::kernel;
  CHECK(why_not(t).empty());
  t.shows = shown_time::processor;
  CHECK(why_not(t) == "processor time leaves out what a role waits for in the kernel");
  t = kPlain;
  t.ops = op_kind::heavy;
  CHECK(why_not(t).empty());
  t.with = beside::allocator;
  CHECK(why_not(t) == "a launch does one heavy operation, and none on another allocator");
}

TEST_CASE("shape: somebody is timed, and where roles meet nothing is exact") {
  CHECK(why_not(shape{}).empty());
  CHECK(why_not(shape{.threads = 0}) == "a stage has a role");
  CHECK(why_not(shape{.threads = 2, .scenery = 2}) == "scenery alone is not timed");
  CHECK(why_not(shape{.threads = 2, .processes = 2, .scenery = 1}) ==
        "scenery shares its process with those that are timed");
  CHECK(shape{}.exact());
  CHECK_FALSE(shape{.threads = 2}.exact());
  CHECK_FALSE(shape{.processes = 2}.exact());
  CHECK_FALSE(shape{.cost = op_cost::varies}.exact());
}

}  // namespace
}  // namespace copycost
