// SPDX-License-Identifier: Apache-2.0
//
// Requests that wait for their answers: id -> completion, with a deadline each.
//
//   add    unique among those that wait, and not more than the limit
//   take   the answer came: the completion; or none, where the answer is late or answers no request: counted, dropped
//   expire the deadline passed: completions in the order of their deadlines
//
// Lifetime: owns completions.
// Threads: one at a time.
// Cost: a hash look-up and a node of an ordered tree a request; expire() looks at the earliest deadline only.
#pragma once
#include <cstring>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "scenarios/raft/wire/frame.h"

namespace copycost::raft {

template <class Completion>
class request_table {
 public:
  explicit request_table(std::size_t limit) : limit_(limit) {}

  // Errors: duplicate_request, too_many_requests; `completion` is moved from only on success.
  result<void> add(const request_id& id, Completion&& completion, std::int64_t deadline_ns) {
    if (waiting_.contains(id)) return error{errc::duplicate_request, 0, 0, 0};
    if (waiting_.size() >= limit_) return error{errc::too_many_requests, 0, limit_, waiting_.size() + 1};
    const auto due = deadlines_.emplace(deadline_ns, id);
    waiting_.emplace(id, request{std::move(completion), due});
    return {};
  }
  bool contains(const request_id& id) const { return waiting_.contains(id); }

  std::optional<Completion> take(const request_id& id) {
    const auto at = waiting_.find(id);
    if (at == waiting_.end()) {
      ++late_;
      return std::nullopt;
    }
    std::optional<Completion> out(std::move(at->second.completion));
    deadlines_.erase(at->second.due);
    waiting_.erase(at);
    return out;
  }

  // Calls f(id, Completion) for each that is due; f may add and take.
  template <class F>
  void expire(std::int64_t now_ns, F&& f) {
    while (!deadlines_.empty() && deadlines_.begin()->first <= now_ns) {
      ++expired_;
      hand_out(f);
    }
  }
  // As if all were due, but not counted as expired. REQUIRES: f adds none.
  template <class F>
  void clear(F&& f) {
    while (!deadlines_.empty()) hand_out(f);
  }

  std::optional<std::int64_t> next_deadline() const {
    if (deadlines_.empty()) return std::nullopt;
    return deadlines_.begin()->first;
  }
  std::size_t size() const { return waiting_.size(); }
  std::uint64_t late() const { return late_; }
  std::uint64_t expired() const { return expired_; }

 private:
  struct hash {
    std::size_t operator()(const request_id& id) const {
      std::uint64_t half[2];
      std::memcpy(half, id.bytes.data(), sizeof half);
      const std::uint64_t mixed = (half[0] ^ half[1] * 0x9E3779B97F4A7C15u) * 0xFF51AFD7ED558CCDu;
      return static_cast<std::size_t>(mixed ^ mixed >> 32);
    }
  };
  using deadlines = std::multimap<std::int64_t, request_id>;
  struct request {
    Completion completion;
    typename deadlines::iterator due;
  };
  template <class F>
  void hand_out(F& f) {
    const request_id id = deadlines_.begin()->second;
    const auto at = waiting_.find(id);
    Completion completion = std::move(at->second.completion);
    deadlines_.erase(deadlines_.begin());
    waiting_.erase(at);
    f(id, std::move(completion));
  }

  std::size_t limit_;
  std::unordered_map<request_id, request, hash> waiting_;
  deadlines deadlines_;
  std::uint64_t late_ = 0, expired_ = 0;
};

}  // namespace copycost::raft
