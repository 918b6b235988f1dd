// SPDX-License-Identifier: Apache-2.0
//
// What the workloads of all systems are made of: episodes that count what they did, and the digests of roles that an
// oracle answers.
//
//   counted_episode   counts operations, items and payload bytes, and answers their tally
//   loop_episode<E>   the same, and runs the loop of E in every role:
//
//     setup(w)    ready(w)    w.open()    loop(see, w, n[, what ready() answered])    w.close()    look(see)    did(n)
//                                         '------------------ timed ------------'
//
// Lifetime: as the seam says of episodes.
// Threads: did() and also() are safe.
// Cost: one call a batch lies between open() and close() beside the loop; nothing is virtual there.
#pragma once
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include "harness/core/observe.h"
#include "harness/core/seam.h"

namespace copycost {

// The digest of a process whose roles have seen these, in the order of the roles, as window::results() computes it.
inline std::uint64_t results_of_roles(std::initializer_list<std::uint64_t> roles) {
  digest all;
  for (const std::uint64_t one : roles) all.add(one);
  return all.value();
}
inline std::uint64_t results_of_one_role(const digest& seen) { return results_of_roles({seen.value()}); }
// The same of so many roles that have all seen the same.
inline std::uint64_t results_of_equal_roles(const digest& seen, std::uint64_t roles) {
  digest all;
  for (std::uint64_t i = 0; i < roles; ++i) all.add(seen.value());
  return all.value();
}
// The same of so many processes, each with one such role.
inline std::uint64_t results_of_equal_processes(const digest& seen, std::uint64_t processes) {
  digest one;
  one.add(seen.value());
  return processes == 1 ? one.value() : results_of_equal_roles(one, processes);
}

// What one operation handles.
struct handled {
  std::uint64_t items = 1, payload_bytes = 0;
};

class counted_episode : public episode {
 public:
  tally finish(window& w) override {
    const std::uint64_t ops = ops_;
    return {ops, ops * each_.items + items_, ops * each_.payload_bytes + payload_bytes_, w.results()};
  }

 protected:
  explicit counted_episode(handled each) : each_(each) {}
  // Operations that were done until now, by all roles of this process.
  std::uint64_t did() const { return ops_.load(std::memory_order_relaxed); }
  void did(std::uint64_t n) { ops_.fetch_add(n, std::memory_order_relaxed); }
  // What operations handled beyond `each`, where they differ.
  void also(handled more) {
    items_.fetch_add(more.items, std::memory_order_relaxed);
    payload_bytes_.fetch_add(more.payload_bytes, std::memory_order_relaxed);
  }

 private:
  handled each_;
  std::atomic<std::uint64_t> ops_{0}, items_{0}, payload_bytes_{0};
};

// E derives from loop_episode<E> and has a public
//   template <class See> void loop(See& see, window& w, std::uint64_t n);             n operations
// or, with a ready() of its own,
//   template <class See> void loop(See& see, window& w, std::uint64_t n, Ready& of_this_role);
template <class E>
class loop_episode : public counted_episode {
 public:
  void run(window& w, unsigned, std::uint64_t n) override {
    E& self = static_cast<E&>(*this);
    const auto batch = [&](auto&... of_this_role) {
      observed(w, [&](auto& see) {
        w.open();
        self.loop(see, w, n, of_this_role...);
        w.close();
        if constexpr (!std::is_same_v<std::decay_t<decltype(see)>, cost_observer>) self.look(see);
      });
    };
    if constexpr (std::is_void_v<decltype(self.ready(w))>) {
      self.ready(w);
      batch();
    } else {
      auto of_this_role = self.ready(w);
      batch(of_this_role);
    }
    did(n);
  }

  // What is done before each batch, untimed; what it answers lives until the batch has ended.
  void ready(window&) {}
  // What the judge looks at after each batch. Not called by the clock.
  template <class See>
  void look(See&) {}

 protected:
  using counted_episode::counted_episode;
};

}  // namespace copycost
