// SPDX-License-Identifier: Apache-2.0
// Goal: a design cannot promise for a workload that its system does not have, nor twice; families may promise for more
// than it offers.
#include "scenarios/common/register.h"

#include <string>

#include "property_tests/catch.h"

namespace copycost {
namespace {

struct work : workload_defaults {
  static constexpr workload_traits traits{.name = "work", .about = "some work"};
};
struct rare_work : workload_defaults {
  static constexpr workload_traits traits{.name = "rare_work", .about = "work that few designs offer"};
  template <class D>
  static constexpr bool offered = D::offers_it;
};
struct other_work {  // of another system, by a name that this one has, too
  static constexpr workload_traits traits{.name = "work", .about = "something else"};
};
struct offering {
  static constexpr bool offers_it = true;
};
struct lacking {
  static constexpr bool offers_it = false;
};

template <class W>
promise no_cost() {
  return promised<W>().exact().allocs(amounts::none).copied(amounts::none);
}
std::string why_not(std::vector<promise> all) {
  design_entry card;
  card.system = "s";
  card.name = "d";
  card.promises = std::move(all);
  try {
    check_promises<offering, work, rare_work>(card);
    return {};
  } catch (const failure& e) {
    return e.what();
  }
}

TEST_CASE("register: promises are of the system's workloads, each once") {
  CHECK(why_not({no_cost<work>(), no_cost<rare_work>()}).empty());
  CHECK(why_not({no_cost<work>(), no_cost<work>()}) == "s/d: work is promised twice");
  CHECK(why_not({no_cost<other_work>()}) == "s/d: work is promised, and is no workload of the system");
  promise by_hand = no_cost<work>();
  by_hand.of = nullptr;
  by_hand.workload = "wrok";
  CHECK(why_not({by_hand}) == "s/d: wrok is promised, and is no workload of the system");
}

TEST_CASE("register: of what a design does not offer nothing is promised") {
  design_entry card;
  card.promises = {no_cost<work>(), no_cost<rare_work>()};
  check_promises<offering, work, rare_work>(card);
  CHECK(card.promises.size() == 2);
  check_promises<lacking, work, rare_work>(card);
  REQUIRE(card.promises.size() == 1);
  CHECK(card.promises[0].workload == "work");
}

}  // namespace
}  // namespace copycost
