// SPDX-License-Identifier: Apache-2.0
//
// A stream through every design of ours, cut in two ways: all must see the same; and what one of them says again must be
// seen as it was said. Keeps its memory from input to input. Not thread-safe.
#pragma once
#include "impls/raft/arena/design.h"
#include "impls/raft/copy/design.h"
#include "impls/raft/slice/design.h"
#include "property_tests/fuzz/member.h"

namespace copycost::raft::fuzz {

class streams {
 public:
  void run(const plan& p, bytes_view data) {
    opinion_.begin();
    switch ((p.seed >> 1) % 3) {
      case 0: return led_by(slice_, p, data, copy_, arena_);
      case 1: return led_by(copy_, p, data, arena_, slice_);
      default: return led_by(arena_, p, data, slice_, copy_);
    }
  }

 private:
  // The leader reads it whole, with a second opinion; the others as the plan says.
  template <class Leader, class... Others>
  void led_by(Leader& leader, const plan& p, bytes_view data, Others&... others) {
    const arriving in(data, p.tail);
    leader.run(p, cutting::whole, in, &opinion_);
    const auto follows = [&](auto& other) {
      other.run(p, p.mode, in, nullptr);
      FUZZ_CHECK(other.seen() == leader.seen(), "two designs, or two ways to cut, see different things");
    };
    (follows(others), ...);
    said_.clear(), again_.clear();
    said_.note(leader.said().view()), again_.note(leader.again().view());
    leader.run(p, p.mode, arriving(again_.view(), 0), nullptr);
    FUZZ_CHECK(leader.said() == said_, "what was sent is not what was received");
    FUZZ_CHECK(leader.again() == again_, "sent twice, other bytes");
  }

  member<slice_design> slice_;
  member<copy_design> copy_;
  member<arena_design> arena_;
  second_opinion opinion_;
  journal said_, again_;
};

}  // namespace copycost::raft::fuzz
