// SPDX-License-Identifier: Apache-2.0
// Goal: what workloads are made of counts every operation once, in every role, and calls a loop's parts in their order.
#include "scenarios/common/workload.h"

#include <string>
#include <thread>
#include <vector>

#include "property_tests/catch.h"

namespace copycost {
namespace {

// Notes when it is opened and closed.
class noting_window final : public window {
 public:
  explicit noting_window(watching w, std::string& notes) : watches_(w), notes_(notes) {}
  unsigned role() const override { return 0; }
  watching watches() const override { return watches_; }
  void open() override { notes_ += "open "; }
  void close() override { notes_ += "close "; }
  void pause() override {}
  void resume() override {}
  std::int64_t due(std::uint64_t) override { return 0; }
  void done(std::uint64_t) override {}
  std::span<std::byte> payload(std::size_t, std::uint64_t) override { return {}; }
  void produced(std::span<const std::byte>) override {}
  void consumed(std::span<const std::byte>) override {}
  std::uint16_t epoch() const override { return 1; }
  int segment(std::size_t) override { return -1; }
  std::filesystem::path dir() override { return {}; }
  void fault_point(int) override {}
  void waiting() override {}
  digest& seen() override { return seen_; }
  std::uint64_t results() override { return results_of_one_role(seen_); }

 private:
  watching watches_;
  std::string& notes_;
  digest seen_;
};

struct plain_loop final : loop_episode<plain_loop> {
  plain_loop() : loop_episode({2, 10}) {}
  void setup(window&) override {}
  template <class See>
  void loop(See& see, window&, std::uint64_t n) {
    for (std::uint64_t i = 0; i < n; ++i) see.number(did() + i);
  }
};

struct loop_with_parts final : loop_episode<loop_with_parts> {
  explicit loop_with_parts(std::string& to) : loop_episode({0, 0}), notes(to) {}
  void setup(window&) override {}
  int ready(window&) {
    notes += "ready ";
    return 7;
  }
  template <class See>
  void loop(See&, window&, std::uint64_t n, int& of_this_role) {
    notes += "loop " + std::to_string(of_this_role) + " ";
    also({n, 3 * n});
  }
  template <class See>
  void look(See&) {
    notes += "look ";
  }
  std::string& notes;
};

TEST_CASE("workload kit: a loop counts its operations over all batches, and says what one of them handles") {
  std::string notes;
  noting_window w(watching::results, notes);
  plain_loop e;
  e.run(w, 0, 3);
  e.run(w, 0, 2);
  const tally t = e.finish(w);
  CHECK((t.ops == 5 && t.items == 10 && t.payload_bytes == 50));
  digest seen;
  for (std::uint64_t i = 0; i < 5; ++i) seen.add(i);
  CHECK(t.result == results_of_one_role(seen));
}

TEST_CASE("workload kit: operations that differ are added up as they were") {
  std::string notes;
  noting_window w(watching::cost, notes);
  loop_with_parts e(notes);
  e.run(w, 0, 4);
  const tally t = e.finish(w);
  CHECK((t.ops == 4 && t.items == 4 && t.payload_bytes == 12));
}

TEST_CASE("workload kit: ready, open, loop, close; the judge looks afterwards, and the clock does not") {
  std::string notes;
  loop_with_parts e(notes);
  noting_window timed(watching::cost, notes);
  e.run(timed, 0, 1);
  CHECK(notes == "ready open loop 7 close ");
  notes.clear();
  noting_window judged(watching::identity, notes);
  e.run(judged, 0, 1);
  CHECK(notes == "ready open loop 7 close look ");
}

TEST_CASE("workload kit: what roles did at the same time is counted once each", "[threads]") {
  struct counter final : counted_episode {
    counter() : counted_episode({1, 2}) {}
    void setup(window&) override {}
    void run(window&, unsigned, std::uint64_t n) override {
      for (std::uint64_t i = 0; i < n; ++i) did(1);
    }
  } e;
  std::string notes;
  noting_window w(watching::results, notes);
  std::vector<std::thread> roles;
  for (unsigned r = 0; r < 4; ++r) roles.emplace_back([&, r] { e.run(w, r, 10'000); });
  for (std::thread& r : roles) r.join();
  const tally t = e.finish(w);
  CHECK((t.ops == 40'000 && t.items == 40'000 && t.payload_bytes == 80'000));
}

TEST_CASE("workload kit: digests of roles are those that a window answers") {
  digest one, other, all;
  one.add(std::uint64_t{1});
  other.add(std::uint64_t{2});
  all.add(one.value());
  all.add(other.value());
  CHECK(results_of_roles({one.value(), other.value()}) == all.value());
  CHECK(results_of_equal_roles(one, 1) == results_of_one_role(one));
  CHECK(results_of_equal_roles(one, 2) == results_of_roles({one.value(), one.value()}));
  CHECK(results_of_equal_processes(one, 1) == results_of_one_role(one));
  CHECK(results_of_equal_processes(one, 2) == results_of_roles({results_of_one_role(one), results_of_one_role(one)}));
}

}  // namespace
}  // namespace copycost
