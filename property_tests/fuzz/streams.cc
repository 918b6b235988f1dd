// SPDX-License-Identifier: Apache-2.0
#include "property_tests/fuzz/streams.h"

namespace copycost::raft::fuzz {

streams::streams() {
  for (const tested& t : designs()) members_.emplace_back(std::make_unique<member>(t));
}

void streams::run(const plan& p, bytes_view data) {
  const std::size_t n = members_.size(), first = p.seed % n, step = 1 + p.seed / n % (n - 1);
  const bool says_again = (p.seed & 0x40) != 0;
  member &leader = *members_[first], &other = *members_[(first + step) % n];
  member& third = *members_[(first + n - step) % n];
  const arriving in(data, p.tail);
  opinion_.begin();
  leader.run(p, cutting::whole, in, &opinion_, says_again);
  other.run(p, p.mode, in, nullptr, false);
  FUZZ_CHECK(other.seen() == leader.seen(), "two designs, or two ways to cut, see different things");
  if (!says_again) return;
  third.run(p, p.mode, arriving(leader.again().view(), 0), nullptr, true);
  FUZZ_CHECK(third.said() == leader.said(), "what was sent is not what was received");
  FUZZ_CHECK(third.again() == leader.again(), "two designs send different bytes");
}

}  // namespace copycost::raft::fuzz
