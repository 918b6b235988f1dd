// SPDX-License-Identifier: Apache-2.0
//
// Replay: the events behind a checkpoint that fit a filter, one after the other, of a snapshot of any design, with
// progress, and a way to stop at a known place.
//
//   log       | e e e e e e e e e e e e |       of the snapshot
//               ^ after    ^ checkpoint()       stopped here: replay_request::after of the next replay
//
// What cannot be is an error: a checkpoint that is not there (never "everything"), a filter with an entity that has no
// event in the store (never nothing), and a filter whose times exclude each other.
//
// Lifetime: the snapshot outlives the call.
// Threads: the snapshot's.
// Cost: each event behind the checkpoint is looked at once, in steps, so that a design that copies what it reads holds
// one step only; with one entity in the filter only the events of that entity are (the design's index). No allocation
// beside the design's lists.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "scenarios/event_store/contract.h"
#include "scenarios/event_store/record/filter.h"

namespace copycost::event_store {

struct replay_progress {
  std::uint64_t done = 0, total = 0;  // events of the log behind the checkpoint: passed, and all of them
  sequence at = 0;                    // the last that was passed
};

struct replay_request {
  sequence after = kStart;  // exclusive
  filter wanted;
  std::uint64_t every = 1000;  // events of the log between two calls of progress; at least 1
  // Called when so many more have been passed, and once when all have; false stops the replay. May be empty.
  std::function<bool(const replay_progress&)> progress;
  std::size_t step = 4096;  // events of a read; at least 1
};

struct replayed {
  std::uint64_t applied = 0;     // events that fitted
  sequence checkpoint = kStart;  // where a replay goes on that follows this one; kStart only where the store was empty
  bool whole = true;             // false: it was stopped
};

// Errors: bad_options (got: 1 `every`, 2 `step`), invalid_filter.
result<void> check_request(const replay_request& r);

// When to report progress: pure arithmetic. Threads: a value.
class pacer {
 public:
  pacer(const replay_request& r, sequence from, sequence end) : request_(&r), from_(from), end_(end) {}
  // The event at `seq` was passed; false: stop here.
  bool passed(sequence seq) {
    const std::uint64_t done = seq - from_ + 1;
    if (done - told_ < request_->every || done == end_ - from_) return true;
    told_ = done - done % request_->every;
    return tell(done, seq);
  }
  // All were passed.
  void finished() const { tell(end_ - from_, end_ - 1); }

 private:
  bool tell(std::uint64_t done, sequence at) const {
    return !request_->progress || request_->progress({done, end_ - from_, at});
  }
  const replay_request* request_;
  sequence from_, end_;
  std::uint64_t told_ = 0;
};

namespace detail {

// What a visitor of events says: void, bool (false: stop) or result<void> (an error ends the replay).
template <class F>
result<bool> applied(F& f, const event_view& e) {
  using answer = std::invoke_result_t<F&, const event_view&>;
  if constexpr (std::is_void_v<answer>) {
    f(e);
    return true;
  } else if constexpr (std::is_same_v<answer, bool>) {
    return f(e);
  } else {
    const result<void> done = f(e);
    if (!done.ok()) return done.error();
    return true;
  }
}

// Whether every entity of the filter is there.
template <class Snapshot>
result<void> check_entities(const Snapshot& s, const filter& wanted) {
  for (const std::string& name : wanted.entities)
    if (const auto known = s.read_entity(name, kStart, 0); !known.ok()) return known.error();
  return {};
}

}  // namespace detail

// Calls `apply` with each event that fits, in order. `apply` answers nothing, bool (false: this was the last one), or
// result<void>, whose error ends the replay and is answered.
// Errors: checkpoint_not_found, entity_not_found (of the filter), invalid_filter, bad_options; those of `apply`.
template <class Snapshot, class Apply>
result<replayed> replay(const Snapshot& s, const replay_request& r, Apply apply) {
  if (const auto fine = check_request(r); !fine.ok()) return fine.error();
  const bounds there = s.range();
  const auto from = behind(r.after, there);
  if (!from.ok()) return from.error();
  if (const auto known = detail::check_entities(s, r.wanted); !known.ok()) return known.error();
  const bool by_entity = r.wanted.entities.size() == 1;
  replayed out{.checkpoint = from.value() - 1};
  pacer pace(r, from.value(), there.end);
  std::optional<error> failed;
  const auto look = [&](const event_view& e) {
    if (r.wanted.matches(e)) {
      const auto more = detail::applied(apply, e);
      if (!more.ok()) {
        failed = more.error();
        return false;
      }
      ++out.applied;
      out.whole = more.value();
    }
    out.checkpoint = e.seq();
    out.whole = pace.passed(e.seq()) && out.whole;
    return out.whole;
  };
  while (out.whole && out.checkpoint + 1 != there.end) {
    const auto part =
        by_entity ? s.read_entity(r.wanted.entities[0], out.checkpoint, r.step) : s.read(out.checkpoint, r.step);
    if (!part.ok()) return part.error();
    if (part->size() == 0) break;  // of the entity there is nothing more
    part->for_each(look);
    if (failed) return *failed;
  }
  if (!out.whole) return out;
  out.checkpoint = there.end - 1;
  pace.finished();
  return out;
}

}  // namespace copycost::event_store
