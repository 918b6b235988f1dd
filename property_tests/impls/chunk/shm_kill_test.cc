// SPDX-License-Identifier: Apache-2.0
//
// Killing: a process that holds, sends and receives chunks is killed at every single instruction, and at random moments
// while the survivor works too. Afterwards: what the survivor holds and what is on its way to it is intact and in use,
// and nothing else is.
#include <sys/ptrace.h>

#include <cstring>
#include <vector>

#include "harness/base/sanitizer.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/impls/chunk/shm_common.h"

using namespace copycost;
using namespace copycost::test;

namespace {

constexpr shm_options kSmall{shm_segment::kBytesMin, false};
constexpr unsigned kFromChild = 1;  // the ring on which role 1 sends

// A test that fails half way leaves no child behind, which could be stopped with the lock.
struct killed_in_the_end {
  ~killed_in_the_end() {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  pid_t child;
};

// --- at every instruction -------------------------------------------------------------------------------------------
// The child is stepped through its work. What a kill at some instruction leaves is what the segment contains before the
// instruction, and a process that is not there: so at each step at which the tables differ from the last, a copy of the
// segment without the child is examined. This is every kill there is, without a kill.

// Loan, publish, take, pass on, clone, release, leave; stops where the parent is to take what was sent.
int work_of_child(int fd) {
  ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  raise(SIGSTOP);
  {
    auto x = shm_context::attach(fd);
    if (!x) return 1;
    shm_link link(*x, fd, 1);
    shm_chunk c = written(*x, 50'000, 300);
    auto part = c.slice(16, 100);
    if (!part) return 2;
    if (!link.send(c.share()) || !link.send(std::move(*part))) return 2;
    c = shm_chunk();
    shm_chunk got = link.receive().value();
    auto half = got.slice(0, got.size() / 2);
    if (!half || !is_intact(*half)) return 3;
    if (!link.send(std::move(*half))) return 3;
    got = shm_chunk();
    auto own = x->copy({1, got.at().offset}, {});
    auto larger = written(*x, 70'000, 900);
    larger = written(*x, 80'000, 2000);
    x->intern("a name of the child's");
    raise(SIGSTOP);
    if (link.settle() != 0) return 4;
    larger = shm_chunk();
  }
  raise(SIGSTOP);
  return 0;
}

// Takes over the lock of a dead process, reclaims what that one held, and makes the lists anew for want of room.
int work_of_heir(int fd) {
  ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  raise(SIGSTOP);
  {
    auto x = shm_context::attach(fd);
    if (!x) return 1;
    x->reclaim();
    const shm_chunk c = written(*x, 10'000, 100),
                    none = written(*x, 20'000, slab_layout::of(shm_segment::kBytesMin).data_bytes);
    if (c.size() == 0 || none.size() != 0) return 2;
    raise(SIGSTOP);
    x->reclaim();
  }
  raise(SIGSTOP);
  return 0;
}

// Holds blocks, has sent messages, and dies with the lock.
int work_of_ancestor(int fd) {
  shm_context x(kSmall);
  shm_link link(x, fd, 1);
  const shm_chunk a = written(x, 30'000, 300), b = written(x, 40'000, 5000), c = link.receive().value();
  written(x, 0, 4000);
  if (!link.send(a.share()) || !link.send(c.share())) return 2;
  const slab::guard locked(x.memory());
  raise(SIGKILL);
  return 1;
}

struct survivor {
  shm_file file;
  shm_context x{kSmall};
  shm_link link{x, file.fd, 0};
  std::vector<shm_chunk> held;
  std::set<block_id> blocks;  // ours: held, or sent and not settled

  void take_all() {
    for (shm_chunk got = taken(link); got.size() > 0; got = taken(link)) keep(std::move(got));
  }
  void keep(shm_chunk c) {
    blocks.insert(block_of(c));
    held.push_back(std::move(c));
  }
};

// A copy of the survivor's segment in which only the survivor lives.
struct after_the_kill {
  explicit after_the_kill(const survivor& s) : alive(attached(s)), slot(s.x.memory().slot()) {
    REQUIRE(alive.claim(slot));
  }
  shm_segment attached(const survivor& s) {
    const auto& original = s.x.memory().segment();
    REQUIRE(pwrite(file.fd, original.base(), original.bytes(), 0) == static_cast<ssize_t>(original.bytes()));
    auto out = shm_segment::attach(file.fd);
    REQUIRE(out.ok());
    return std::move(out).value();
  }
  shm_file file;
  shm_segment alive;
  unsigned slot;
};

bool is_intact_there(slab& s, const block_message& m) {
  held_block b;
  s.hold({&m, 1}, {&b, 1});
  if (b.count == nullptr) return false;
  bool good = true;
  for (std::uint32_t i = 0; i < m.size; ++i) good = good && b.data[i] == byte_at(m.number + i);
  s.drop(*b.count);
  return good;
}

// What is wrong after a kill now; null when nothing is.
const char* fault_after_kill(const survivor& s) {
  const after_the_kill then(s);
  auto joined = shm_context::attach(then.file.fd);
  if (!joined) return "a new process cannot join";
  slab& memory = joined->memory();
  joined->reclaim();
  std::set<block_id> expected = s.blocks;
  add_in_flight(memory, kFromChild, expected);
  if (joined->used().blocks < expected.size()) return "something was freed that is still held";
  if (joined->used().blocks > expected.size()) return "something was leaked";
  for (const shm_chunk& c : s.held) {
    block_message m = s.x.memory().message(*c.owner().count(), c.view().data(), static_cast<std::uint32_t>(c.size()));
    m.number = c.at().offset;
    if (!is_intact_there(memory, m)) return "a survivor's bytes changed";
  }
  auto& ring = memory.queue(kFromChild);
  for (std::uint32_t i = 0; i < ring.in_flight(); ++i)
    if (!is_intact_there(memory, ring.read(ring.head + i))) return "a published message is not intact";
  if (written(*joined, 0, 1000).size() == 0) return "there is no room";
  then.alive.unclaim(then.slot);  // and now the survivor dies too
  joined->reclaim();
  if (!(joined->used() == slab::usage{})) return "something is in use and nobody lives";
  if (written(*joined, 0, 500'000).size() == 0) return "memory is lost";
  return nullptr;
}

}  // namespace

TEST_CASE("a process can be killed at any instruction", "[shm][kill]") {
  if (kThreadSanitized) {
    WARN("the thread sanitizer clears its shadow word by word, too much for single steps: not tested");
    return;
  }
  survivor s;
  s.keep(written(s.x, 1000, 700));
  s.keep(written(s.x, 2000, 2500));
  for (const shm_chunk& c : s.held) REQUIRE(s.link.send(c.share()).ok());
  const bool inherits = GENERATE(false, true);
  if (inherits) REQUIRE(run_child([&] { return work_of_ancestor(s.file.fd); }) == 1000 + SIGKILL);
  const pid_t child = start_child([&] { return inherits ? work_of_heir(s.file.fd) : work_of_child(s.file.fd); });
  const killed_in_the_end no_orphan{child};
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (!WIFSTOPPED(status)) {
    WARN("this machine does not let a test trace its child: not tested");
    return;
  }
  const std::size_t tables = slab_layout::of(shm_segment::kBytesMin).data;
  std::vector<std::byte> last(tables);
  unsigned steps = 0, states = 0, stops = 0;
  while (WIFSTOPPED(status)) {
    if (std::memcmp(last.data(), s.x.memory().segment().base(), tables) != 0) {
      std::memcpy(last.data(), s.x.memory().segment().base(), tables);
      ++states;
      if (const char* fault = fault_after_kill(s); fault != nullptr)
        FAIL("killed after " << steps << " instructions: " << fault);
    }
    if (WSTOPSIG(status) == SIGSTOP && ++stops == 2) s.take_all();
    if (WSTOPSIG(status) != SIGSTOP && WSTOPSIG(status) != SIGTRAP) break;
    REQUIRE(ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) == 0);
    REQUIRE(waitpid(child, &status, 0) == child);
    ++steps;
  }
  INFO(steps << " instructions, " << states << " different states");
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(stops == 3);
  CHECK(s.held.size() == (inherits ? 4 : 5));
  CHECK(states > 50);
  for (const shm_chunk& c : s.held) CHECK(is_intact(c));
}

// --- at random moments ----------------------------------------------------------------------------------------------

namespace {

constexpr std::uint64_t kSpan = 1'000'000;

// One random thing that a process does with its chunks. False: something that it read was wrong.
bool do_something(shm_context& x, shm_link& link, std::vector<shm_chunk>& held, rng& random) {
  const std::size_t k = held.empty() ? 0 : random.below(held.size());
  const bool may_send = !held.empty() && held[k].size() > 0 && link.settle() < kRingCapacity;
  bool sent = true;
  switch (random.below(held.size() > 12 ? 9 : 7)) {
    case 0:
    case 1:
      held.push_back(written(x, random.below(kSpan), random.below(8000)));
      break;
    case 2:
      held.push_back(taken(link));
      break;
    case 3:
      if (may_send) sent = link.send(held[k].share()).ok();
      break;
    case 4:
      if (may_send) sent = link.send(std::exchange(held[k], shm_chunk())).ok();
      break;
    case 5:
      if (auto part = held.empty() ? shm_chunk().slice(0, 0) : held[k].slice(held[k].size() / 4, held[k].size() / 2))
        held.push_back(std::move(*part));
      break;
    case 6:
      if (random.below(20) == 0) x.reclaim();
      break;
    default:
      std::swap(held[k], held.back());
      held.pop_back();
  }
  return sent && (held.empty() || is_intact(held.back()));
}

int work_until_killed(int fd, std::uint64_t seed) {
  shm_context x(kSmall);
  shm_link link(x, fd, 1);
  std::vector<shm_chunk> held;
  for (rng random(seed);;)
    if (!do_something(x, link, held, random)) return 3;
}

}  // namespace

TEST_CASE("a process can be killed at any moment while another one works", "[shm][kill]") {
  const unsigned kills = count_from("COPYCOST_KILLS", 150);
  const shm_file file;
  shm_context x(kSmall);
  {
    shm_link link(x, file.fd, 0);
    std::vector<shm_chunk> held;
    rng random(count_from("COPYCOST_SEED", 1));
    for (unsigned round = 0; round < kills; ++round) {
      INFO("kill " << round);
      const pid_t child = start_child([&] { return work_until_killed(file.fd, round); });
      const killed_in_the_end no_orphan{child};
      for (std::uint64_t left = random.below(400); left > 0; --left) REQUIRE(do_something(x, link, held, random));
      usleep(static_cast<useconds_t>(random.below(2000)));
      REQUIRE(kill_child(child) == 1000 + SIGKILL);
      for (shm_chunk got = taken(link); got.size() > 0; got = taken(link)) held.push_back(std::move(got));
      x.reclaim();
      link.settle();
      std::set<block_id> expected;
      add_in_flight(x.memory(), 0, expected);
      for (const shm_chunk& c : held) {
        REQUIRE(is_intact(c));
        if (c.owner().count() != nullptr) expected.insert(block_of(c));
      }
      REQUIRE(x.used().blocks == expected.size());
      if (held.size() > 40) held.resize(10);
    }
  }
  CHECK(x.used() == slab::usage{});
}
